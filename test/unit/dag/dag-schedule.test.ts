import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dagSchedule, longestGapMs } from '../../../dag/dag-schedule.ts';
import { fireAfter, timetableOf } from '../../../dag/timetable.ts';
import { ordersDaily } from './orders-daily.ts';

const HOUR = 3_600_000;

describe('longestGapMs', () => {
  it.each([
    ['0 3 * * *', 'UTC', 24],
    ['0 3 * * *', 'Europe/Berlin', 25],
    ['@hourly', 'UTC', 1],
    ['*/15 * * * *', 'Europe/Berlin', 0.25],
    ['0 8,20 * * MON-FRI', 'UTC', 60],
    ['0 8-18 * * *', 'UTC', 14],
    ['@weekly', 'UTC', 7 * 24],
    ['@monthly', 'UTC', 31 * 24],
    ['0 0 29 2 *', 'UTC', 4 * 365.25 * 24],
  ])('of %s in %s: %d hours', (schedule, timezone, hours) => {
    expect(longestGapMs({ schedule, timezone }) / HOUR).toBe(hours);
  });

  it('has the newest firing in it, whenever one looks', () => {
    const schedules = ['0 3 * * *', '30 6,7 * * 1,3', '0 0 1,15 * *', '10 0-23/5 * * *'];
    fc.assert(
      fc.property(
        fc.constantFrom(...schedules),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) }),
        (schedule, timezone, at) => {
          const next = fireAfter(timetableOf(schedule, timezone), at - longestGapMs({ schedule, timezone }) - 1);
          expect(next).toBeLessThanOrEqual(at);
        },
      ),
    );
  });
});

describe('dagSchedule', () => {
  it('makes up for a year where the DAG catches up, else for the newest firing', () => {
    const spec = ordersDaily();
    const days = (of: typeof spec) => (dagSchedule(of, { taskQueue: 'q' })?.catchupWindowMs ?? 0) / (24 * HOUR);
    expect(days(spec)).toBe(365);
    expect(days({ ...spec, catchup: false })).toBe(1);
  });

  it('is none for a DAG that is started by hand', () => {
    const { schedule: _, ...spec } = ordersDaily();
    expect(dagSchedule(spec, { taskQueue: 'q' })).toBeUndefined();
  });
});
