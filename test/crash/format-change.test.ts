import { describe, expect, it } from '@jest/globals';
import { makeWorld, putVersion, runSync } from './world.ts';

const ORDERS = { database: 'sales', table: 'orders' };

describe('a partition whose files changed their format', () => {
  it('case 44: is registered with the descriptor of what it holds now', async () => {
    const world = await makeWorld('partitioned');
    await putVersion(world, 'new');
    const [partition] = [...world.catalogA.readPartitions(ORDERS).values()];
    if (partition === undefined) throw new Error('no partition');
    const inputFormat = 'org.apache.hadoop.mapred.TextInputFormat';
    world.catalogA.putPartition(ORDERS, { ...partition, storage: { ...partition.storage, inputFormat } });
    expect(await runSync(world, 'run-1')).toMatchObject({ outcome: 'complete' });
    const after = world.catalogB.readPartitions(ORDERS).get('dt=1');
    expect(after?.storage).toMatchObject({ inputFormat, location: 'hdfs://b/warehouse/sales.db/orders/dt=1' });
  });
});
