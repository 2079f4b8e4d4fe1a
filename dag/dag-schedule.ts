import type { Cron } from './cron.ts';
import { type ScheduleTimes, scheduleTimes } from './schedule-spec.ts';
import type { DagSpec } from './spec.ts';
import { timetableOf } from './timetable.ts';

/** What a schedule of Temporal is for a DAG: when it fires, and what it then starts. */
export type DagSchedule = {
  readonly spec: DagSpec;
  /** By which workers know that the spec was deployed; left out: they run specs of anybody. */
  readonly signature?: string;
  readonly taskQueue: string;
  readonly times: ScheduleTimes;
  /** How late a time may still be made up for that passed while Temporal was down, in milliseconds. */
  readonly catchupWindowMs: number;
};

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Temporal's own default. */
const ALL_MS = 365 * DAY_MS;
/** Where the days of a cron are looked at, so that the same cron always has the same gap; three leap years. */
const FROM = Date.UTC(2024, 0, 1);
const UNTIL = Date.UTC(2034, 0, 1);

/** The schedule of a DAG; undefined: it has none, its runs are started by hand. */
export function dagSchedule(
  spec: DagSpec,
  { taskQueue, signature }: Pick<DagSchedule, 'taskQueue' | 'signature'>,
): DagSchedule | undefined {
  const times = scheduleTimes(spec);
  if (times === undefined) return undefined;
  return {
    spec,
    ...(signature === undefined ? {} : { signature }),
    taskQueue,
    times,
    catchupWindowMs: spec.catchup ? ALL_MS : longestGapMs(spec),
  };
}

/**
 * The longest time between two firings: with a window of it, the newest firing that passed during an outage is made up
 * for, and earlier ones are not, except where the schedule fires more often at that time than at others.
 */
export function longestGapMs({ schedule = '', timezone }: Pick<DagSpec, 'schedule' | 'timezone'>): number {
  const timetable = timetableOf(schedule, timezone);
  if (timetable.kind === 'every') return timetable.minutes * MINUTE_MS;
  const { cron } = timetable;
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * HOUR_MS + minute * MINUTE_MS));
  const within = Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  let [longest, last] = [0, undefined as number | undefined];
  for (let day = FROM; day < UNTIL; day += DAY_MS) {
    if (!isDue(cron, new Date(day))) continue;
    longest = Math.max(longest, day - (last ?? day));
    last = day;
  }
  const overnight = longest - ((times.at(-1) ?? 0) - (times[0] ?? 0));
  // A day in autumn may have an hour more.
  return Math.max(within, overnight + (timezone === 'UTC' ? 0 : HOUR_MS));
}

function isDue({ daysOfMonth, months, daysOfWeek }: Cron, day: Date): boolean {
  if (!months.includes(day.getUTCMonth() + 1)) return false;
  if (daysOfMonth === undefined && daysOfWeek === undefined) return true;
  return Boolean(daysOfMonth?.includes(day.getUTCDate()) || daysOfWeek?.includes(day.getUTCDay()));
}
