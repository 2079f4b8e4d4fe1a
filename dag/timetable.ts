import { FerryError } from '../errors/ferry-error.ts';
import { type Cron, cronAfter, cronBefore, parseCron } from './cron.ts';
import { fromLocal, offsetAt, toLocal, transitions } from './zone.ts';

/**
 * When a DAG's runs fire. calendar: at the local times of a cron; one that a zone's clocks skip is no time, one that they
 * show twice is the first. every: each `minutes` from 1970 on, shifted by `offset`, whatever the zone's clocks do.
 */
export type Timetable =
  | { readonly kind: 'calendar'; readonly cron: Cron; readonly timezone: string }
  | { readonly kind: 'every'; readonly minutes: number; readonly offset: number; readonly timezone: string };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const OFFSETS_FROM = Date.UTC(2000, 0, 1);
const OFFSETS_TO = Date.UTC(2038, 0, 1);

/**
 * The timetable of a schedule. A cron that is due every so many minutes of every day (such as every quarter of an hour)
 * in a zone with daylight saving becomes an interval of UTC, where the zone's clocks are only ever moved by a multiple of
 * it: its runs are the same, but those of the hour that is skipped or repeated do not get lost or come twice.
 * @throws FerryError SPEC_INVALID for what is no cron.
 */
export function timetableOf(schedule: string, timezone: string): Timetable {
  const cron = parseCron(schedule);
  if ('problem' in cron) throw new FerryError('SPEC_INVALID', `schedule: ${cron.problem}`);
  return everyOf(cron, timezone) ?? { kind: 'calendar', cron, timezone };
}

/** The first time it fires after a moment (milliseconds since 1970). */
export function fireAfter(timetable: Timetable, at: number): number {
  if (timetable.kind === 'every') {
    const { period, phase } = grid(timetable);
    return (Math.floor((at - phase) / period) + 1) * period + phase;
  }
  const { cron, timezone } = timetable;
  for (let local = cronAfter(cron, toLocal(timezone, at)); ; local = cronAfter(cron, local)) {
    const fire = fromLocal(timezone, local);
    if (fire.exists && fire.at > at) return fire.at;
  }
}

/** The last time it fires before a moment. */
export function fireBefore(timetable: Timetable, at: number): number {
  if (timetable.kind === 'every') {
    const { period, phase } = grid(timetable);
    return (Math.ceil((at - phase) / period) - 1) * period + phase;
  }
  const { cron, timezone } = timetable;
  // In an hour that is shown twice, the second time: what the first one has shown is before it, too.
  const yesterday = offsetAt(timezone, at - DAY_MINUTES * MINUTE_MS);
  const latest = at + Math.max(yesterday, offsetAt(timezone, at)) * MINUTE_MS;
  for (let local = cronBefore(cron, latest); ; local = cronBefore(cron, local)) {
    const fire = fromLocal(timezone, local);
    if (fire.exists && fire.at < at) return fire.at;
  }
}

/** Whether it fires at a moment. */
export function firesAt(timetable: Timetable, at: number): boolean {
  return fireAfter(timetable, at - 1) === at;
}

function grid({ minutes, offset }: Extract<Timetable, { readonly kind: 'every' }>) {
  return { period: minutes * MINUTE_MS, phase: offset * MINUTE_MS };
}

function everyOf(cron: Cron, timezone: string): Timetable | undefined {
  if (timezone === 'UTC') return undefined;
  const minutes = evenSteps(cron);
  if (minutes === undefined) return undefined;
  const offsets = offsetsOf(timezone);
  const [first] = offsets;
  if (first === undefined || offsets.length === 1) return undefined;
  if (offsets.some((each) => (each - first) % minutes !== 0)) return undefined;
  const offset = ((cron.minutes[0] ?? 0) - first) % minutes;
  return { kind: 'every', minutes, offset: (offset + minutes) % minutes, timezone };
}

/** The minutes between two local times of the cron, where it has more than one every day and they are evenly apart. */
function evenSteps(cron: Cron): number | undefined {
  if (cron.daysOfMonth !== undefined || cron.daysOfWeek !== undefined || cron.months.length < 12) return undefined;
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * 60 + minute));
  const step = DAY_MINUTES / times.length;
  if (times.length === 1 || (times[0] ?? 0) >= step) return undefined;
  return times.every((time, index) => time === (times[0] ?? 0) + index * step) ? step : undefined;
}

/** Every offset of a zone since 2000, as far as the IANA database tells the future. */
function offsetsOf(timezone: string): readonly number[] {
  const moved = transitions(timezone, OFFSETS_FROM, OFFSETS_TO).map(({ after }) => after);
  return [...new Set([offsetAt(timezone, OFFSETS_FROM), ...moved])];
}
