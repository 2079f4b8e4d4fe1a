import { describe, expect, it } from '@jest/globals';
import { makeWorld, runSync } from './world.ts';

const ORDERS = { database: 'sales', table: 'orders' };

describe('a partition whose own descriptor names a place of the source', () => {
  it.each([
    ['is registered', true],
    ['is registered again', false],
  ])('case 42: %s with what locationMap says of it', async (_, anew) => {
    const world = await makeWorld('partitioned');
    if (anew) world.catalogB.removePartition(ORDERS, 'dt=1');
    const partition = world.catalogA.readPartitions(ORDERS).get('dt=1');
    if (partition === undefined) throw new Error('no partition');
    const serde = { ...partition.storage.serde, parameters: { path: 'hdfs://a/warehouse/sales.db/orders' } };
    world.catalogA.putPartition(ORDERS, { ...partition, storage: { ...partition.storage, serde } });
    world.options = { locationMap: { 'hdfs://a/warehouse': 'hdfs://b/warehouse' } };
    expect(await runSync(world, 'run-1')).toMatchObject({ outcome: 'complete' });
    const after = world.catalogB.readPartitions(ORDERS).get('dt=1');
    expect(after?.storage.serde.parameters).toEqual({ path: 'hdfs://b/warehouse/sales.db/orders' });
  });
});
