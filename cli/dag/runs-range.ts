import { beyondDates, type IntervalDates, intervalsOf } from '../../dag/decide-interval.ts';
import {
  intervalEndingAt,
  intervalStartingAt,
  lastCompleteInterval,
  nextInterval,
  previousInterval,
} from '../../dag/interval.ts';
import { formatMoment, MOMENT_NOUN, momentOrDayEnd, momentOrDayStart } from '../../dag/moment.ts';
import type { DagSpec, DataInterval } from '../../dag/spec.ts';
import { type Timetable, timetableOf } from '../../dag/timetable.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { shown } from '../../sync/problems.ts';

/** Dates or moments, both inclusive, of interval starts. */
export type Range = { readonly from?: string; readonly to?: string };

/** So many intervals are looked at where nobody says since when. */
export const USUAL = 30;

/**
 * All intervals that anybody knows a run of, in order, from the starts of some and the nominal times (the ends) of others.
 * A moment that is not on the DAG's timetable any more stands for itself.
 */
export function knownIntervals(
  { schedule, timezone }: Pick<DagSpec, 'schedule' | 'timezone'>,
  starts: readonly string[],
  ends: readonly string[],
): readonly DataInterval[] {
  const timetable = schedule === undefined ? undefined : timetableOf(schedule, timezone);
  const momentary = (at: string): DataInterval => ({ start: at, end: at });
  const all = [
    ...starts.map((at) => (timetable && intervalStartingAt(timetable, at)) ?? momentary(at)),
    // A schedule's Trigger button gives ids of moments off the grid; the gate and the memory know what those ran.
    ...ends.flatMap((at) => (timetable === undefined ? momentary(at) : (intervalEndingAt(timetable, at) ?? []))),
  ];
  const byStart = new Map(all.map((interval) => [interval.start, interval]));
  return [...byStart.values()].sort((one, other) => Date.parse(one.start) - Date.parse(other.start));
}

/**
 * The intervals that a question about a DAG's runs is about, in order. With a schedule: those that are due, and known ones
 * after them; where the range has no `from`, the last USUAL, but since the first that was meant to run when the question
 * is what is `missing`, as far back as runs are remembered. Without a schedule: those that are known.
 */
export function askedIntervals(
  spec: DagSpec,
  known: readonly DataInterval[],
  { from, to, missing = false, historyMs }: Range & { readonly missing?: boolean; readonly historyMs?: number },
  now: string,
): readonly DataInterval[] {
  const { schedule, timezone, startDate, catchup, dagId } = spec;
  const within = withinRange({ ...(from && { from }), ...(to && { to }) }, timezone);
  if (schedule === undefined) {
    if (missing) throw new FerryError('SPEC_INVALID', `${dagId} has no schedule, so that no interval of it is due.`);
    return known.filter(within).slice(from === undefined ? -USUAL : 0);
  }
  const timetable = timetableOf(schedule, timezone);
  const newest = lastCompleteInterval(timetable, now);
  if (missing) {
    // Without catchup, what was before the first run was never meant to run.
    const since = (catchup ? startDate : undefined) ?? known[0]?.start ?? newest.start;
    return dueSince(spec, from ?? laterOf(since, rememberedSince(now, historyMs)), now).filter(within);
  }
  const due = (from === undefined ? dueLast(spec, timetable, to, newest) : dueSince(spec, from, now)).filter(within);
  return [...due, ...known.filter((each) => Date.parse(each.start) > Date.parse(newest.start) && within(each))];
}

/** What ended before is forgotten, so that nobody can tell whether it is missing. undefined: nothing is remembered or forgotten. */
function rememberedSince(now: string, historyMs: number | undefined): string | undefined {
  return historyMs === undefined ? undefined : formatMoment(Date.parse(now) - historyMs);
}

function laterOf(one: string, other: string | undefined): string {
  return other !== undefined && Date.parse(other) > Date.parse(one) ? other : one;
}

function dueSince(spec: IntervalDates, from: string, now: string): readonly DataInterval[] {
  return intervalsOf(spec, from, now).filter(({ end }) => Date.parse(end) <= Date.parse(now));
}

/** The last USUAL that are due and start by `to`. */
function dueLast(
  spec: IntervalDates,
  timetable: Timetable,
  to: string | undefined,
  newest: DataInterval,
): readonly DataInterval[] {
  const found: DataInterval[] = [];
  for (let each = lastBy(timetable, to, newest); found.length < USUAL; each = previousInterval(timetable, each)) {
    const beyond = beyondDates(spec, each);
    if (beyond === 'startDate') break;
    if (beyond === undefined) found.push(each);
  }
  return found.reverse();
}

function lastBy(timetable: Timetable, to: string | undefined, newest: DataInterval): DataInterval {
  if (to === undefined) return newest;
  const moment = formatMoment(momentOrDayEnd(to, timetable.timezone) ?? notAMoment('to', to));
  const startsBy = nextInterval(timetable, lastCompleteInterval(timetable, moment));
  return Date.parse(startsBy.start) < Date.parse(newest.start) ? startsBy : newest;
}

function withinRange({ from, to }: Range, timezone: string): (interval: DataInterval) => boolean {
  const first = from === undefined ? undefined : (momentOrDayStart(from, timezone) ?? notAMoment('from', from));
  const last = to === undefined ? undefined : (momentOrDayEnd(to, timezone) ?? notAMoment('to', to));
  return ({ start }) =>
    (first === undefined || Date.parse(start) >= first) && (last === undefined || Date.parse(start) <= last);
}

function notAMoment(flag: string, text: string): never {
  throw new FerryError('SPEC_INVALID', `--${flag}: ${shown(text)} is not ${MOMENT_NOUN}`);
}
