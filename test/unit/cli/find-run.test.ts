import { describe, expect, it } from '@jest/globals';
import { isOfTable } from '../../../cli/find-run.ts';

describe('a run is found by its table', () => {
  const memo = { 'hive-ferry.spec': { table: 'sales.orders', source: 'a', target: { cluster: 'b', table: 'lake.o' } } };

  it.each<[string, { workflowId: string; memo?: Record<string, unknown> }, string, boolean]>([
    ['the target table in its id', { workflowId: 'sync/b/lake.o/0123456789ab' }, 'lake.o', true],
    ['another table', { workflowId: 'sync/b/lake.o/0123456789ab' }, 'lake.other', false],
    ['a table that only begins alike', { workflowId: 'sync/b/lake.o_2/0123456789ab' }, 'lake.o', false],
    ['the target table of its memo', { workflowId: 'by hand', memo }, 'lake.o', true],
    ['the source table of its memo', { workflowId: 'sync/b/lake.o/0123456789ab', memo }, 'sales.orders', true],
    ['an id of another kind', { workflowId: 'dag/b/lake.o/1' }, 'lake.o', false],
  ])('%s', (_, run, table, found) => {
    expect(isOfTable(run, table)).toBe(found);
  });
});
