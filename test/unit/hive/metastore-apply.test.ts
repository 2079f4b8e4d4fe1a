import { afterEach, describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import type { Catalog } from '../../../hive/catalog.ts';
import types from '../../../hive/metastore/gen/hive-metastore_types.js';
import { createMetastoreCatalog } from '../../../hive/metastore/metastore-catalog.ts';
import { type FakeServer, fakeMetastore } from './fake-server.ts';
import { sampleTable } from './sample-table.ts';

/** Raw objects as the generated client writes and reads them, with fields that the port does not know. */
type Raw = Record<string, unknown>;
type Handlers = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function catalogOver(handlers: Handlers): Promise<Catalog> {
  const server: FakeServer = await fakeMetastore({
    get_config_value: async (_: string, standard: string) => standard,
    ...handlers,
  });
  const catalog = createMetastoreCatalog({ cluster: 'b', uri: server.uri, deadlines: { connectMs: 500, callMs: 500 } });
  open.push(catalog, server);
  return catalog;
}

const of = { database: 'd', table: 't' };
const writeId = { buffer: Buffer.from('00ffffffffffffff', 'hex'), offset: 0 };
const descriptor = (location: string, over: Raw = {}): Raw => ({
  cols: [{ name: 'a', type: 'int', comment: 'c' }],
  location,
  inputFormat: 'in',
  outputFormat: 'out',
  compressed: false,
  numBuckets: -1,
  serdeInfo: {
    name: 'serde name',
    serializationLib: 'lib',
    parameters: { x: 'y' },
    description: 'about',
    serializerClass: 'S',
  },
  bucketCols: [],
  sortCols: [],
  parameters: {},
  skewedInfo: { skewedColNames: [], skewedColValues: [], skewedColValueLocationMaps: {} },
  storedAsSubDirectories: false,
  ...over,
});
const STATISTICS = { numRows: '3', totalSize: '9', COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}' };
const table = (over: Raw = {}): Raw => ({
  tableName: 't',
  dbName: 'd',
  owner: 'o',
  createTime: 5,
  lastAccessTime: 6,
  retention: 77,
  sd: descriptor('hdfs://b/t'),
  partitionKeys: [{ name: 'n', type: 'int', comment: '' }],
  parameters: { kept: 'yes', ...STATISTICS },
  viewOriginalText: 'none',
  viewExpandedText: 'none',
  tableType: 'EXTERNAL_TABLE',
  privileges: {
    userPrivileges: { o: [{ privilege: 'ALL', createTime: 1, grantor: 'g', grantorType: 1, grantOption: true }] },
  },
  catName: 'hive',
  ownerType: 3,
  writeId,
  accessType: 8,
  requiredReadCapabilities: ['R'],
  requiredWriteCapabilities: ['W'],
  ...over,
});
const partition = (n: string, over: Raw = {}): Raw => ({
  values: [n],
  dbName: 'd',
  tableName: 't',
  createTime: 5,
  lastAccessTime: 6,
  sd: descriptor(`hdfs://b/t/n=${n}`),
  parameters: { kept: 'yes', ...STATISTICS },
  catName: 'hive',
  writeId,
  ...over,
});
const asTable = (over: Raw = {}): unknown => new types.GetTableResult({ table: new types.Table(table(over) as never) });
const asPartition = (raw: Raw): unknown => new types.Partition(raw as never);
/** What the objects hold, without their classes and unset fields. */
const plain = (value: unknown): Raw =>
  JSON.parse(JSON.stringify(value, (_, inner: unknown) => (inner === null ? undefined : inner))) as Raw;

describe('altering a table', () => {
  it.each([
    [
      'set-properties',
      { kind: 'set-properties', of, parameters: { new: '1' } },
      { parameters: { kept: 'yes', ...STATISTICS, new: '1' } },
      {},
    ],
    [
      'move-table',
      { kind: 'move-table', of, expectLocation: 'hdfs://b/t', location: 'hdfs://b/t2', parameters: { new: '1' } },
      { sd: descriptor('hdfs://b/t2'), parameters: { kept: 'yes', new: '1' } },
      {},
    ],
    [
      'add-columns with cascade',
      { kind: 'add-columns', of, columns: [{ name: 'B', type: 'int', comment: 'k' }], cascade: true },
      {
        sd: descriptor('hdfs://b/t', {
          cols: [
            { name: 'a', type: 'int', comment: 'c' },
            { name: 'b', type: 'int', comment: 'k' },
          ],
        }),
      },
      { CASCADE: 'true' },
    ],
    [
      'add-columns without',
      { kind: 'add-columns', of, columns: [{ name: 'b', type: 'int', comment: 'k' }], cascade: false },
      {
        sd: descriptor('hdfs://b/t', {
          cols: [
            { name: 'a', type: 'int', comment: 'c' },
            { name: 'b', type: 'int', comment: 'k' },
          ],
        }),
      },
      {},
    ],
  ] as const)('%s: all that the port does not know comes back as it was', async (_, change, altered, environment) => {
    const sent: unknown[] = [];
    const catalog = await catalogOver({
      get_table_req: async () => asTable(),
      alter_table_with_environment_context: async (...args: unknown[]) => {
        sent.push(...args);
      },
    });
    expect((await catalog.apply(change)).changed).toBe(1);
    const [database, name, written, context] = sent;
    expect([database, name]).toEqual(['d', 't']);
    expect(plain(written)).toEqual(plain(table(altered)));
    expect(plain(context)).toEqual({ properties: { DO_NOT_UPDATE_STATS: 'true', ...environment } });
  });

  it('leaves a table stored as directories alone', async () => {
    const skewedInfo = {
      skewedColNames: ['a'],
      skewedColValues: [['1']],
      skewedColValueLocationMaps: { 1: 'hdfs://b/t/a=1' },
    };
    const catalog = await catalogOver({
      get_table_req: async () => asTable({ sd: descriptor('hdfs://b/t', { skewedInfo }) }),
    });
    const change = {
      kind: 'move-table',
      of,
      expectLocation: 'hdfs://b/t',
      location: 'hdfs://b/x',
      parameters: {},
    } as const;
    expect(await catalog.apply(change).catch(codeOf)).toBe('CATALOG_REFUSED');
  });
});

describe('altering partitions', () => {
  it('writes them back as they were, but for the change and the statistics', async () => {
    const sent: unknown[] = [];
    const catalog = await catalogOver({
      get_table_req: async () => asTable(),
      get_partitions_by_names: async () => ['1', '2'].map((n) => asPartition(partition(n))),
      alter_partitions_with_environment_context: async (_d: string, _t: string, ...rest: unknown[]) => {
        sent.push(...rest);
      },
    });
    const { location: _, ...storage } = sampleTable().storage;
    const at = (n: string) => ({
      values: [n],
      expectLocation: `hdfs://b/t/n=${n}`,
      location: `hdfs://b/v/n=${n}`,
      parameters: { run: 'r' },
    });
    const applied = await catalog.apply({
      kind: 'alter-partitions',
      of,
      partitions: [at('1'), { ...at('2'), storage }],
    });
    expect(applied).toEqual({ changed: 2, unexpected: [] });
    const [[one, two] = [], context] = sent as [Raw[], unknown];
    const parameters = { kept: 'yes', run: 'r' };
    expect(plain(one)).toEqual(plain(partition('1', { sd: descriptor('hdfs://b/v/n=1'), parameters })));
    expect(plain(two)).toMatchObject({
      parameters,
      sd: { location: 'hdfs://b/v/n=2', inputFormat: storage.inputFormat },
    });
    expect(plain(two?.sd).serdeInfo).toEqual({
      name: 'serde name',
      description: 'about',
      serializerClass: 'S',
      serializationLib: storage.serde.library,
      parameters: storage.serde.parameters,
    });
    expect(plain(context)).toEqual({ properties: { DO_NOT_UPDATE_STATS: 'true' } });
  });

  it('reads again what a failed batch may have altered already', async () => {
    const there = new Map(['1', '2', '3'].map((n) => [n, partition(n)]));
    let calls = 0;
    const catalog = await catalogOver({
      get_table_req: async () => asTable(),
      get_partitions_by_names: async (_d: string, _t: string, names: string[]) =>
        names.map((name) => asPartition(there.get(name.slice(2)) ?? {})),
      alter_partitions_with_environment_context: async (
        _d: string,
        _t: string,
        parts: (Raw & { values: string[] })[],
      ) => {
        calls += 1;
        for (const one of parts) there.set(one.values[0] ?? '', one);
        // The metastore did it, but its answer is an error.
        if (calls === 1) throw new types.MetaException({ message: 'Read timed out' });
      },
    });
    const at = (n: string) => ({
      values: [n],
      expectLocation: `hdfs://b/t/n=${n}`,
      location: `hdfs://b/v/n=${n}`,
      parameters: {},
    });
    const applied = await catalog.apply({ kind: 'alter-partitions', of, partitions: ['1', '2', '3'].map(at) });
    expect(applied.unexpected).toEqual([]);
    expect([...there.values()].map((one) => (one.sd as Raw).location)).toEqual(
      ['1', '2', '3'].map((n) => `hdfs://b/v/n=${n}`),
    );
    expect(calls).toBe(1);
  });
});

describe('registering partitions', () => {
  it('case 41: takes off statistics that the server counted all the same', async () => {
    const altered: Raw[] = [];
    const catalog = await catalogOver({
      get_table_req: async () => asTable(),
      add_partitions_req: async ({ parts }: { parts: Raw[] }) =>
        new types.AddPartitionsResult({
          partitions: parts.map((one) => Object.assign(one, { parameters: { m: '1', ...STATISTICS } })) as never,
        }),
      alter_partitions_with_environment_context: async (_d: string, _t: string, parts: Raw[]) => {
        altered.push(...parts);
      },
    });
    const { storage } = sampleTable();
    const partitions = ['1', '2'].map((n) => ({ values: [n], storage, parameters: { m: '1' } }));
    expect(await catalog.apply({ kind: 'add-partitions', of, partitions })).toEqual({ changed: 2, unexpected: [] });
    expect(altered.map((one) => one.parameters)).toEqual([{ m: '1' }, { m: '1' }]);
  });

  it('case 41, 48: counts, and takes statistics off, what a call had added that failed all the same; not what others had', async () => {
    const there = new Map<string, Raw>();
    const altered: Raw[] = [];
    let fails = false;
    const catalog = await catalogOver({
      get_table_req: async () => asTable(),
      add_partitions_req: async ({ parts }: { parts: Raw[] }) => {
        const added = parts.filter((one) => !there.has(String(one.values)));
        for (const one of added) {
          there.set(
            String(one.values),
            Object.assign(one, { parameters: { ...(one.parameters as object), ...STATISTICS } }),
          );
        }
        if (fails) {
          fails = false;
          throw new types.MetaException({ message: 'timed out' });
        }
        return new types.AddPartitionsResult({ partitions: added as never });
      },
      get_partitions_by_names: async (_d: string, _t: string, names: string[]) =>
        names.flatMap((name) => there.get(name.replace('n=', '')) ?? []),
      alter_partitions_with_environment_context: async (_d: string, _t: string, parts: Raw[]) => {
        altered.push(...parts);
      },
    });
    const { storage } = sampleTable();
    const at = (n: string, m: string) => ({ values: [n], storage, parameters: { m } });
    await catalog.apply({ kind: 'add-partitions', of, partitions: [at('0', 'theirs')] });
    altered.splice(0);
    fails = true;
    const partitions = ['0', '1', '2'].map((n) => at(n, 'ours'));
    expect(await catalog.apply({ kind: 'add-partitions', of, partitions })).toEqual({ changed: 2, unexpected: [] });
    expect(altered.map(({ values, parameters }) => [values, parameters])).toEqual([
      [['1'], { m: 'ours' }],
      [['2'], { m: 'ours' }],
    ]);
  });
});

describe('creating a table', () => {
  const wanted = {
    ...sampleTable({ database: 'd', name: 't' }),
    storage: { ...sampleTable().storage, location: 'hdfs://b/t' },
  };
  const over = async (found: Raw): Promise<{ catalog: Catalog; made: Raw[] }> => {
    const made: Raw[] = [];
    const catalog = await catalogOver({
      get_table_req: async () => {
        if (made.length === 0) throw new types.NoSuchObjectException({ message: 'none' });
        return asTable(found);
      },
      get_database: async () => new types.Database({ name: 'd', locationUri: 'hdfs://b/d' } as never),
      create_table_with_environment_context: async (raw: Raw, _: unknown) => {
        made.push(raw);
      },
    });
    return { catalog, made };
  };

  it('asks for an external table at its location, without statistics', async () => {
    const { catalog, made } = await over({});
    const parameters = { ...STATISTICS, own: '1' };
    expect(await catalog.apply({ kind: 'create-table', table: { ...wanted, parameters } })).toEqual({
      changed: 1,
      unexpected: [],
    });
    expect(plain(made[0])).toMatchObject({
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', own: '1' },
      sd: { location: 'hdfs://b/t' },
    });
    expect(made[0]?.parameters).not.toHaveProperty('numRows');
  });

  it.each<[string, Raw, string]>([
    ['case 45: of another kind', { tableType: 'MANAGED_TABLE' }, 'as MANAGED_TABLE at hdfs://b/t'],
    ['at another place', { sd: descriptor('hdfs://b/elsewhere') }, 'at hdfs://b/elsewhere'],
  ])('is refused when the metastore made one %s', async (_, found, said) => {
    const { catalog } = await over(found);
    const error = await catalog.apply({ kind: 'create-table', table: wanted }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'CATALOG_REFUSED', message: expect.stringContaining(said) });
  });

  it('takes it for the same place by another name of the host', async () => {
    const { catalog } = await over({ sd: descriptor('hdfs://nameservice/t/') });
    expect((await catalog.apply({ kind: 'create-table', table: wanted })).changed).toBe(1);
  });
});
