import type { BackfillInterval, BackfillOutcome } from '../../dag/run.ts';
import { BACKFILL_DAG } from '../../workflows/dag-messages.ts';
import { commandLine } from '../command-lines.ts';
import { EXIT } from '../exit-code.ts';
import { cut } from '../progress.ts';
import type { Drawing } from '../progress-display.ts';
import { countText } from '../quantities.ts';
import { tableText } from '../tables.ts';
import { type Marked, markOf } from './state-marks.ts';
import type { ReportLayout, WorkKind } from './tell-work.ts';

const SHOWN_LIVE = 10;

/** How a backfill is shown while it goes on: its counts, and the intervals that run or failed. */
export const BACKFILL_DRAWING: Drawing<BackfillOutcome> = {
  lines: (outcome, columns, colors) => [
    cut(headOf(outcome), columns),
    ...outcome.intervals
      .filter(({ state }) => state === 'running' || state === 'failed')
      .slice(-SHOWN_LIVE)
      .map((row) => `  ${markOf(markedOf(row), colors)} ${cut(rowText(row), columns - 4)}`),
  ],
  logLine: (outcome, at) => `${at.toISOString().slice(11, 19)} ${headOf(outcome)}`,
  phase: ({ counts }) => JSON.stringify(counts),
};

const EXITS: Readonly<Record<BackfillOutcome['outcome'], number>> = {
  complete: EXIT.all,
  'nothing-to-do': EXIT.all,
  partial: EXIT.some,
  failed: EXIT.none,
  cancelled: EXIT.cancelled,
  running: EXIT.unknown,
};

/** Backfills, for the commands that start or follow them. */
export const BACKFILL: WorkKind<BackfillOutcome, BackfillOutcome> = {
  query: BACKFILL_DAG.progress,
  drawing: BACKFILL_DRAWING,
  outcomeOf: (view) => (view.outcome === 'running' ? undefined : view),
  report: (outcome, _view, layout) => backfillReport(outcome, layout),
  exitOf: ({ outcome }) => EXITS[outcome],
};

/** How a backfill ended, for people: each interval, and the command that runs the failed ones again. */
export function backfillReport(outcome: BackfillOutcome, { columns, colors, program }: ReportLayout): string {
  const { dagId, from, to, intervals, counts, outcome: kind } = outcome;
  const color = kind === 'complete' || kind === 'nothing-to-do' ? colors.green : colors.red;
  const rows = [...intervals]
    .sort((one, other) => Date.parse(one.interval.start) - Date.parse(other.interval.start))
    .map(({ interval, state, workflowId = '', reason = workflowId }) => [interval.start, state, reason]);
  const lines = [`${headOf(outcome)}  ${color(kind)}`];
  if (rows.length > 0) lines.push(tableText(['interval', 'state', ''], rows, { columns, colors }));
  const unshown = Object.values(counts).reduce((sum, count) => sum + count, 0) - rows.length;
  if (unshown > 0) lines.push(`and ${countText(unshown, 'more interval')}`);
  const failed = (counts.failed ?? 0) + (counts.cancelled ?? 0) + skippedFailures(intervals);
  if (failed > 0) {
    const again = ['dag', 'backfill', dagId, '--from', from, '--to', to, '--rerun', 'failed'];
    lines.push(`To run those again that did not succeed: ${commandLine(program, again)}`);
  }
  return lines.join('\n');
}

/** 'orders_daily  2026-11-01 to 2026-11-03: 2 success, 1 running, 4 to come' */
function headOf({ dagId, from, to, counts, total, outcome }: BackfillOutcome): string {
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  const left = total - Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (left > 0) parts.push(`${left} ${outcome === 'running' ? 'to come' : 'not started'}`);
  return `${dagId}  ${from} to ${to}: ${parts.length === 0 ? 'no interval' : parts.join(', ')}`;
}

/** Intervals that were left as an earlier run ended them, which was not well. */
function skippedFailures(intervals: readonly BackfillInterval[]): number {
  return intervals.filter(({ state, reason = '' }) => state === 'skipped' && /^(failed|cancelled) before/.test(reason))
    .length;
}

function markedOf({ state }: BackfillInterval): Marked {
  return state === 'nothing-to-do' ? 'skipped' : state;
}

function rowText({ interval, state, reason = '' }: BackfillInterval): string {
  return `${interval.start}  ${state}${reason === '' ? '' : `  ${reason}`}`;
}
