import { skipReason } from '../../dag/backfill.ts';
import { asOneSync, type OneSync } from '../../dag/one-sync.ts';
import type { BackfillDagInput } from '../../dag/run.ts';
import { runThatCounts } from '../../dag/run-memory.ts';
import type { DagSpec, DataInterval } from '../../dag/spec.ts';
import { commandLine } from '../command-lines.ts';
import { countText } from '../quantities.ts';
import { tableText } from '../tables.ts';
import type { KnownRuns } from './interval-row.ts';
import type { ReportLayout } from './tell-work.ts';

/** What a backfill would do, were it started now. */
export type BackfillPlan = {
  readonly schemaVersion: 1;
  readonly dagId: string;
  readonly from: string;
  readonly to: string;
  /** Intervals of the range; `runs` of them would be run. */
  readonly total: number;
  readonly runs: number;
  readonly intervals: readonly { readonly interval: DataInterval; readonly runs: boolean; readonly reason?: string }[];
  /** One sync that copies the same as all the runs. */
  readonly oneSync?: OneSync;
};

const SHOWN = 40;

/** `known`: in the order in which the backfill would run them. */
export function backfillPlan(
  spec: DagSpec,
  { from, to, rerun }: Pick<BackfillDagInput, 'from' | 'to' | 'rerun'>,
  known: readonly KnownRuns[],
  now = new Date(),
): BackfillPlan {
  const intervals = known.map(({ interval, open, records }) => {
    const counts = runThatCounts(records.map(({ outcome }) => outcome));
    const reason =
      open === undefined
        ? skipReason(rerun, { interval, known: counts }, now)
        : `${open.state} now: ${open.workflowId}`;
    return reason === undefined ? { interval, runs: true } : { interval, runs: false, reason };
  });
  const runs = intervals.filter((each) => each.runs);
  const oneSync = asOneSync(
    spec,
    runs.map(({ interval }) => interval),
  );
  return {
    schemaVersion: 1,
    dagId: spec.dagId,
    from,
    to,
    total: intervals.length,
    runs: runs.length,
    intervals,
    ...(oneSync === undefined ? {} : { oneSync }),
  };
}

export function backfillPlanReport(plan: BackfillPlan, { columns, colors, program }: ReportLayout): string {
  const { dagId, from, to, total, runs, intervals, oneSync } = plan;
  const rows = intervals
    .slice(0, SHOWN)
    .map(({ interval, reason = '', ...each }) => [interval.start, each.runs ? 'would run' : 'left out', reason]);
  const head = `${colors.bold(dagId)}  ${from} to ${to}: ${countText(runs, 'run')} of ${countText(total, 'interval')}; nothing was started.`;
  return [
    head,
    ...(rows.length === 0 ? [] : [tableText(['interval', '', ''], rows, { columns, colors })]),
    ...(total > SHOWN ? [`and ${total - SHOWN} more intervals`] : []),
    ...(oneSync === undefined ? [] : ['One sync copies the same:', `  ${syncCommand(oneSync, program)}`]),
  ].join('\n');
}

function syncCommand({ table, source, target, where }: OneSync, program: string): string {
  const sides = [
    ...(source === undefined ? [] : ['--source', source]),
    ...(target === undefined ? [] : ['--target', target]),
  ];
  return commandLine(program, ['sync', table, ...sides, '--where', where]);
}
