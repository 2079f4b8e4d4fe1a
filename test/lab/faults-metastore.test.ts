import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Catalog } from '../../hive/catalog.ts';
import type { CatalogChange } from '../../hive/change.ts';
import { createMetastoreCatalog, type MetastoreCatalogOptions } from '../../hive/metastore/metastore-catalog.ts';
import { formatPartitionName } from '../../hive/partition-name.ts';
import type { Partition } from '../../hive/table.ts';
import { blackHole, cutAnswerAfter, hangUp, loseAnswer, ThriftFaultProxy } from '../../lab/thrift-fault-proxy.ts';
import { alteration, type CatalogFixture, catalogWorld, STATISTICS } from '../contract/catalog-world.ts';
import { deleteScratch, dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const SHORT = { connectMs: 2_000, callMs: 2_000 };
const behind = labCluster('b');
const database = scratchName();

let proxy: ThriftFaultProxy;
/** The same catalog, asked directly: what is true whatever the faults. */
let fixture: CatalogFixture;
const world = catalogWorld(() => fixture);
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  proxy = await proxyToMetastore();
  const truth = createMetastoreCatalog({ cluster: 'b', uri: behind.metastore, user: 'hive' });
  const folder = `${behind.fileSystem}/tmp/${database}`;
  fixture = { catalog: truth, database, folder, close: () => truth.close() };
  await truth.apply({ kind: 'create-database', database, location: `${folder}/db` });
});
afterEach(async () => {
  proxy.reset();
  for (const one of opened.splice(0)) await one.close();
});
afterAll(async () => {
  await proxy.close();
  await fixture.close();
  await dropDatabases(behind.metastore, [database, `${database}_own`]);
  await deleteScratch(behind, database);
});

function proxyToMetastore(): Promise<ThriftFaultProxy> {
  const { hostname, port } = new URL(behind.metastore);
  return ThriftFaultProxy.start({ host: hostname, port: Number(port) });
}

function uriOf({ port }: ThriftFaultProxy): string {
  return `thrift://127.0.0.1:${port.port}`;
}

function connect(over: Partial<MetastoreCatalogOptions> = {}): Catalog {
  const catalog = createMetastoreCatalog({ cluster: 'b', uri: uriOf(proxy), user: 'hive', ...over });
  opened.push(catalog);
  return catalog;
}

describe('case 16: a metastore that goes away or falls silent', () => {
  it.each([
    ['hangs up', hangUp, 'CONNECTION_LOST'],
    ['never answers', blackHole, 'DEADLINE'],
    ['sends half an answer', cutAnswerAfter(20), 'CONNECTION_LOST'],
    ['loses its answer', loseAnswer, 'CONNECTION_LOST'],
  ] as const)('that %s: the call ends, and the next one has a connection of its own', async (_, fault, code) => {
    const injected = proxy.inject({ method: 'get_database' }, fault);
    const catalog = connect({ deadlines: SHORT });
    await expect(catalog.database(database)).rejects.toMatchObject({ code });
    expect(injected.fired).toBe(1);
    expect(await catalog.database(database)).toMatchObject({ name: database });
    expect(proxy.calls).toEqual(['set_ugi', 'get_database', 'set_ugi', 'get_database']);
  });

  it('that refuses connections is UNREACHABLE until it is back', async () => {
    await proxy.port.refuse();
    const catalog = connect();
    const failed = await catalog.database(database).catch((error: unknown) => error);
    await proxy.port.open();
    expect(failed).toMatchObject({ code: 'UNREACHABLE' });
    expect(await catalog.database(database)).toBeDefined();
  });

  it('that hangs up between two calls is called over a new connection, without an error', async () => {
    const catalog = connect();
    expect(await catalog.database(database)).toBeDefined();
    proxy.port.hangUp();
    await sleep(100);
    expect(await catalog.database(database)).toBeDefined();
    expect(proxy.calls).toEqual(['set_ugi', 'get_database', 'set_ugi', 'get_database']);
  });

  it('case 10: that is silent from the login on leads to the other one', async () => {
    const silent = await proxyToMetastore();
    opened.push(silent);
    silent.inject(ALWAYS, blackHole);
    const catalog = connect({ uri: `${uriOf(silent)},${uriOf(proxy)}`, deadlines: SHORT });
    expect(await catalog.database(database)).toBeDefined();
    expect(await catalog.database(database)).toBeDefined();
    expect(silent.calls).toEqual(['set_ugi']);
  });

  it('case 10: that falls silent later is not the first to be asked next time', async () => {
    const silent = await proxyToMetastore();
    opened.push(silent);
    const catalog = connect({ uri: `${uriOf(silent)},${uriOf(proxy)}`, deadlines: SHORT });
    silent.inject({ nth: 2, ...ALWAYS }, blackHole);
    await expect(catalog.database(database)).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(await catalog.database(database)).toBeDefined();
    expect(silent.calls).toEqual(['set_ugi', 'get_database']);
  });
});

describe('case 21: many partitions', () => {
  const MANY = 450;
  const valuesOf = (n: number) => [`d${n}`, String(n)];
  const names = Array.from({ length: MANY }, (_, n) => formatPartitionName(['dt', 'n'], valuesOf(n)));

  it('whose answer is lost after they were added are all there once, and all are read where a batch breaks off', async () => {
    const { table, of } = await world.create();
    const partitions = names.map((_, n) => world.partition(table, valuesOf(n)));
    const lost = proxy.inject({ method: 'add_partitions_req' }, loseAnswer);
    const catalog = connect();
    expect(await catalog.apply({ kind: 'add-partitions', of, partitions })).toEqual({ changed: MANY, unexpected: [] });
    expect(lost.fired).toBe(1);
    expect((await catalog.partitionNames(of))?.length).toBe(MANY);

    const cut = proxy.inject({ method: 'get_partitions_by_names', nth: 2 }, cutAnswerAfter(10_000));
    const found: string[] = [];
    for await (const batch of catalog.partitions(of, names)) {
      found.push(...batch.map((one) => formatPartitionName(['dt', 'n'], one.values)));
    }
    expect(cut.fired).toBe(1);
    expect(found.sort()).toEqual([...names].sort());
  });
});

describe('case 48: every change, its answer lost after the metastore made it', () => {
  /**
   * Applies the change with the answer to `method` lost: it ends as CONNECTION_LOST, or is settled by the adapter itself
   * where the call is safe to repeat. Applying it again is right either way.
   */
  async function applyWithLoss(method: string, change: CatalogChange): Promise<void> {
    const lost = proxy.inject({ method }, loseAnswer);
    const catalog = connect();
    const first = await catalog.apply(change).catch((error: unknown) => error);
    if (first instanceof Error) expect(first).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(lost.fired).toBe(1);
    expect(await catalog.apply(change)).toEqual({ changed: 0, unexpected: [] });
  }

  async function withPartition(parameters: Readonly<Record<string, string>> = { mark: 'first' }) {
    const { table, of } = await world.create();
    const partition = world.partition(table, ['d', '1'], { parameters });
    await fixture.catalog.apply({ kind: 'add-partitions', of, partitions: [partition] });
    return { table, of, partition };
  }

  it('create-database', async () => {
    const location = `${fixture.folder}/own`;
    await applyWithLoss('create_database', { kind: 'create-database', database: `${database}_own`, location });
    expect(await fixture.catalog.database(`${database}_own`)).toMatchObject({ location });
  });

  it('create-table', async () => {
    const table = world.tableOf();
    await applyWithLoss('create_table_with_environment_context', { kind: 'create-table', table });
    expect(await fixture.catalog.table({ database, table: table.name })).toMatchObject({
      kind: 'EXTERNAL_TABLE',
      storage: { location: table.storage.location },
    });
  });

  it.each([true, false])('add-columns, cascade: %s', async (cascade) => {
    const { of } = await withPartition();
    const columns = [{ name: 'added', type: 'double' }];
    await applyWithLoss('alter_table_with_environment_context', { kind: 'add-columns', of, columns, cascade });
    const expected = ['id', 'note', 'added'];
    expect((await fixture.catalog.table(of))?.storage.columns.map(({ name }) => name)).toEqual(expected);
    const { storage } = await world.readOne(of, 'dt=d/n=1');
    expect(storage.columns.map(({ name }) => name)).toEqual(cascade ? expected : expected.slice(0, 2));
  });

  it.each([1, 3])('add-partitions, %i at once', async (count) => {
    const { table, of } = await world.create();
    const partitions = Array.from({ length: count }, (_, n) => world.partition(table, ['d', String(n)]));
    await applyWithLoss('add_partitions_req', { kind: 'add-partitions', of, partitions });
    const there = await world.read(
      of,
      partitions.map(({ values }) => formatPartitionName(['dt', 'n'], values)),
    );
    expect([...there.values()].map((one: Partition) => one.storage.location).sort()).toEqual(
      partitions.map((one) => one.storage.location),
    );
  });

  it('alter-partitions', async () => {
    const { of, partition } = await withPartition({ mark: 'first', ...STATISTICS });
    const moved = alteration(partition, {
      location: `${partition.storage.location}-2`,
      parameters: { mark: 'second' },
    });
    await applyWithLoss('alter_partitions_with_environment_context', {
      kind: 'alter-partitions',
      of,
      partitions: [moved],
    });
    const now = await world.readOne(of, 'dt=d/n=1');
    expect(now.storage.location).toBe(moved.location);
    expect(now.parameters).toMatchObject({ mark: 'second' });
    expect(Object.keys(now.parameters)).not.toContain('numRows');
  });

  it.each([1, 3])('drop-partitions, %i at once', async (count) => {
    const { table, of } = await world.create();
    const partitions = Array.from({ length: count }, (_, n) => world.partition(table, ['d', String(n)]));
    await fixture.catalog.apply({ kind: 'add-partitions', of, partitions });
    const names = partitions.map(({ values }) => formatPartitionName(['dt', 'n'], values));
    await applyWithLoss('drop_partitions_req', { kind: 'drop-partitions', of, names });
    expect(await fixture.catalog.partitionNames(of)).toEqual([]);
  });

  it('move-table', async () => {
    const { table, of } = await world.create({ partitionKeys: [] });
    const location = `${table.storage.location}-versions/1`;
    await applyWithLoss('alter_table_with_environment_context', {
      kind: 'move-table',
      of,
      expectLocation: table.storage.location,
      location,
      parameters: { mark: 'moved' },
    });
    expect(await fixture.catalog.table(of)).toMatchObject({ storage: { location }, parameters: { mark: 'moved' } });
  });

  it('set-properties', async () => {
    const { of } = await world.create();
    await applyWithLoss('alter_table_with_environment_context', {
      kind: 'set-properties',
      of,
      parameters: { mark: 'set' },
    });
    expect(await fixture.catalog.table(of)).toMatchObject({ parameters: { mark: 'set', purpose: 'contract' } });
  });
});
