import { type Deployment, decideDeployments } from '../../dag/deployment.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { deployedDags } from '../dag/deployed-dags.ts';
import { localDags } from '../dag/local-dags.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { type TableLayout, tableText } from '../tables.ts';
import { withTemporal } from '../with-temporal.ts';

export type DagListFlags = ConfigFlags & { readonly json?: boolean };

/** What the server has of a DAG. by hand: it has no schedule to deploy; no file: only the server knows it. */
type State = 'deployed' | 'paused' | 'differs' | 'not deployed' | 'by hand' | 'no file';

type ListedDag = Pick<DagSpec, 'dagId' | 'schedule' | 'tags'> & {
  readonly file?: string;
  readonly timezone?: string;
  readonly state: State;
  readonly paused: boolean;
  /** When its schedule fires next. */
  readonly next?: string;
};

/**
 * `ferry dag list`: the DAGs of the files and those of the server. Files that cannot be used are told on stderr; then it
 * exits 2.
 */
export function dagList(flags: DagListFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async ({ config, temporal }) => {
    const { taskQueue } = config.temporal;
    const { dags, problems } = await localDags(config);
    const local = dags.map(({ spec }) => spec);
    const ids = local.map(({ dagId }) => dagId);
    const deployed = await deployedDags(temporal, taskQueue, ids);
    const deployments = decideDeployments({
      local,
      deployed,
      taskQueue,
      // Whoever lists need not have the key: signatures are taken as they are.
      signature: ({ dagId }) => deployed.find((each) => each.dagId === dagId)?.schedule?.signature,
      prune: false,
      now: new Date().toISOString(),
    });
    const listed = deployments.map((deployment): ListedDag => {
      const found = dags.find(({ spec }) => spec.dagId === deployment.dagId);
      const had = deployed.find(({ dagId }) => dagId === deployment.dagId);
      const { schedule, timezone, tags } = found?.spec ?? had?.schedule?.spec ?? { tags: [] };
      return {
        dagId: deployment.dagId,
        ...(found === undefined ? {} : { file: found.file }),
        ...(schedule === undefined ? {} : { schedule, timezone }),
        state: stateOf(deployment, found !== undefined),
        paused: had?.paused ?? false,
        ...(had?.next === undefined ? {} : { next: had.next }),
        tags,
      };
    });
    for (const { path, message } of problems) io.err.stream.write(`${io.err.colors.red('✗')} ${path}: ${message}\n`);
    if (flags.json === true) writeJson(io, { schemaVersion: 1, dags: listed, problems });
    else if (listed.length === 0) io.out.stream.write(`There is no DAG in ${config.dags.folder}.\n`);
    else io.out.stream.write(`${listText(listed, { columns: io.out.columns(), colors: io.out.colors })}\n`);
    return problems.length === 0 ? EXIT.all : EXIT.some;
  });
}

function stateOf({ action, paused }: Deployment, hasFile: boolean): State {
  if (!hasFile) return 'no file';
  if (action === 'create') return 'not deployed';
  if (action === 'by-hand') return 'by hand';
  if (action === 'update' || action === 'remove') return 'differs';
  return paused || action === 'unpause' ? 'paused' : 'deployed';
}

/** Columns that would be empty are left out. */
function listText(listed: readonly ListedDag[], layout: TableLayout): string {
  const rows = listed.map(({ dagId, schedule = '', timezone = 'UTC', state, next = '', tags }) => [
    dagId,
    timezone === 'UTC' ? schedule : `${schedule} ${timezone}`,
    state,
    next,
    tags.join(', '),
  ]);
  const head = ['dag', 'schedule', 'state', 'next run', 'tags'];
  const filled = head.flatMap((_, column) => (rows.some((row) => row[column] !== '') ? [column] : []));
  const pick = (cells: readonly string[]) => filled.map((column) => cells[column] ?? '');
  return tableText(pick(head), rows.map(pick), layout);
}
