import { describe, expect, it } from '@jest/globals';
import type { Partition } from '../../hive/table.ts';
import { makeWorld, runSync, type World } from './world.ts';

const ORDERS = { database: 'sales', table: 'orders' };
const NOTE = { name: 'note', type: 'string' };

/** Both sides hold the same files, as the first run left them. */
async function synced(): Promise<World> {
  const world = await makeWorld('partitioned');
  await runSync(world, 'run-1');
  return world;
}

function partition(world: World, side: 'catalogA' | 'catalogB', name = 'dt=1'): Partition {
  const found = world[side].readPartitions(ORDERS).get(name);
  if (found === undefined) throw new Error(`${name} is not registered`);
  return found;
}

function describeAnew(world: World, side: 'catalogA' | 'catalogB', over: Partial<Partition['storage']>): void {
  const before = partition(world, side);
  world[side].putPartition(ORDERS, { ...before, storage: { ...before.storage, ...over } });
}

function addColumn(world: World, side: 'catalogA' | 'catalogB'): void {
  const table = world[side].readTable(ORDERS);
  if (table === undefined) throw new Error('no table');
  world[side].putTable({ ...table, storage: { ...table.storage, columns: [...table.storage.columns, NOTE] } });
}

const columnsOf = ({ storage }: Partition) => storage.columns.map(({ name }) => name);

describe('a partition whose files stay and whose descriptor changes at the source', () => {
  it('case 43: gets the added column where the source’s partition has it, and only there', async () => {
    const world = await synced();
    addColumn(world, 'catalogA');
    const columns = [...partition(world, 'catalogA').storage.columns, NOTE];
    describeAnew(world, 'catalogA', { columns });
    const outcome = await runSync(world, 'run-2');
    expect(outcome).toMatchObject({ failures: [], bytes: { copied: 0 } });
    expect(columnsOf(partition(world, 'catalogB'))).toEqual(columns.map(({ name }) => name));
    const other = [...world.catalogB.readPartitions(ORDERS).keys()].find((name) => name !== 'dt=1') ?? '';
    expect(columnsOf(partition(world, 'catalogB', other))).toEqual(columnsOf(partition(world, 'catalogA', other)));
    expect(columnsOf(partition(world, 'catalogB', other))).not.toContain('note');
    expect(await runSync(world, 'run-3')).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('case 44: is registered with its other format', async () => {
    const world = await synced();
    const inputFormat = 'org.apache.hadoop.mapred.TextInputFormat';
    describeAnew(world, 'catalogA', { inputFormat });
    expect(await runSync(world, 'run-2')).toMatchObject({ failures: [], bytes: { copied: 0 } });
    expect(partition(world, 'catalogB').storage).toMatchObject({
      inputFormat,
      location: 'hdfs://b/warehouse/sales.db/orders/dt=1',
    });
  });

  it('stays as it is described where another hand registered it, but for columns added at the end', async () => {
    const world = await synced();
    const { storage, values } = partition(world, 'catalogB');
    world.catalogB.putPartition(ORDERS, { storage, values, parameters: {} });
    const forget = () => world.b.delete('/user/root/hive-ferry');
    await forget();
    describeAnew(world, 'catalogA', { inputFormat: 'org.apache.hadoop.mapred.TextInputFormat' });
    await runSync(world, 'run-2');
    expect(partition(world, 'catalogB')).toEqual({ storage, values, parameters: {} });
    await forget();

    addColumn(world, 'catalogA');
    const columns = [...storage.columns, NOTE];
    describeAnew(world, 'catalogA', { inputFormat: storage.inputFormat, columns });
    await runSync(world, 'run-3');
    expect(partition(world, 'catalogB')).toEqual({ storage: { ...storage, columns }, values, parameters: {} });
  });
});
