import { beyondDates } from './decide-interval.ts';
import { intervals, lastCompleteInterval } from './interval.ts';
import type { DagSpec, DataInterval } from './spec.ts';
import { timetableOf } from './timetable.ts';

/**
 * The intervals that are complete and that no firing to come is for. newest: only the last one, of a DAG without catchup.
 * all: those that start in [from, to], for a backfill, the last of which ends at `end`; `count` is left out where they are
 * more than are worth counting.
 */
export type CatchUp =
  | { readonly kind: 'newest'; readonly interval: DataInterval }
  | { readonly kind: 'all'; readonly from: string; readonly to: string; readonly end: string; readonly count?: number };

const COUNTED = 10_000;

/**
 * What a DAG owes when its schedule begins, or goes on: with catchup every interval since startDate, or since `fired`, the
 * end of the last one that has had its run; without, the newest. Airflow does the same when a DAG is switched on.
 * undefined: nothing.
 */
export function catchUpOf(
  spec: Pick<DagSpec, 'schedule' | 'timezone' | 'startDate' | 'endDate' | 'catchup'>,
  now: string,
  fired?: string,
): CatchUp | undefined {
  const { schedule, timezone, startDate, catchup } = spec;
  if (schedule === undefined) return undefined;
  const timetable = timetableOf(schedule, timezone);
  const newest = lastCompleteInterval(timetable, now);
  if (fired !== undefined && Date.parse(newest.end) <= Date.parse(fired)) return undefined;
  if (!catchup) return beyondDates(spec, newest) === undefined ? { kind: 'newest', interval: newest } : undefined;
  const owed: DataInterval[] = [];
  for (const interval of intervals(timetable, fired ?? startDate ?? newest.start, newest.start)) {
    if (beyondDates(spec, interval) === 'endDate' || owed.length > COUNTED) break;
    if (beyondDates(spec, interval) === undefined) owed.push(interval);
  }
  const [first, last] = [owed[0], owed.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (owed.length > COUNTED) return { kind: 'all', from: first.start, to: newest.start, end: newest.end };
  return { kind: 'all', from: first.start, to: last.start, end: last.end, count: owed.length };
}
