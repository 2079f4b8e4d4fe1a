import { FerryError } from '../errors/ferry-error.ts';
import { shown } from '../sync/problems.ts';
import { formatMoment, MOMENT_NOUN, momentOrDayEnd, momentOrDayStart, parseMoment } from './moment.ts';
import type { DataInterval } from './spec.ts';
import { fireAfter, fireBefore, firesAt, type Timetable } from './timetable.ts';

/**
 * The data intervals of a timetable, as Airflow's CronDataIntervalTimetable has them: the run that fires at T is about
 * [the time it fired before, T). They tile: each one starts where the one before it ends, also where clocks are moved.
 * Moments are RFC 3339 texts; what is none is SPEC_INVALID.
 */

/** The interval of the run that fires at a moment; undefined: none does. */
export function intervalEndingAt(timetable: Timetable, moment: string): DataInterval | undefined {
  const end = momentOf(moment);
  return firesAt(timetable, end) ? interval(fireBefore(timetable, end), end) : undefined;
}

/** The interval that starts at a moment; undefined: none does. */
export function intervalStartingAt(timetable: Timetable, moment: string): DataInterval | undefined {
  const start = momentOf(moment);
  return firesAt(timetable, start) ? interval(start, fireAfter(timetable, start)) : undefined;
}

/** The newest interval that has ended by then: what a run that is started by hand is about. */
export function lastCompleteInterval(timetable: Timetable, now: string): DataInterval {
  const end = fireBefore(timetable, momentOf(now) + 1);
  return interval(fireBefore(timetable, end), end);
}

export function nextInterval(timetable: Timetable, { end }: DataInterval): DataInterval {
  const start = momentOf(end);
  return interval(start, fireAfter(timetable, start));
}

export function previousInterval(timetable: Timetable, { start }: DataInterval): DataInterval {
  const end = momentOf(start);
  return interval(fireBefore(timetable, end), end);
}

/**
 * The intervals that start in [from, to], both inclusive, in order. Either may be a date in the timetable's zone: `from`
 * its first moment, `to` the last one.
 */
export function* intervals(timetable: Timetable, from: string, to: string): Generator<DataInterval, void> {
  const first = momentOrDayStart(from, timetable.timezone) ?? notAMoment(from);
  const last = momentOrDayEnd(to, timetable.timezone) ?? notAMoment(to);
  let start = fireAfter(timetable, first - 1);
  while (start <= last) {
    const end = fireAfter(timetable, start);
    yield interval(start, end);
    start = end;
  }
}

function interval(start: number, end: number): DataInterval {
  return { start: formatMoment(start), end: formatMoment(end) };
}

function momentOf(text: string): number {
  return parseMoment(text) ?? notAMoment(text);
}

function notAMoment(text: string): never {
  throw new FerryError('SPEC_INVALID', `${shown(text)} is not ${MOMENT_NOUN}`);
}
