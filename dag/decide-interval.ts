import { FerryError } from '../errors/ferry-error.ts';
import { shown } from '../sync/problems.ts';
import { intervalEndingAt, intervals, lastCompleteInterval, nextInterval } from './interval.ts';
import { formatMoment, MOMENT_NOUN, momentOrDayStart, parseMoment } from './moment.ts';
import type { DagSpec, DataInterval } from './spec.ts';
import { type Timetable, timetableOf } from './timetable.ts';

/** What a run is told of its interval. Moments are RFC 3339. */
export type IntervalWish = {
  /** By its start, a date or a moment, or whole. */
  readonly given?: string | DataInterval;
  /** When a schedule fired, or somebody pressed its Trigger button. */
  readonly scheduledFor?: string;
  readonly startedAt: string;
};

export type DecidedInterval = {
  readonly interval: DataInterval;
  /** The schedule fired on its grid: this run is the one of that interval. */
  readonly onSchedule: boolean;
};

/**
 * The interval of a run: the given one; else the one that ends when its schedule fired; else, for a run started by hand,
 * the last complete one. A DAG without a schedule has runs of a moment, as in Airflow: the interval is empty.
 * @throws FerryError SPEC_INVALID for one that the DAG does not have, naming those around it.
 */
export function decideInterval(spec: DagSpec, { given, scheduledFor, startedAt }: IntervalWish): DecidedInterval {
  const now = scheduledFor ?? startedAt;
  if (spec.schedule === undefined) {
    const interval = given === undefined ? momentary(now) : unscheduled(given, spec.timezone);
    return { interval: withinDates(spec, interval), onSchedule: false };
  }
  const timetable = timetableOf(spec.schedule, spec.timezone);
  if (given !== undefined) return { interval: withinDates(spec, onGrid(spec, timetable, given)), onSchedule: false };
  const fired = scheduledFor === undefined ? undefined : intervalEndingAt(timetable, scheduledFor);
  return {
    interval: withinDates(spec, fired ?? lastCompleteInterval(timetable, now)),
    onSchedule: fired !== undefined,
  };
}

function momentary(moment: string): DataInterval {
  const at = formatMoment(parseMoment(moment) ?? notAMoment(moment));
  return { start: at, end: at };
}

function unscheduled(given: string | DataInterval, timezone: string): DataInterval {
  if (typeof given === 'string') return momentary(formatMoment(momentOrDayStart(given, timezone) ?? notAMoment(given)));
  const [start, end] = [momentary(given.start).start, momentary(given.end).end];
  if (Date.parse(end) < Date.parse(start)) refuse(`${shown(given)} ends before it starts`);
  return { start, end };
}

function onGrid(spec: DagSpec, timetable: Timetable, given: string | DataInterval): DataInterval {
  const start = typeof given === 'string' ? given : given.start;
  const [found, second] = [...intervals(timetable, start, start)];
  if (found !== undefined && second !== undefined)
    refuse(`on ${shown(start)} more than one interval starts; name its moment, such as ${shown(found.start)}`);
  if (found === undefined) {
    const before = lastCompleteInterval(
      timetable,
      momentary(formatMoment(momentOrDayStart(start, spec.timezone) ?? 0)).start,
    );
    const next = nextInterval(timetable, before);
    refuse(
      `no interval of ${shown(spec.schedule)} (${spec.timezone}) starts at ${shown(start)}; those around it start at ${next.start} and ${next.end}`,
    );
  }
  if (typeof given !== 'string' && Date.parse(given.end) !== Date.parse(found.end))
    refuse(`the interval that starts at ${found.start} ends at ${found.end}, not at ${shown(given.end)}`);
  return found;
}

function withinDates(spec: DagSpec, interval: DataInterval): DataInterval {
  const beyond = beyondDates(spec, interval);
  if (beyond !== undefined)
    refuse(
      `the one that starts at ${interval.start} is ${beyond === 'startDate' ? 'before' : 'after'} the DAG's ${beyond}, ${spec[beyond]}`,
    );
  return interval;
}

/** Of a DAG, what its intervals go by. */
export type IntervalDates = Pick<DagSpec, 'dagId' | 'schedule' | 'timezone' | 'startDate' | 'endDate'>;

/**
 * The DAG's intervals that start in [from, to] (each a date or a moment) and within its own dates, in order.
 * @throws FerryError SPEC_INVALID for a DAG without a schedule.
 */
export function intervalsOf(dates: IntervalDates, from: string, to: string): readonly DataInterval[] {
  return [...stepsOf(dates, from, to)].flatMap((interval) => interval ?? []);
}

/** The same step by step, for who has other things to do in between: undefined for an interval that is beyond the DAG's own dates. */
export function* stepsOf(dates: IntervalDates, from: string, to: string): Generator<DataInterval | undefined, void> {
  const { dagId, schedule, timezone } = dates;
  if (schedule === undefined) throw new FerryError('SPEC_INVALID', `${dagId} has no schedule, and so no intervals`);
  for (const interval of intervals(timetableOf(schedule, timezone), from, to))
    yield beyondDates(dates, interval) === undefined ? interval : undefined;
}

/** Which date of the DAG an interval is beyond; undefined: none. */
export function beyondDates(
  { startDate, endDate }: Pick<DagSpec, 'startDate' | 'endDate'>,
  interval: DataInterval,
): 'startDate' | 'endDate' | undefined {
  const start = Date.parse(interval.start);
  if (startDate !== undefined && start < Date.parse(startDate)) return 'startDate';
  return endDate !== undefined && start > Date.parse(endDate) ? 'endDate' : undefined;
}

function notAMoment(text: string): never {
  refuse(`${shown(text)} is not ${MOMENT_NOUN}`);
}

function refuse(message: string): never {
  throw new FerryError('SPEC_INVALID', `This DAG run cannot start: interval: ${message}`);
}
