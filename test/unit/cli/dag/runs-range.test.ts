import { describe, expect, it } from '@jest/globals';
import { askedIntervals, knownIntervals, USUAL } from '../../../../cli/dag/runs-range.ts';
import { dag } from '../../../../dag/dag.ts';
import { fileSensor } from '../../../../dag/operators/file-sensor.ts';
import { day } from './values.ts';

const NOW = '2026-11-26T09:00:00Z';

function spec(over: object = {}) {
  const task = { schedule: '@daily', startDate: '2026-11-20', ...over };
  return dag('d', task, (d) => void d.task('t', fileSensor({ cluster: 'a', path: '/x' })));
}

function days(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, place) => day(from + place));
}

describe('askedIntervals', () => {
  it.each([
    ['the last of them, from the start date on', {}, days(20, 25)],
    ['a range, both ends inclusive', { from: '2026-11-21', to: '2026-11-23' }, days(21, 23)],
    ['from a moment to the newest', { from: '2026-11-24T00:00:00Z' }, days(24, 25)],
    ['no more than those that have ended', { from: '2026-11-24', to: '2026-12-24' }, days(24, 25)],
    ['the last up to a date', { to: '2026-11-22' }, days(20, 22)],
  ])('%s', (_what, range, expected) => {
    expect(askedIntervals(spec(), [], range, NOW)).toEqual(expected);
  });

  it('is the usual number where nobody says since when', () => {
    const asked = askedIntervals(spec({ startDate: '2026-01-01' }), [], {}, NOW);
    expect([asked.length, asked.at(-1)]).toEqual([USUAL, day(25)]);
  });

  it('takes in a known run of an interval that has not ended', () => {
    expect(askedIntervals(spec(), [day(22), day(26)], { from: '2026-11-25' }, NOW)).toEqual(days(25, 26));
  });

  it.each([
    ['with catchup since the start date', { catchup: true }, days(23, 24), days(20, 25)],
    ['without it since the first run that is known', { catchup: false }, days(23, 24), days(23, 25)],
    ['without a run the newest', { catchup: false }, [], days(25, 25)],
  ])('looks for what is missing %s', (_what, over, known, expected) => {
    expect(askedIntervals(spec(over), known, { missing: true }, NOW)).toEqual(expected);
  });

  it('looks for what is missing in the range that is given', () => {
    const asked = askedIntervals(spec(), days(24, 24), { missing: true, from: '2026-11-20', to: '2026-11-22' }, NOW);
    expect(asked).toEqual(days(20, 22));
  });

  it('looks for what is missing as far back as runs are remembered, unless the range says otherwise', () => {
    const daily = spec({ catchup: true });
    const asked = (over: object) =>
      askedIntervals(daily, [], { missing: true, historyMs: 3 * 86_400_000, ...over }, NOW);
    expect(asked({})).toEqual(days(24, 25));
    expect(asked({ historyMs: 400 * 86_400_000 })).toEqual(days(20, 25));
    expect(asked({ from: '2026-11-21' })).toEqual(days(21, 25));
  });

  it('of a DAG without a schedule is what is known; nothing of it can be missing', () => {
    const unscheduled = spec({ schedule: undefined });
    expect(askedIntervals(unscheduled, days(1, 9), { from: '2026-11-03', to: '2026-11-04' }, NOW)).toEqual(days(3, 4));
    expect(() => askedIntervals(unscheduled, [], { missing: true }, NOW)).toThrow('d has no schedule');
  });

  it.each(['from', 'to'])('refuses a --%s that is no moment', (flag) => {
    expect(() => askedIntervals(spec(), [], { [flag]: 'yesterday' }, NOW)).toThrow('"yesterday" is not a date');
  });
});

describe('knownIntervals', () => {
  it('joins the starts of some and the ends of others, in order; ends off the grid are none', () => {
    const ends = [day(2).end, day(4).end, '2026-11-03T09:30:12Z'];
    expect(knownIntervals(spec(), [day(4).start, day(1).start], ends)).toEqual([day(1), day(2), day(4)]);
  });

  it('stand for themselves where the DAG has no schedule, or another one now', () => {
    const [at] = ['2026-11-03T09:30:12Z'];
    expect(knownIntervals(spec({ schedule: undefined }), [], [at ?? ''])).toEqual([{ start: at, end: at }]);
    expect(knownIntervals(spec(), [at ?? ''], [])).toEqual([{ start: at, end: at }]);
  });
});
