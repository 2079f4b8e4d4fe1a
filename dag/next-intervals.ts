import { beyondDates } from './decide-interval.ts';
import { intervals, lastCompleteInterval } from './interval.ts';
import type { DagSpec, DataInterval } from './spec.ts';
import { timetableOf } from './timetable.ts';

const END_OF_TIME = '9999-12-31T00:00:00Z';

/** The next intervals that a DAG's schedule will have run, at most `count`: each when it ends. None without a schedule. */
export function nextIntervals(
  spec: Pick<DagSpec, 'schedule' | 'timezone' | 'startDate' | 'endDate'>,
  now: string,
  count: number,
): readonly DataInterval[] {
  if (spec.schedule === undefined) return [];
  const timetable = timetableOf(spec.schedule, spec.timezone);
  const current = lastCompleteInterval(timetable, now).end;
  const from =
    spec.startDate !== undefined && Date.parse(spec.startDate) > Date.parse(current) ? spec.startDate : current;
  const next: DataInterval[] = [];
  for (const interval of intervals(timetable, from, END_OF_TIME)) {
    if (next.length === count || beyondDates(spec, interval) === 'endDate') break;
    next.push(interval);
  }
  return next;
}
