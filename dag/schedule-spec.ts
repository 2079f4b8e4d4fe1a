import { formatMoment, momentOrDayEnd, momentOrDayStart } from './moment.ts';
import type { DagSpec } from './spec.ts';
import { fireAfter, fireBefore, type Timetable, timetableOf } from './timetable.ts';

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;
const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

/** One calendar of a schedule as Temporal's SDK takes it (CalendarSpec): a time matches when every field does. */
export type ScheduleCalendar = {
  second: 0;
  minute: number[];
  hour: number[];
  dayOfMonth: '*' | number[];
  month: '*' | (typeof MONTHS)[number][];
  dayOfWeek: '*' | (typeof DAYS)[number][];
};

/**
 * When a schedule of Temporal fires for a DAG, in the words of the SDK's ScheduleSpec (`startAt` and `endAt` as RFC 3339
 * texts; durations in milliseconds). The nominal time of each firing is the end of its run's data interval.
 */
export type ScheduleTimes = {
  readonly calendars?: ScheduleCalendar[];
  readonly intervals?: { every: number; offset: number }[];
  readonly timezone: string;
  /** The end of the first interval. */
  readonly startAt?: string;
  /** The end of the last interval. */
  readonly endAt?: string;
};

/** undefined: the DAG has no schedule. Throws SPEC_INVALID for what is no cron. */
export function scheduleTimes(
  spec: Pick<DagSpec, 'schedule' | 'timezone' | 'startDate' | 'endDate'>,
): ScheduleTimes | undefined {
  if (spec.schedule === undefined) return undefined;
  const timetable = timetableOf(spec.schedule, spec.timezone);
  return { ...timesOf(timetable), ...bounds(timetable, spec) };
}

function timesOf(timetable: Timetable): Pick<ScheduleTimes, 'calendars' | 'intervals' | 'timezone'> {
  if (timetable.kind === 'every') {
    const { minutes, offset } = timetable;
    return { intervals: [{ every: minutes * 60_000, offset: offset * 60_000 }], timezone: 'UTC' };
  }
  const { cron, timezone } = timetable;
  const { daysOfMonth, daysOfWeek } = cron;
  const month = cron.months.length === 12 ? '*' : cron.months.map((each) => MONTHS[each - 1] ?? 'JANUARY');
  const base: ScheduleCalendar = {
    second: 0,
    minute: [...cron.minutes],
    hour: [...cron.hours],
    dayOfMonth: '*',
    month,
    dayOfWeek: '*',
  };
  const byMonth = daysOfMonth === undefined ? [] : [{ ...base, dayOfMonth: [...daysOfMonth] }];
  const byWeek =
    daysOfWeek === undefined ? [] : [{ ...base, dayOfWeek: daysOfWeek.map((each) => DAYS[each] ?? 'SUNDAY') }];
  // A cron with both is due on either (crontab(5)); a calendar would ask for both at once, a second calendar adds.
  const calendars = [...byMonth, ...byWeek];
  return { calendars: calendars.length === 0 ? [base] : calendars, timezone };
}

function bounds(
  timetable: Timetable,
  { startDate, endDate, timezone }: Pick<DagSpec, 'startDate' | 'endDate' | 'timezone'>,
): Pick<ScheduleTimes, 'startAt' | 'endAt'> {
  const from = startDate === undefined ? undefined : momentOrDayStart(startDate, timezone);
  const to = endDate === undefined ? undefined : momentOrDayEnd(endDate, timezone);
  return {
    ...(from === undefined ? {} : { startAt: formatMoment(fireAfter(timetable, fireAfter(timetable, from - 1))) }),
    ...(to === undefined ? {} : { endAt: formatMoment(fireAfter(timetable, fireBefore(timetable, to + 1))) }),
  };
}
