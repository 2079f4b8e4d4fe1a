import { describe, expect, it } from '@jest/globals';
import { decideInterval, type IntervalWish, intervalsOf } from '../../../dag/decide-interval.ts';
import { parseDagSpec } from '../../../dag/parse-spec.ts';
import type { DagSpec } from '../../../dag/spec.ts';

const NOW = '2026-11-25T14:12:09.123Z';

function spec(over: object = {}): DagSpec {
  const action = {
    kind: 'activity',
    operator: 'fileSensor',
    activity: 'fileSensor',
    input: { cluster: 'a', path: '/x' },
  };
  return parseDagSpec({
    schemaVersion: 1,
    dagId: 'd',
    schedule: '0 3 * * *',
    tasks: [{ taskId: 't', action }],
    ...over,
  });
}

const day = (start: string, end: string) => ({ start: `2026-11-${start}T03:00:00Z`, end: `2026-11-${end}T03:00:00Z` });

describe('decideInterval', () => {
  it.each<[string, Omit<IntervalWish, 'startedAt'>, object, boolean]>([
    ['fired by its schedule', { scheduledFor: '2026-11-25T03:00:00Z' }, day('24', '25'), true],
    ["off the grid, by a schedule's Trigger button", { scheduledFor: '2026-11-25T09:30:00Z' }, day('24', '25'), false],
    ['by hand', {}, day('24', '25'), false],
    ['by a date', { given: '2026-11-02' }, day('02', '03'), false],
    ['by a moment', { given: '2026-11-02T03:00:00Z' }, day('02', '03'), false],
    ['whole', { given: { start: '2026-11-02T04:00:00+01:00', end: '2026-11-03T03:00:00Z' } }, day('02', '03'), false],
  ])('%s', (_how, wish, interval, onSchedule) => {
    expect(decideInterval(spec(), { ...wish, startedAt: NOW })).toEqual({ interval, onSchedule });
  });

  it.each<[IntervalWish['given'], RegExp]>([
    [
      '2026-11-02T00:00:00Z',
      /no interval of "0 3 \* \* \*" \(UTC\) starts at "2026-11-02T00:00:00Z"; those around it start at 2026-11-01T03:00:00Z and 2026-11-02T03:00:00Z/,
    ],
    [
      { start: '2026-11-02T03:00:00Z', end: '2026-11-04T03:00:00Z' },
      /ends at 2026-11-03T03:00:00Z, not at "2026-11-04/,
    ],
    ['2026-10-30', /starts at 2026-10-30T03:00:00Z is before the DAG's startDate, 2026-11-01/],
    ['2026-12-24', /starts at 2026-12-24T03:00:00Z is after the DAG's endDate, 2026-12-0/],
  ])('refuses %j', (given, message) => {
    const dated = spec({ startDate: '2026-11-01', endDate: '2026-12-01' });
    expect(() => decideInterval(dated, { startedAt: NOW, ...(given === undefined ? {} : { given }) })).toThrow(message);
  });

  it('asks for the moment where several intervals start on a date', () => {
    const hourly = spec({ schedule: '0 * * * *' });
    expect(() => decideInterval(hourly, { given: '2026-11-02', startedAt: NOW })).toThrow(
      /such as "2026-11-02T00:00:00Z"/,
    );
  });

  it('of a DAG without a schedule is a moment, or what is given', () => {
    const manual = spec({ schedule: undefined });
    expect(decideInterval(manual, { startedAt: NOW }).interval).toEqual({ start: NOW, end: NOW });
    const given = { start: '2026-11-02T00:00:00Z', end: '2026-11-09T00:00:00Z' };
    expect(decideInterval(manual, { given, startedAt: NOW }).interval).toEqual(given);
    const backwards = { start: given.end, end: given.start };
    expect(() => decideInterval(manual, { given: backwards, startedAt: NOW })).toThrow(/ends before it starts/);
  });
});

describe('intervalsOf', () => {
  it('gives three intervals for three days, from and to inclusive', () => {
    expect(intervalsOf(spec(), '2026-11-01', '2026-11-03')).toEqual([
      day('01', '02'),
      day('02', '03'),
      day('03', '04'),
    ]);
  });

  it("leaves out what is beyond the DAG's own dates", () => {
    const dated = spec({ startDate: '2026-11-02T00:00:00Z', endDate: '2026-11-03T00:00:00Z' });
    expect(intervalsOf(dated, '2026-11-01', '2026-11-05')).toEqual([day('02', '03')]);
  });

  it('refuses a DAG without a schedule', () => {
    const { schedule: _, ...unscheduled } = spec();
    expect(() => intervalsOf(unscheduled, '2026-11-01', '2026-11-03')).toThrow('d has no schedule');
  });
});
