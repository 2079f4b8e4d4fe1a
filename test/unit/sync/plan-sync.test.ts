import { describe, expect, it } from '@jest/globals';
import type { Code } from '../../../errors/codes.ts';
import { codeOf } from '../../../errors/ferry-error.ts';
import type { Table } from '../../../hive/table.ts';
import type { CallOptions, FileStatus } from '../../../storage/file-system.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import { bothSides, give, NAME, PATH, plan, planned, record, T, VALUES } from './orders-on-both.ts';
import { ORDERS, partitionOn, refusal, risingClock, type TwoClusters, tableOn, twoClusters } from './two-clusters.ts';

describe('where a partition is', () => {
  it('case 23, 40: is what the source’s catalog says, whatever lies at the usual place', async () => {
    const world = await bothSides();
    await world.lay('a', PATH('1'), { stale: 'left behind by SET LOCATION' });
    await give(world, '1', { f: 'moved' }, '/moved/x');
    expect(await planned(world, '1')).toMatchObject({
      from: '/moved/x',
      live: PATH('1'),
      files: 1,
      bytes: 5,
      finding: 'new',
    });
  });

  it('case 40: is what the target’s catalog says, whatever lies at the usual place', async () => {
    const world = await bothSides();
    await give(world, '1');
    await world.mirror(PATH('1'), '/elsewhere/p1');
    await world.lay('b', PATH('1'), { stale: 'left behind by SET LOCATION' });
    await record(world, '1', '/elsewhere/p1');
    expect(await planned(world, '1')).toMatchObject({
      finding: 'unchanged',
      live: '/elsewhere/p1',
      to: '/elsewhere/p1',
      stageRoot: '/elsewhere/.hive-ferry',
    });
  });

  it('case 20: is its literal folder at a target that does not know it yet', async () => {
    const world = await bothSides();
    await give(world, '1', { f: 'x' }, `${T}/dt=2026-01-01/hour=01`);
    expect(await planned(world, '1')).toMatchObject({ name: NAME('1'), live: `${T}/dt=2026-01-01/hour=01` });
  });

  it.each<[string, Code, RegExp, (world: TwoClusters) => Promise<unknown>]>([
    [
      'case 51: two partitions of one typed value',
      'PARTITION_AMBIGUOUS',
      /hour=01 and .*hour=1|hour=1 and .*hour=01/,
      async (w) => {
        await give(w, '1');
        await give(w, '01');
      },
    ],
    [
      'two partitions in one folder',
      'LOCATION_UNSUPPORTED',
      /hour=1 at \/s and .*hour=2 at \/s are not apart/,
      async (w) => {
        await give(w, '1', { f: 'x' }, '/s');
        await give(w, '2', { f: 'x' }, '/s');
      },
    ],
    [
      'a partition in another’s folder at the target',
      'LOCATION_UNSUPPORTED',
      /b:sales\.orders: .* are not apart/,
      async (w) => {
        for (const hour of ['1', '2']) await give(w, hour);
        await record(w, '2', `${PATH('1')}/inner`);
      },
    ],
    [
      'a location on another file system',
      'LOCATION_UNSUPPORTED',
      /s3a:\/\/x/,
      async (w) => {
        const there = partitionOn('a', VALUES('1'), '/x');
        w.catalogA.putPartition(ORDERS, { ...there, storage: { ...there.storage, location: 's3a://x/y' } });
      },
    ],
  ])('is refused for %s: %s', async (_, code, message, arrange) => {
    const world = await bothSides();
    await arrange(world);
    const error = await refusal(plan(world));
    expect([codeOf(error), error.message]).toEqual([code, expect.stringMatching(message)]);
  });
});

describe('a selection', () => {
  it('is planned, and nothing else', async () => {
    const world = await bothSides();
    for (const hour of ['1', '2', '3']) await give(world, hour);
    const { partitions, counts } = await plan(world, { partitions: [NAME('3'), NAME('1')] });
    expect(partitions.map(({ name }) => name)).toEqual([NAME('1'), NAME('3')]);
    expect(counts.selected).toBe(2);
  });

  it('of what the source does not have is refused, all names told', async () => {
    const world = await bothSides();
    await give(world, '1');
    const error = await refusal(plan(world, { partitions: [NAME('1'), NAME('7'), NAME('8')] }));
    expect(codeOf(error)).toBe('SPEC_INVALID');
    expect(error.message).toContain(NAME('7'));
    expect(error.message).toContain(NAME('8'));
    expect(error.message).not.toContain(NAME('1'));
  });

  it('of partitions of a table that has none is refused', async () => {
    const world = await bothSides({ partitionKeys: [] });
    const error = await refusal(plan(world, { partitions: [NAME('1')] }));
    expect([codeOf(error), error.message]).toEqual(['SPEC_INVALID', expect.stringContaining('is not partitioned')]);
  });
});

describe('an unpartitioned table', () => {
  const whole = { partitionKeys: [] };

  it('is one partition without a name, landed in a folder of the run’s own', async () => {
    const world = await bothSides(whole);
    await world.lay('a', T, { f: 'rows', 'x/g': 'nested' });
    const { strategy, partitioned, partitions } = await plan(world);
    expect([strategy, partitioned]).toEqual(['relocate', false]);
    expect(partitions).toMatchObject([
      {
        name: '',
        values: [],
        finding: 'changed',
        from: T,
        live: T,
        to: `${T}-versions/run-1/orders`,
        stageRoot: `${T}-versions/.hive-ferry`,
        files: 2,
        registeredAt: `hdfs://b:8020${T}`,
      },
    ]);
  });

  it('keeps its versions beside where it stood first', async () => {
    const world = await bothSides();
    world.catalogA.putTable(tableOn('a', whole));
    const moved = { location: `hdfs://b:8020${T}-versions/run-0/orders` };
    world.catalogB.putTable(
      tableOn('b', { ...whole, parameters: { bucketing_version: '2', 'hive-ferry.base': `hdfs://b:8020${T}` } }, moved),
    );
    await world.lay('a', T, { f: 'rows' });
    await world.mirror(T, `${T}-versions/run-0/orders`);
    expect((await plan(world)).partitions).toMatchObject([
      { finding: 'unchanged', live: `${T}-versions/run-0/orders`, to: `${T}-versions/run-1/orders` },
    ]);
  });

  it('is new where the target has no such table', async () => {
    const world = twoClusters();
    world.catalogA.putTable(tableOn('a', whole));
    await world.lay('a', T, { f: 'rows' });
    const { partitions, changes } = await plan(world);
    expect(partitions).toMatchObject([{ finding: 'new' }]);
    expect(partitions[0]).not.toHaveProperty('registeredAt');
    expect(changes.map(({ kind }) => kind)).toEqual(['create-table']);
  });
});

describe('a target without the table', () => {
  it('has all partitions planned at the location it will get', async () => {
    const world = twoClusters();
    world.catalogA.putTable(tableOn('a'));
    await give(world, '1');
    const { changes, location, partitions } = await plan(world, {
      target: { cluster: 'b', database: 'archive', table: 'o' },
      createDatabase: true,
    });
    expect(changes.map(({ kind }) => kind)).toEqual(['create-database', 'create-table']);
    expect(location).toBe('hdfs://b:8020/warehouse/archive.db/o');
    expect(partitions).toMatchObject([
      {
        finding: 'new',
        live: `/warehouse/archive.db/o/${NAME('1')}`,
        stageRoot: '/warehouse/archive.db/o/.hive-ferry',
      },
    ]);
  });
});

describe('a plan is refused', () => {
  it('for a target that may only be read, before any call', async () => {
    const world = twoClusters({ targetAccess: 'read' });
    const error = await refusal(plan(world));
    expect([codeOf(error), error.message]).toEqual(['ACCESS_READ_ONLY', expect.stringContaining('cluster b')]);
  });

  it('for a target behind HttpFS, before a catalog is asked; such a source is planned', async () => {
    class Gateway extends MemoryFileSystem {
      async unfitAsTarget(): Promise<string> {
        return 'HttpFS answers there';
      }
      override async status(path: string, options?: CallOptions): Promise<FileStatus | undefined> {
        const status = await super.status(path, options);
        return status && { ...status, fileId: undefined };
      }
    }
    const gateway = (cluster: 'a' | 'b') => new Gateway({ cluster, clock: risingClock() });
    const error = await refusal(plan(twoClusters({ b: gateway('b') })));
    expect([codeOf(error), error.message]).toEqual([
      'CONFIG_INVALID',
      'cluster b cannot be a target: HttpFS answers there',
    ]);
    const world = await bothSides({}, { a: gateway('a') });
    await give(world, '1');
    expect(await planned(world, '1')).toMatchObject({ finding: 'new', files: 1 });
  });

  it('for a source table that is not there, with the name that may be meant', async () => {
    const world = await bothSides();
    const misspelt = { cluster: 'a', database: 'sales', table: 'ordres' };
    const error = await refusal(plan(world, { source: misspelt }));
    expect(codeOf(error)).toBe('TABLE_NOT_FOUND');
    expect(error.message).toMatch(/^cluster a has no table sales\.ordres; did you mean "?sales\.orders"?\?$/);
    const far = await refusal(plan(world, { source: { ...misspelt, table: 'customers' } }));
    expect(far.message).toBe('cluster a has no table sales.customers');
  });

  it.each<[string, Code, RegExp, Partial<ResolvedSpec>, Partial<Table>?]>([
    [
      'a source database that is not there',
      'DATABASE_NOT_FOUND',
      /cluster a has no database nowhere/,
      { source: { cluster: 'a', database: 'nowhere', table: 'x' } },
    ],
    [
      'a target database that is not there',
      'DATABASE_NOT_FOUND',
      /cluster b has no database archive/,
      { target: { cluster: 'b', database: 'archive', table: 'x' } },
    ],
    [
      'swap of an unpartitioned table',
      'PUBLISH_UNSUPPORTED',
      /"swap" cannot replace it/,
      { publish: 'swap' },
      { partitionKeys: [] },
    ],
    ['a view', 'TABLE_UNSUPPORTED', /a:sales\.orders cannot be copied: it is a view/, {}, { kind: 'VIRTUAL_VIEW' }],
    [
      'case 45: a transactional table',
      'TABLE_UNSUPPORTED',
      /transactional/,
      {},
      { parameters: { transactional: 'true' } },
    ],
  ])('for %s: %s', async (_, code, message, over, table = {}) => {
    const world = await bothSides();
    world.catalogA.putTable(tableOn('a', table));
    const error = await refusal(plan(world, over));
    expect([codeOf(error), error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  it('for a target table that cannot be written file by file', async () => {
    const world = await bothSides();
    world.catalogB.putTable(tableOn('b', { parameters: { transactional: 'true' } }));
    const error = await refusal(plan(world));
    expect([codeOf(error), error.message]).toEqual(['TABLE_UNSUPPORTED', expect.stringMatching(/^b:sales\.orders/)]);
  });

  it('for drift that cannot be mended', async () => {
    const world = await bothSides();
    world.catalogB.putTable(tableOn('b', {}, { columns: [{ name: 'id', type: 'int' }] }));
    expect(codeOf(await refusal(plan(world)))).toBe('DRIFT_INCOMPATIBLE');
  });

  it('case 42: for a partition whose own descriptor points back to the source, unless it is mapped', async () => {
    const world = await bothSides();
    await give(world, '1');
    const partition = partitionOn('a', VALUES('1'), PATH('1'));
    const parameters = { 'avro.schema.url': 'hdfs://a:8020/schemas/x.avsc' };
    const serde = { ...partition.storage.serde, parameters };
    world.catalogA.putPartition(ORDERS, { ...partition, storage: { ...partition.storage, serde } });
    const error = await refusal(plan(world));
    expect([codeOf(error), error.message]).toEqual([
      'TABLE_UNSUPPORTED',
      `the partition ${NAME('1')} of a:sales.orders points back to its source: avro.schema.url = hdfs://a:8020/schemas/x.avsc; say with locationMap where that lies on the target`,
    ]);
    const locationMap = { 'hdfs://a:8020/schemas': 'hdfs://b:8020/schemas' };
    expect((await plan(world, { locationMap })).counts).toMatchObject({ toCopy: 1 });
  });

  it('when it is stopped, with the reason of that', async () => {
    const why = new Error('stopped');
    const world = twoClusters({ signal: AbortSignal.abort(why) });
    world.catalogA.putTable(tableOn('a'));
    await expect(plan(world)).rejects.toBe(why);
  });
});
