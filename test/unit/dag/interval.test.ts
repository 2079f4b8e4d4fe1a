import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  intervalEndingAt,
  intervalStartingAt,
  intervals,
  lastCompleteInterval,
  nextInterval,
  previousInterval,
} from '../../../dag/interval.ts';
import type { DataInterval } from '../../../dag/spec.ts';
import { timetableOf } from '../../../dag/timetable.ts';
import { toLocal } from '../../../dag/zone.ts';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai'] as const;
const CRONS = ['0 3 * * *', '30 2 * * *', '*/15 * * * *', '0 * * * *', '0 */6 * * *', '5 1,2,3 * * *', '0 0 1 * 1'];

/** Starts and ends in the zone's own time, without the offset. */
const local = (zone: string, { start, end }: DataInterval) =>
  [start, end].map((text) => new Date(toLocal(zone, Date.parse(text))).toISOString().slice(0, 16));

describe('the run that fires at T is about [the time before, T)', () => {
  it.each([
    ['0 3 * * *', 'UTC', '2026-11-25T03:00:00Z', ['2026-11-24T03:00:00Z', '2026-11-25T03:00:00Z']],
    // Midnight of the 25th in Shanghai.
    ['0 0 * * *', 'Asia/Shanghai', '2026-11-24T16:00:00Z', ['2026-11-23T16:00:00Z', '2026-11-24T16:00:00Z']],
    ['@weekly', 'UTC', '2026-11-22T00:00:00Z', ['2026-11-15T00:00:00Z', '2026-11-22T00:00:00Z']],
    ['0 0 1 * *', 'UTC', '2026-03-01T00:00:00Z', ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z']],
    ['0 9 * * MON-FRI', 'UTC', '2026-11-23T09:00:00Z', ['2026-11-20T09:00:00Z', '2026-11-23T09:00:00Z']],
    ['@daily', 'UTC', '2026-11-25T01:00:00+01:00', ['2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z']],
    ['0 0 29 2 *', 'UTC', '2028-02-29T00:00:00Z', ['2024-02-29T00:00:00Z', '2028-02-29T00:00:00Z']],
  ])('%s in %s at %s', (schedule, zone, at, [start, end]) => {
    expect(intervalEndingAt(timetableOf(schedule, zone), at)).toEqual({ start, end });
  });

  it('and no run fires off the grid: a run started by hand is about the last complete interval', () => {
    const daily = timetableOf('0 3 * * *', 'UTC');
    expect(intervalEndingAt(daily, '2026-11-25T03:00:01Z')).toBeUndefined();
    const complete = { start: '2026-11-24T03:00:00Z', end: '2026-11-25T03:00:00Z' };
    expect(lastCompleteInterval(daily, '2026-11-25T14:12:09.123Z')).toEqual(complete);
    expect(lastCompleteInterval(daily, '2026-11-25T03:00:00Z')).toEqual(complete);
    expect(lastCompleteInterval(daily, '2026-11-25T02:59:59.999Z').end).toBe('2026-11-24T03:00:00Z');
  });

  it('knows an interval by its start', () => {
    const daily = timetableOf('0 3 * * *', 'UTC');
    expect(intervalStartingAt(daily, '2026-11-24T03:00:00Z')?.end).toBe('2026-11-25T03:00:00Z');
    expect(intervalStartingAt(daily, '2026-11-24T00:00:00Z')).toBeUndefined();
  });
});

describe('from and to are starts, both inclusive', () => {
  it.each([
    ['2026-11-01', '2026-11-03', ['2026-11-01', '2026-11-02', '2026-11-03']],
    ['2026-11-01T03:00:00Z', '2026-11-02T03:00:00Z', ['2026-11-01', '2026-11-02']],
    ['2026-11-01T03:00:01Z', '2026-11-02T02:59:59Z', []],
    ['2026-11-03', '2026-11-01', []],
  ])('0 3 * * * from %s to %s', (from, to, days) => {
    const found = [...intervals(timetableOf('0 3 * * *', 'UTC'), from, to)];
    expect(found.map(({ start }) => start.slice(0, 10))).toEqual(days);
  });

  it('a date is a day of the zone', () => {
    const found = [...intervals(timetableOf('0 */12 * * *', 'Asia/Shanghai'), '2026-11-01', '2026-11-01')];
    expect(found.map(({ start }) => start)).toEqual(['2026-10-31T16:00:00Z', '2026-11-01T04:00:00Z']);
  });

  it.each(['2026-02-30', '2026-11-01T03:00:00', 'yesterday', ''])(
    '%j is no moment, and the message says what is',
    (text) => {
      expect(() => [...intervals(timetableOf('@daily', 'UTC'), text, '2026-12-01')]).toThrow(/is not a date such as/);
    },
  );
});

describe('case 54: intervals tile, also where clocks are moved', () => {
  // Where clocks are never moved, a quarter of an hour is like an hour, and takes seconds.
  const never = (zone: string, cron: string) => cron.startsWith('*/15') && ['UTC', 'Asia/Shanghai'].includes(zone);
  const years = ZONES.flatMap((zone) =>
    CRONS.filter((cron) => !never(zone, cron)).map((cron) => [zone, cron] as const),
  );
  it.each(years)('a year in %s of %s', (zone, cron) => {
    const found = [...intervals(timetableOf(cron, zone), '2026-01-01', '2026-12-31')];
    expect(found.length).toBeGreaterThan(11);
    expect(found.filter((each) => Date.parse(each.start) >= Date.parse(each.end))).toEqual([]);
    expect(found.filter((each, index) => index > 0 && each.start !== found[index - 1]?.end)).toEqual([]);
  });

  it('any interval is the next of its previous, in any zone, at any moment', () => {
    const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.constantFrom(...CRONS), moment, (zone, cron, at) => {
        const timetable = timetableOf(cron, zone);
        const last = lastCompleteInterval(timetable, at.toISOString());
        const next = nextInterval(timetable, last);
        expect(Date.parse(last.end)).toBeLessThanOrEqual(at.getTime());
        expect(Date.parse(next.end)).toBeGreaterThan(at.getTime());
        expect(previousInterval(timetable, next)).toEqual(last);
        expect(nextInterval(timetable, previousInterval(timetable, last))).toEqual(last);
        expect(intervalEndingAt(timetable, last.end)).toEqual(last);
        expect(intervalStartingAt(timetable, last.start)).toEqual(last);
      }),
      { numRuns: 200 },
    );
  });

  it('a daily run keeps its local time over both changes of the clocks', () => {
    const berlin = timetableOf('0 4 * * *', 'Europe/Berlin');
    const spring = [...intervals(berlin, '2026-03-28', '2026-03-29')];
    expect(spring.map(({ start }) => start)).toEqual(['2026-03-28T03:00:00Z', '2026-03-29T02:00:00Z']);
    const autumn = [...intervals(berlin, '2026-10-24', '2026-10-25')];
    expect(autumn.map((each) => local('Europe/Berlin', each))).toEqual([
      ['2026-10-24T04:00', '2026-10-25T04:00'],
      ['2026-10-25T04:00', '2026-10-26T04:00'],
    ]);
  });

  it('every quarter of an hour in a zone with daylight saving is one of UTC: a day of 23 hours has 92, one of 25 has 100', () => {
    const quarters = timetableOf('*/15 * * * *', 'Europe/Berlin');
    expect(quarters).toMatchObject({ kind: 'every', minutes: 15, offset: 0 });
    expect([...intervals(quarters, '2026-03-29', '2026-03-29')]).toHaveLength(92);
    expect([...intervals(quarters, '2026-10-25', '2026-10-25')]).toHaveLength(100);
    expect([...intervals(quarters, '2026-10-26', '2026-10-26')]).toHaveLength(96);
  });

  it.each([
    ['7 * * * *', 'America/New_York', { kind: 'every', minutes: 60, offset: 7 }],
    ['20,50 * * * *', 'Australia/Lord_Howe', { kind: 'every', minutes: 30, offset: 20 }],
    ['20 * * * *', 'Australia/Lord_Howe', { kind: 'calendar' }],
    ['0 */2 * * *', 'Europe/Berlin', { kind: 'calendar' }],
    ['0 * * * *', 'Asia/Kolkata', { kind: 'calendar' }],
    ['0 * * * 1-5', 'Europe/Berlin', { kind: 'calendar' }],
    ['0 * * * *', 'UTC', { kind: 'calendar' }],
    ['0 3 * * *', 'Europe/Berlin', { kind: 'calendar' }],
    ['0,20,30 * * * *', 'Europe/Berlin', { kind: 'calendar' }],
  ])('%s in %s is %j', (cron, zone, timetable) => {
    expect(timetableOf(cron, zone)).toMatchObject(timetable);
  });
});
