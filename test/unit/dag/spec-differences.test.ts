import { describe, expect, it } from '@jest/globals';
import type { DagSpec } from '../../../dag/spec.ts';
import { specDifferences } from '../../../dag/spec-differences.ts';
import { ordersDaily } from './orders-daily.ts';

const BEFORE = ordersDaily();
const [arrived, orders, checked] = BEFORE.tasks;
if (arrived === undefined || orders === undefined || checked === undefined) throw new Error('three tasks');

describe('specDifferences', () => {
  it.each<[string, DagSpec, readonly string[]]>([
    ['none', ordersDaily(), []],
    ['none where a field is undefined', { ...BEFORE, description: undefined } as never, []],
    ['a value', { ...BEFORE, catchup: false }, ['catchup: true -> false']],
    ['a new field', { ...BEFORE, description: 'every night' }, ['description: "every night" is new']],
    ['a field that is gone', { ...BEFORE, startDate: undefined } as never, ['startDate is gone']],
    ['params', { ...BEFORE, params: { region: 'eu' } }, ['params.region: "eu" is new']],
    ['a list as a whole', { ...BEFORE, tags: ['a'] }, ['tags: [] -> ["a"]']],
    [
      'tasks, by their ids',
      { ...BEFORE, tasks: [arrived, { ...checked, taskId: 'counted' }, { ...orders, retries: 5 }] },
      ['tasks.orders.retries: 2 -> 5', 'tasks.checked is gone', 'tasks.counted is new'],
    ],
    [
      'the input of a task',
      {
        ...BEFORE,
        tasks: [{ ...arrived, action: { ...arrived.action, input: { cluster: 'b' } } as never }, orders, checked],
      },
      ['tasks.arrived.action.input.cluster: "a" -> "b"'],
    ],
  ])('%s', (_, after, lines) => {
    expect(specDifferences(BEFORE, after)).toEqual(expect.arrayContaining([...lines]));
    if (lines.length === 0) expect(specDifferences(BEFORE, after)).toEqual([]);
  });
});
