import { describe, expect, it } from '@jest/globals';
import type { PresetTable } from '../../hive/preset-table.ts';
import { makeWorld, runSync } from './world.ts';

const ORDERS = { database: 'sales', table: 'orders' };
const PRESET: PresetTable = {
  columns: [
    { name: 'id', type: 'bigint', comment: 'the order' },
    { name: 'added', type: 'string' },
  ],
  partitionedBy: [{ name: 'dt', type: 'string' }],
  storedAs: 'ORC',
};

describe('a target table from a preset', () => {
  it('is created as the preset says, and filled', async () => {
    const world = await makeWorld('partitioned');
    world.catalogB.removeTable(ORDERS);
    await world.b.delete('/warehouse/sales.db/orders');
    world.options = { schema: PRESET };
    expect(await runSync(world, 'run-1')).toMatchObject({ outcome: 'complete', failures: [] });
    expect(world.catalogB.readTable(ORDERS)?.storage.columns.map(({ name }) => name)).toEqual(['id', 'added']);
    expect(await runSync(world, 'run-2')).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it.each([
    ['another format', { ...PRESET, storedAs: 'PARQUET' as const }],
    ['another key', { ...PRESET, partitionedBy: [{ name: 'day', type: 'string' }] }],
    ['a column of another type', { ...PRESET, columns: [{ name: 'id', type: 'date' }] }],
  ])('is refused when it cannot read the source’s files: %s', async (_, schema) => {
    const world = await makeWorld('partitioned');
    world.options = { schema };
    await expect(runSync(world, 'run-1')).rejects.toMatchObject({ code: 'DRIFT_INCOMPATIBLE' });
  });
});
