import type { BackfillDagInput, BackfillInterval, BackfillOutcome } from '../dag/run.ts';
import { markdownText, table } from './current-details.ts';

/** What a backfill has come to, as plain JSON. */
export type BackfillState = {
  readonly dagId: string;
  readonly total: number;
  readonly counts: BackfillOutcome['counts'];
  readonly intervals: readonly BackfillInterval[];
};

const SHOWN = 200;
const SHOWN_ROWS = 20;
const STAYS: readonly BackfillInterval['state'][] = ['running', 'failed', 'cancelled'];

/** An interval was started, skipped, or has ended. */
export function withInterval(state: BackfillState, row: BackfillInterval): BackfillState {
  const place = state.intervals.findIndex(({ interval }) => interval.start === row.interval.start);
  const before = state.intervals[place]?.state;
  const counts = new Map(Object.entries(state.counts));
  if (before !== undefined) counts.set(before, (counts.get(before) ?? 1) - 1);
  counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
  const intervals = place < 0 ? [...state.intervals, row] : state.intervals.with(place, row);
  return {
    ...state,
    counts: Object.fromEntries([...counts].filter(([, count]) => count > 0)),
    intervals: intervals.length <= SHOWN ? intervals : shorter(intervals),
  };
}

/** Leaves out the oldest of those that need no look. */
function shorter(intervals: readonly BackfillInterval[]): readonly BackfillInterval[] {
  const quiet = intervals.findIndex(({ state }) => !STAYS.includes(state));
  const settled = quiet >= 0 ? quiet : intervals.findIndex(({ state }) => state !== 'running');
  return intervals.toSpliced(settled, 1);
}

export function backfillOutcome(
  { from, to }: Pick<BackfillDagInput, 'from' | 'to'>,
  state: BackfillState,
  ended: 'ended' | 'cancelled' | 'running',
): BackfillOutcome {
  const { success = 0, failed = 0, cancelled = 0 } = state.counts;
  const done =
    failed + cancelled > 0 ? (success > 0 ? 'partial' : 'failed') : success > 0 ? 'complete' : 'nothing-to-do';
  return { schemaVersion: 1, from, to, outcome: ended === 'ended' ? done : ended, ...state };
}

/** '2026-11-01 to 2026-11-03: 2 success, 1 failed, 4 to come' */
export function backfillText({ dagId, from, to, counts, total }: BackfillOutcome): string {
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  const left = total - Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (left > 0) parts.push(`${left} to come`);
  return `${dagId}, ${from} to ${to}: ${parts.length === 0 ? 'no interval' : parts.join(', ')}`;
}

/** The Markdown of a backfill's current details. */
export function backfillDetails(outcome: BackfillOutcome): string {
  const rows = outcome.intervals
    .slice(-SHOWN_ROWS)
    .map(({ interval, state, reason = '' }) => [interval.start, state, reason]);
  const head = `**${markdownText(backfillText(outcome))}**`;
  return rows.length === 0 ? head : `${head}\n\n${table(['interval', 'state', ''], rows)}`;
}
