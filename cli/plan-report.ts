import { statementsOf } from '../hive/statements.ts';
import { type Load, loadOf, totalOf } from '../sync/nodes.ts';
import type { PartitionCounts } from '../sync/outcome.ts';
import { labelOf, mustLoad, mustRegister, type Plan, type PlannedPartition } from '../sync/plan.ts';
import type { PlannedCalls } from '../sync/plan-calls.ts';
import type { PlanSpace } from '../sync/plan-space.ts';
import type { Preview } from '../sync/preview-sync.ts';
import { costLines } from './plan-cost-report.ts';
import { type NodeLoad, nodeLoads, nodesText } from './plan-nodes-report.ts';
import { bytesText, countText } from './quantities.ts';
import { tableText } from './tables.ts';
import type { Colors } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** More partitions than this are not listed: the largest of them, and where the others are told. */
const LISTED = 50;
const LARGEST = 20;

export type PlanLayout = {
  readonly columns: number;
  readonly colors: Colors;
  /** Every partition, not only those that something happens to. */
  readonly all: boolean;
};

/** The document of `ferry plan --json`. */
export type PlanDocument = {
  readonly schemaVersion: 1;
  readonly source: string;
  readonly target: string;
  readonly table: string;
  readonly location: string;
  readonly strategy: Plan['strategy'];
  readonly work: boolean;
  readonly counts: PartitionCounts;
  readonly files: number;
  readonly bytes: number;
  /** What each virtual node would load, most first; their numbers are those of the run. */
  readonly nodes: readonly NodeLoad[];
  /** About how often either namenode would be asked. */
  readonly calls: PlannedCalls;
  /** What the run holds at its peak on the target, and the quotas it has to fit into. */
  readonly space: PlanSpace;
  /** What is to be known of the clusters before it begins: 'catalog of b: HiveServer2 only, slower'. */
  readonly notes: readonly string[];
  /** HiveQL of what would be done to the target table itself. */
  readonly statements: readonly string[];
  readonly partitions: readonly Pick<
    PlannedPartition,
    'name' | 'finding' | 'reason' | 'attributesDiffer' | 'from' | 'live' | 'files' | 'bytes'
  >[];
};

/** True when a sync would copy, register or drop something, or change the target table. */
export function hasWork({ partitions, changes }: Pick<Plan, 'partitions' | 'changes'>): boolean {
  return changes.length > 0 || partitions.some((planned) => mustLoad(planned) || mustRegister(planned.finding));
}

export function planDocument({ plan, space, calls }: Preview): PlanDocument {
  const { spec, location, strategy, counts, partitions } = plan;
  return {
    schemaVersion: 1,
    source: spec.source.cluster,
    target: spec.target.cluster,
    table: `${spec.target.database}.${spec.target.table}`,
    location,
    strategy,
    work: hasWork(plan),
    counts,
    ...toCopy(partitions),
    nodes: nodeLoads(plan),
    calls,
    space,
    notes: plan.notes ?? [],
    statements: statements(plan),
    partitions: partitions.map(({ name, finding, reason, attributesDiffer, from, live, files, bytes }) => ({
      name,
      finding,
      ...(reason === undefined ? {} : { reason }),
      ...(attributesDiffer === undefined ? {} : { attributesDiffer }),
      from,
      live,
      files,
      bytes,
    })),
  };
}

/** What a person reads before a byte moves. */
export function planReportText(preview: Preview, { columns, colors, all }: PlanLayout): string {
  const { plan } = preview;
  const { spec, partitions, location, strategy } = plan;
  const listed = partitions.filter((planned) => all || planned.finding !== 'unchanged' || mustLoad(planned));
  const shown = all || listed.length <= LISTED ? listed : largest(listed);
  const below = (text: string) => wrapped(text, columns, '  ');
  const [source, target] = [spec.source.cluster, spec.target.cluster];
  return [
    ...wrapped(
      `${spec.target.database}.${spec.target.table}, ${source} -> ${target}: ${verdict(plan)}`,
      columns,
      '',
    ).map((line) => colors.bold(line)),
    ...below(selectedText(plan)),
    ...below(`published by ${strategy}, in ${location}`),
    ...(plan.notes ?? []).flatMap(below),
    // Whole lines, so that they can be copied.
    ...statements(plan).map((statement) => `  ${statement.split('\n').join('\n  ')};`),
    ...nodesText(plan),
    ...(hasWork(plan) ? costLines(preview, { source, target }).flatMap(below) : []),
    ...(shown.length > 0 ? [partitionsText(shown, columns, colors)] : []),
    ...(shown.length < listed.length
      ? wrapped(
          `and ${countText(listed.length - shown.length, 'smaller partition')}; --all lists them, --json and --out tell of each`,
          columns,
          '',
        )
      : []),
  ].join('\n');
}

function selectedText({ counts, partitions }: Plan): string {
  const { files, bytes } = toCopy(partitions);
  const registered = partitions.filter(({ finding }) => finding === 'register').length;
  const absent = partitions.filter(({ finding }) => finding === 'source-absent').length;
  const parts = [
    `${counts.toCopy} to copy (${countText(files, 'file')}, ${bytesText(bytes)})`,
    `${counts.unchanged - registered} unchanged`,
    ...(registered > 0 ? [`${registered} to register`] : []),
    ...(counts.attributes === undefined ? [] : [`${counts.attributes} with other attributes`]),
    ...(counts.diverged > 0 ? [`${counts.diverged} diverged`] : []),
    ...(counts.toPrune > 0 ? [`${counts.toPrune} to drop`] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} too young`] : []),
    ...(absent > 0 ? [`${absent} without a folder on the source`] : []),
  ];
  return `${countText(counts.selected, 'partition')} selected: ${parts.join(', ')}`;
}

function largest(partitions: readonly PlannedPartition[]): readonly PlannedPartition[] {
  return [...partitions].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST);
}

/** A partition that diverged is left alone by a sync, but is not as the source has it. */
function verdict(plan: Plan): string {
  const { toCopy, toPrune, diverged, attributes = 0 } = plan.counts;
  const parts = [
    ...(toCopy > 0 ? [`${countText(toCopy, 'partition')} to copy`] : []),
    ...(attributes > 0 ? [`attributes of ${countText(attributes, 'partition')} to mend`] : []),
    ...(toPrune > 0 ? [`${countText(toPrune, 'partition')} to drop`] : []),
  ];
  const todo = !hasWork(plan)
    ? 'nothing to do'
    : parts.length > 0
      ? parts.join(', ')
      : 'nothing to copy, metadata to refresh';
  return diverged > 0 ? `${todo}, ${countText(diverged, 'partition')} diverged and left alone` : todo;
}

function partitionsText(partitions: readonly PlannedPartition[], columns: number, colors: Colors): string {
  const rows = partitions.map(({ name, finding, reason, attributesDiffer, files, bytes }) => [
    labelOf(name),
    attributesDiffer === undefined ? finding : attributesFinding(finding),
    String(files),
    bytesText(bytes),
    reason ?? (attributesDiffer === undefined ? '' : `in ${countText(attributesDiffer, 'path')}`),
  ]);
  const reasons = rows.some((row) => row[4] !== '');
  const head = ['partition', 'finding', 'files', 'bytes', ...(reasons ? ['why'] : [])];
  return tableText(
    head,
    rows.map((row) => row.slice(0, head.length)),
    { columns, colors, right: [2, 3] },
  );
}

/** The files are in place, and their attributes are not the source's. */
function attributesFinding(finding: PlannedPartition['finding']): string {
  return finding === 'unchanged' ? 'attributes changed' : `${finding}, attributes changed`;
}

function toCopy(partitions: readonly PlannedPartition[]): Load {
  return totalOf(partitions.map(loadOf));
}

function statements({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) => statementsOf(change));
}
