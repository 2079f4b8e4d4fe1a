import { CODES, type Code } from '../errors/codes.ts';
import type { PartitionStory } from './ledger.ts';
import type { Ending, FileRef, NodeResult, Outcome, OutcomeKind, PartitionFailure, ResolvedSpec } from './outcome.ts';
import { labelOf, mustLoad, type PlannedPartition } from './plan.ts';
import { shortText } from './short-texts.ts';

/** What lies on the target when a run ends. */
export type RunFacts = {
  readonly plan?: FileRef;
  readonly ledger?: string;
  readonly partitions: readonly PlannedPartition[];
  readonly stories: ReadonlyMap<string, PartitionStory>;
  readonly endedAt: Date;
  /** Snapshots that could not be deleted, each with why; left out: none. */
  readonly snapshotsKept?: readonly string[];
};

const MOST_FAILURES = 100;
const MOST_SNAPSHOTS = 20;
/** Characters; the file of all failures has them whole. */
const LONGEST_MESSAGE = 600;
const UNREACHED = 'it was not reached';

/**
 * All partitions that are not as the run wanted them, with why. What a run that ended early did not reach is blamed on
 * why it ended, or left out when it was cancelled; an end that kept no partition from its turn stands first, by itself.
 */
export function outcomeFailures(facts: RunFacts, ending: Ending): readonly PartitionFailure[] {
  const told = partitionFailures(facts, ending);
  const { failure } = ending;
  if (!failure || told.some(({ code, message }) => code === failure.code && message === failure.message)) return told;
  return [{ partition: '(the run)', code: failure.code, message: failure.message, hint: failure.hint }, ...told];
}

function partitionFailures(
  { partitions, stories }: RunFacts,
  { failure, cancelled }: Ending,
): readonly PartitionFailure[] {
  return partitions.flatMap((planned) => {
    const one = failureOf(planned, stories.get(planned.name));
    if (one === undefined) return [];
    if (one.message !== UNREACHED) return [one];
    if (failure) return [{ ...one, code: failure.code, message: failure.message, hint: failure.hint }];
    return cancelled ? [] : [one];
  });
}

const MOST_NAMES = 20;

/** The selection for people; an outcome stays small. */
export function selectionOf({ partitions, where }: Pick<ResolvedSpec, 'partitions' | 'where'>): string {
  const filter = where === undefined ? '' : ` where ${where}`;
  if (partitions === undefined) return where === undefined ? 'all partitions' : `partitions${filter}`;
  if ('last' in partitions) return `the last ${partitions.last} partitions${filter}`;
  const rest = partitions.length - MOST_NAMES;
  return partitions.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function failureOf(planned: PlannedPartition, story: PartitionStory | undefined): PartitionFailure | undefined {
  const named = (code: Code, message: string): PartitionFailure => ({
    partition: labelOf(planned.name),
    code,
    message,
    hint: CODES[code].hint,
  });
  if (planned.finding === 'diverged')
    return named('TARGET_DIVERGED', planned.reason ?? 'it was changed by other hands');
  if (planned.finding === 'source-absent') return named('SOURCE_ABSENT', `there is no folder at ${planned.from}`);
  if (story?.unregistered !== undefined) return named('CATALOG_CONFLICT', story.unregistered);
  if (story?.landed || story?.present || story?.pruned) return undefined;
  if (!mustLoad(planned) && planned.finding !== 'extra') return undefined;
  if (story?.failed) return named(story.failed.code, story.failed.message);
  return named('INTERNAL', UNREACHED);
}

/**
 * Folds what the plan, the ledger and the run itself know into the outcome. Pure: test/unit/sync/make-outcome.test.ts is
 * its table of cases.
 */
export function outcomeOf(spec: ResolvedSpec, facts: RunFacts, ending: Ending, failuresPath?: string): Outcome {
  const { partitions, stories, snapshotsKept = [] } = facts;
  const all = outcomeFailures(facts, ending);
  const failures = partitionFailures(facts, ending);
  const count = (test: (planned: PlannedPartition, story: PartitionStory | undefined) => unknown) =>
    partitions.filter((planned) => test(planned, stories.get(planned.name))).length;
  // What the catalog does not show is not whole, whatever lies on the target.
  const shown = (story: PartitionStory | undefined) => story?.unregistered === undefined;
  const whole = {
    unchanged: count(
      (planned, story) =>
        shown(story) &&
        !story?.landed &&
        (story?.present || (!mustLoad(planned) && (planned.finding === 'unchanged' || planned.finding === 'register'))),
    ),
    published: count((_, story) => shown(story) && story?.landed),
  };
  const mended = count(isMended);
  const pruned = count((_, story) => story?.pruned);
  const counts = {
    selected: partitions.length,
    ...whole,
    diverged: count((planned) => planned.finding === 'diverged'),
    failed: failures.filter((failure) => failure.code !== 'TARGET_DIVERGED').length,
    // What a cancelled run did not get to, and what was too young.
    skipped: partitions.length - whole.unchanged - whole.published - failures.length - pruned,
    pruned,
  };
  const folded = [...stories.values()];
  const sum = (field: 'filesCopied' | 'filesReused' | 'bytesCopied') =>
    folded.reduce((total, story) => total + story[field], 0);
  const seconds = (facts.endedAt.getTime() - Date.parse(ending.startedAt)) / 1000;
  return {
    schemaVersion: 1,
    workflowId: spec.workflowId,
    runId: spec.runId,
    ...(spec.uiUrl !== undefined && { uiUrl: spec.uiUrl }),
    source: spec.source.cluster,
    target: spec.target.cluster,
    table: `${spec.target.database}.${spec.target.table}`,
    selection: selectionOf(spec),
    outcome: kindOf(counts, mended, all.length, ending),
    partitions: counts,
    files: { copied: sum('filesCopied'), reused: sum('filesReused') },
    bytes: { copied: sum('bytesCopied') },
    nodes: ending.nodes,
    ...(mended > 0 && { attributesMended: mended }),
    ...(snapshotsKept.length > 0 && {
      snapshotsKept: snapshotsKept.slice(0, MOST_SNAPSHOTS).map((kept) => shortText(kept, LONGEST_MESSAGE)),
    }),
    drift: ending.table?.drift ?? [],
    failures: all
      .slice(0, MOST_FAILURES)
      .map((failure) => ({ ...failure, message: shortText(failure.message, LONGEST_MESSAGE) })),
    ...(failuresPath !== undefined && !isToldWhole(all) && { failuresPath }),
    ...(facts.plan && { plan: facts.plan }),
    ...(facts.ledger !== undefined && { ledger: facts.ledger }),
    rounds: ending.rounds,
    startedAt: ending.startedAt,
    endedAt: facts.endedAt.toISOString(),
    seconds: Math.round(seconds * 10) / 10,
  };
}

function isToldWhole(failures: readonly PartitionFailure[]): boolean {
  return failures.length <= MOST_FAILURES && failures.every(({ message }) => message.length <= LONGEST_MESSAGE);
}

/** What a run neither settled nor failed at: it ended before. A pruned partition was settled. */
export function untried({ selected, ...settled }: Outcome['partitions']): number {
  const { unchanged, published, diverged, failed, skipped, pruned } = settled;
  return selected - unchanged - published - diverged - failed - skipped - pruned;
}

/** Its attributes were mended, by this attempt or one that was cut off before it could tell; not where all were refused. */
function isMended({ attributesDiffer }: PlannedPartition, story: PartitionStory | undefined): boolean {
  if (attributesDiffer === undefined || story?.present === undefined) return false;
  const { attributesSet = 0, notHandedOn = [] } = story.present;
  return attributesSet > 0 || notHandedOn.length === 0;
}

function kindOf(counts: Outcome['partitions'], mended: number, failures: number, ending: Ending): OutcomeKind {
  if (ending.cancelled) return 'cancelled';
  if (ending.failure?.beforeAnyByte && counts.published === 0) return 'refused';
  if (failures === 0 && !ending.failure) {
    const altered = ending.table !== undefined && (ending.table.created || ending.table.drift.length > 0);
    return altered || counts.published + counts.pruned + mended > 0 ? 'complete' : 'nothing-to-do';
  }
  return counts.published + counts.unchanged > 0 ? 'partial' : 'failed';
}

/** For the ending of a run. One row a node: its first round says how much it was given, its rounds together what it used. */
export function foldNodes(results: readonly NodeResult[]): Outcome['nodes'] {
  const byIndex = new Map<number, Outcome['nodes'][number]>();
  for (const result of results) {
    const before = byIndex.get(result.index);
    byIndex.set(result.index, {
      index: result.index,
      partitions: before?.partitions ?? result.partitions,
      files: (before?.files ?? 0) + result.files.copied,
      bytes: (before?.bytes ?? 0) + result.bytes.copied,
      peakMemoryBytes: Math.max(before?.peakMemoryBytes ?? 0, result.peakMemoryBytes),
      budgetBytes: result.budgetBytes,
    });
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}
