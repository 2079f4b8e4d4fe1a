import { describe, expect, it } from '@jest/globals';
import { countStates, durationText, gridOf, instanceName } from '../../../dag/grid.ts';
import type { DagRunView, TaskState } from '../../../dag/run.ts';

type Row = DagRunView['tasks'][number];

function row(taskId: string, state: TaskState, over: Partial<Row> = {}): Row {
  return { taskId, state, tries: 1, operator: 'hiveQuery', upstream: [], ...over };
}

describe('the grid of a run', () => {
  it('has a row for each task and instance, in the order of the spec', () => {
    const { rows, rest } = gridOf([row('b', 'success'), row('a', 'failed'), row('m', 'running', { mapIndex: 2 })]);
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['b', 'success'],
      ['a', 'failed'],
      ['m[2]', 'running'],
    ]);
    expect(rest).toEqual([]);
  });

  it('of many tasks shows those that need a look, and totals of the others', () => {
    const many = Array.from({ length: 50 }, (_, mapIndex) =>
      row('m', mapIndex === 49 ? 'failed' : mapIndex === 30 ? 'running' : 'success', { mapIndex }),
    );
    const { rows, rest } = gridOf([...many, row('end', 'none')]);
    expect(rows).toHaveLength(20);
    expect(rows.slice(-3).map(({ name }) => name)).toEqual(['m[30]', 'm[49]', 'end']);
    expect(rest).toEqual([['success', 31]]);
  });

  it('says how long a task took, which try it is at, and why it failed', () => {
    const text = (over: Partial<Row>) => gridOf([row('a', 'failed', over)]).rows[0]?.text;
    const times = { startedAt: '2026-11-24T03:00:00.000Z', endedAt: '2026-11-24T04:01:30.000Z' };
    expect(text(times)).toBe('1h 1m');
    expect(text({ ...times, tries: 3, failure: { code: 'SQL_FAILED', message: 'no' } })).toBe(
      '1h 1m · try 3 · SQL_FAILED: no',
    );
    expect(text({ startedAt: times.startedAt, nextTryAt: '2026-11-24T03:05:00.000Z' })).toBe(
      'try 2 at 2026-11-24T03:05:00.000Z',
    );
    expect(text({})).toBe('');
  });

  it('counts the states that need a look first', () => {
    const states: readonly TaskState[] = ['success', 'skipped', 'failed', 'success', 'running'];
    expect(countStates(states.map((state) => ({ state })))).toEqual([
      ['failed', 1],
      ['running', 1],
      ['success', 2],
      ['skipped', 1],
    ]);
  });

  it.each([
    [0, '0s'],
    [400, '0s'],
    [59_600, '1m'],
    [65_000, '1m 5s'],
    [3_600_000, '1h'],
    [90_061_000, '1d 1h'],
    [86_460_000, '1d'],
  ])('%d ms reads %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  it('names an instance by its task and its map index', () => {
    expect([instanceName({ taskId: 'a' }), instanceName({ taskId: 'a', mapIndex: 0 })]).toEqual(['a', 'a[0]']);
  });
});
