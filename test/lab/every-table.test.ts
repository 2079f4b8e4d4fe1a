import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createMetastoreCatalog } from '../../hive/metastore/metastore-catalog.ts';
import { formatPartitionName } from '../../hive/partition-name.ts';
import type { Partition } from '../../hive/table.ts';
import { dropTarget } from '../../lab/fresh-target.ts';
import { type HiveQuery, withHive } from '../../lab/hive-session.ts';
import { HIDDEN, MOVED } from '../../lab/seed/ext-events.ts';
import { ODD_VALUES } from '../../lab/seed/logs-raw.ts';
import { quoteTable } from '../../lab/seed/source-cluster.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { labCluster } from './lab-metastore.ts';
import { filesBelow, labFiles } from './lab-tables.ts';
import { SEEDED, type SeededCase } from './seeded-tables.ts';
import { type SyncRan, severalAtOnce, syncRuns, type VerifyRan } from './sync-runs.ts';

jest.setTimeout(150_000);

const QUEUE = 'every-table';
const SYNCS_AT_ONCE = 2;
const { sync, verify } = syncRuns(QUEUE);

type Answers = { readonly count: unknown; readonly checksum: unknown; readonly filters: readonly unknown[] };

/** What a cluster's HiveServer2 says of a table. Each query stands alone, as a user's does. */
async function answersOf(cluster: 'a' | 'b', table: string, { checksum, filters }: SeededCase): Promise<Answers> {
  return await withHive(cluster, async (query: HiveQuery) => {
    const from = quoteTable(table);
    const one = async (select: string) => Object.values((await query(select))[0] ?? {})[0];
    const columns = checksum.split(/, (?![^(]*\))/).map((column) => `cast(${column} as string)`);
    const filtered: unknown[] = [];
    for (const filter of filters) filtered.push(await one(`select count(*) from ${from} where ${filter}`));
    return {
      count: await one(`select count(*) from ${from}`),
      checksum: Object.values((await query(`select ${columns.join(', ')} from ${from}`))[0] ?? {}),
      filters: filtered,
    };
  });
}

type Synced = { readonly first: SyncRan; readonly second: SyncRan };
type Asked = { readonly verified: VerifyRan; readonly a: Answers; readonly b: Answers };

const targetOf = ({ table, target }: SeededCase) => target ?? table;
const targetArgs = ({ target }: SeededCase) => (target === undefined ? [] : ['--target-table', target]);

async function syncTwice(one: SeededCase): Promise<Synced> {
  const [database = '', table = ''] = targetOf(one).split('.');
  await dropTarget(database, table);
  const args = ['--memory', '64MiB', ...targetArgs(one)];
  return { first: await sync(one.table, ...args), second: await sync(one.table, ...args) };
}

async function ask(one: SeededCase): Promise<Asked> {
  const verified = await verify(one.table, ...targetArgs(one));
  const [a, b] = await Promise.all([answersOf('a', one.table, one), answersOf('b', targetOf(one), one)]);
  return { verified, a, b };
}

let worker: WorkerProcess;
let synced: ReadonlyMap<string, Promise<Synced>> = new Map();
let asked: ReadonlyMap<string, Promise<Asked>> = new Map();

beforeAll(async () => {
  worker = await startWorker({ name: QUEUE, env: { FERRY_TASK_QUEUE: QUEUE } });
  const each = <T>(most: number, work: (one: SeededCase) => Promise<T>): ReadonlyMap<string, Promise<T>> => {
    const promises = severalAtOnce(
      most,
      SEEDED.map((one) => () => work(one)),
    );
    return new Map(SEEDED.map(({ table }, place) => [table, promises[place] as Promise<T>]));
  };
  synced = each(SYNCS_AT_ONCE, syncTwice);
  // One table at a time: queries that the lab's HiveServer2 runs in its own process fail in each other's way.
  asked = each(1, async (one) => {
    await synced.get(one.table);
    return await ask(one);
  });
});

afterAll(async () => {
  await Promise.allSettled([...synced.values(), ...asked.values()]);
  await worker?.end('SIGTERM');
});

describe.each(SEEDED)('$table', ({ table, partitions, rows }) => {
  it('is copied whole by the first sync', async () => {
    const { first } = await (synced.get(table) as Promise<Synced>);
    expect(first.outcome).toMatchObject({
      outcome: 'complete',
      failures: [],
      partitions: { selected: partitions, published: partitions, failed: 0, skipped: 0 },
    });
    expect(first.exitCode).toBe(0);
  });

  it('has nothing to do in the second', async () => {
    const { second } = await (synced.get(table) as Promise<Synced>);
    expect(second.outcome).toMatchObject({
      outcome: 'nothing-to-do',
      failures: [],
      bytes: { copied: 0 },
      partitions: { selected: partitions, unchanged: partitions },
    });
    expect(second.exitCode).toBe(0);
  });

  it('is the same on both sides, file by file and row by row', async () => {
    const { verified } = await (asked.get(table) as Promise<Asked>);
    expect(verified.report).toMatchObject({ identical: true, partitions, differences: [] });
    expect(verified.exitCode).toBe(0);
  });

  it('answers alike on both clusters: count(*), a checksum, filters over partitions', async () => {
    const { a, b } = await (asked.get(table) as Promise<Asked>);
    expect(Number(a.count)).toBe(rows);
    expect(b).toEqual(a);
  });
});

/** A table's definition, and its partitions by name, as a cluster's metastore has them. */
async function catalogOf(cluster: 'a' | 'b', database: string, table: string) {
  const catalog = createMetastoreCatalog({ cluster, uri: labCluster(cluster).metastore, user: 'root' });
  try {
    const of = { database, table };
    const names = (await catalog.partitionNames(of)) ?? [];
    const partitions = new Map<string, Partition>();
    const definition = await catalog.table(of);
    const keys = definition?.partitionKeys.map(({ name }) => name) ?? [];
    for await (const page of catalog.partitions(of, names))
      for (const one of page) partitions.set(formatPartitionName(keys, one.values), one);
    return { definition, names, partitions };
  } finally {
    await catalog.close();
  }
}

/** Paths below a folder, hidden ones left out but _SUCCESS: 'path length'. */
async function pathsBelow(cluster: 'a' | 'b', folder: string): Promise<readonly string[]> {
  const files = labFiles(cluster);
  try {
    const lines = await filesBelow(files, folder);
    return lines.map((line) => line.slice(folder.length + 1).replace(/ (\d+) \d+ \d+$/, ' $1'));
  } finally {
    await files.close();
  }
}

/** One statement on each cluster. */
async function onBoth(statement: string): Promise<readonly [unknown, unknown]> {
  await asked.get('order.select');
  return await Promise.all([withHive('a', (query) => query(statement)), withHive('b', (query) => query(statement))]);
}

describe('the odd partitions of logs.raw', () => {
  it('case 8, 9: have the very same folders on both clusters', async () => {
    await synced.get('logs.raw');
    const [a, b] = [await pathsBelow('a', '/warehouse/logs.db/raw'), await pathsBelow('b', '/warehouse/logs.db/raw')];
    expect(b).toEqual(a);
    // Hive's own names for some of them, as it wrote them on the source.
    for (const folder of [
      'source=2026-11-01 00%3A00%3A00',
      'source=%2541',
      'source=100%25',
      'source=it%27s',
      'source=Zürich',
    ])
      expect(b.some((path) => path.startsWith(`${folder}/hour=`))).toBe(true);
  });

  it('case 22: each is found by its value on both clusters, and holds its own row', async () => {
    await asked.get('order.select');
    const found = async (cluster: 'a' | 'b') =>
      await withHive(cluster, async (query) => {
        const ids: unknown[] = [];
        for (const value of ODD_VALUES) {
          const literal = `decode(unhex('${Buffer.from(value).toString('hex')}'), 'UTF-8')`;
          ids.push((await query(`select id from logs.raw where source = ${literal}`)).map(({ id }) => id));
        }
        return ids;
      });
    const [a, b] = await Promise.all([found('a'), found('b')]);
    expect(a).toEqual(ODD_VALUES.map((_, id) => [id]));
    expect(b).toEqual(a);
  });

  it('case 19: the default partition under an int key is registered, where MSCK over the same files fails as a whole', async () => {
    const where = 'select id from logs.raw where hour is null order by id';
    expect(await onBoth(where)).toEqual([
      [{ id: 902 }, { id: 903 }],
      [{ id: 902 }, { id: 903 }],
    ]);
    await withHive('b', async (query) => {
      const { fileSystem } = labCluster('b');
      await query('DROP TABLE IF EXISTS logs.raw_by_msck');
      await query(
        `CREATE EXTERNAL TABLE logs.raw_by_msck LIKE logs.raw LOCATION '${fileSystem}/warehouse/logs.db/raw'`,
      );
      await expect(query('MSCK REPAIR TABLE logs.raw_by_msck')).rejects.toThrow('__HIVE_DEFAULT_PARTITION__');
      expect(await query('SHOW PARTITIONS logs.raw_by_msck')).toEqual([]);
      await query('DROP TABLE logs.raw_by_msck');
    });
  });

  it('case 20: hour=01 stays the name of the folder, and 1 the value', async () => {
    await synced.get('logs.raw');
    const { partitions } = await catalogOf('b', 'logs', 'raw');
    expect(partitions.get('source=plain/hour=1')?.storage.location).toMatch(/\/raw\/source=plain\/hour=01$/);
    const select = "select id from logs.raw where source = 'plain' and hour = 1";
    expect(await onBoth(select)).toEqual([[{ id: 900 }], [{ id: 900 }]]);
  });
});

describe('the odd partitions of ext.events', () => {
  const FOLDER = '/warehouse/ext.db/events';

  it('case 23, 40: one that lies elsewhere lands in the usual place; the stale files of its usual folder are not copied', async () => {
    await synced.get('ext.events');
    const [stale] = await pathsBelow('a', `${FOLDER}/${MOVED.partition}`);
    const real = await pathsBelow('a', MOVED.folder);
    expect(stale).toBeDefined();
    expect(real).not.toContain(stale);
    expect(await pathsBelow('b', `${FOLDER}/${MOVED.partition}`)).toEqual(real);
    expect(await onBoth("select count(*) as n from ext.events where what like 'stale%'")).toEqual([
      [{ n: 0 }],
      [{ n: 0 }],
    ]);
    const { partitions } = await catalogOf('b', 'ext', 'events');
    expect(partitions.get(MOVED.partition)?.storage.location).toBe(
      `${labCluster('b').fileSystem}${FOLDER}/${MOVED.partition}`,
    );
  });

  it('case 33: nested folders, empty partitions, empty files and _SUCCESS arrive; hidden files do not', async () => {
    await Promise.all([synced.get('ext.events'), synced.get('web.clicks')]);
    const b = await pathsBelow('b', FOLDER);
    expect(b).toContain('day=2026-11-05/HIVE_UNION_SUBDIR_1 0');
    expect(b).toContain('day=2026-11-05/HIVE_UNION_SUBDIR_2 0');
    expect(b).toContain('day=2026-11-06 0');
    expect(await pathsBelow('b', `${FOLDER}/day=2026-11-06`)).toEqual([]);
    expect(b).toContain(`${HIDDEN.partition}/_SUCCESS 0`);
    const [source, target] = [labFiles('a'), labFiles('b')];
    for (const name of HIDDEN.names) {
      const path = `${FOLDER}/${HIDDEN.partition}/${name}`;
      expect([await source.status(path), await target.status(path)]).toEqual([expect.anything(), undefined]);
    }
    await Promise.all([source.close(), target.close()]);
    expect(await pathsBelow('b', '/warehouse/web.db/clicks')).toContain('dt=2026-11-01/hour=6/000009_0 0');
  });

  it('case 43: the column that came later is read where the files have it, and each partition keeps its own columns', async () => {
    const select = 'select extra, count(*) as n from ext.events group by extra';
    const [a, b] = await onBoth(select);
    expect(a).toEqual(expect.arrayContaining([{ extra: 'extra', n: 3 }]));
    expect(b).toEqual(a);
    const { partitions } = await catalogOf('b', 'ext', 'events');
    const columns = (name: string) => partitions.get(name)?.storage.columns.map((column) => column.name);
    expect(columns('day=2026-11-01')).toEqual(['id', 'what']);
    expect(columns('day=2026-11-07')).toEqual(['id', 'what', 'extra']);
  });

  it('case 44: the partition in text is registered as text in a table of ORC', async () => {
    await synced.get('ext.events');
    const { definition, partitions } = await catalogOf('b', 'ext', 'events');
    expect(definition?.storage.inputFormat).toContain('OrcInputFormat');
    expect(partitions.get('day=2026-11-01')?.storage.inputFormat).toContain('TextInputFormat');
    const select = "select what from ext.events where day = '2026-11-01' order by what";
    const rows = [{ what: 'text 0' }, { what: 'text 1' }, { what: 'text 2' }];
    expect(await onBoth(select)).toEqual([rows, rows]);
  });

  it('case 45, 46: the copy is external, its files outlive it, and nothing drops its partitions in the background', async () => {
    await synced.get('ext.events');
    const [a, b] = [await catalogOf('a', 'ext', 'events'), await catalogOf('b', 'ext', 'events')];
    expect(a.definition?.parameters).toMatchObject({
      'discover.partitions': 'true',
      'partition.retention.period': '9000d',
    });
    expect(b.definition?.kind).toBe('EXTERNAL_TABLE');
    expect(b.definition?.parameters).toMatchObject({ 'discover.partitions': 'false', 'external.table.purge': 'false' });
    expect(b.definition?.parameters).not.toHaveProperty('partition.retention.period');
  });
});

it('case 41: the copy of a managed table is external and counts its files, not the statistics of its source', async () => {
  await synced.get('fin.ledger');
  const [a, b] = [await catalogOf('a', 'fin', 'ledger'), await catalogOf('b', 'fin', 'ledger')];
  expect([a.definition?.kind, b.definition?.kind]).toEqual(['MANAGED_TABLE', 'EXTERNAL_TABLE']);
  const counted = (side: typeof a) =>
    [...side.partitions.values()].filter(({ parameters }) => 'numRows' in parameters).length;
  expect([counted(a), counted(b)]).toEqual([6, 0]);
});

it('case 42: a table whose schema lies in a file of the source is refused by name, with the way out', async () => {
  const { exitCode, outcome } = await sync('avro.schemas', '--memory', '64MiB');
  expect(exitCode).toBe(3);
  expect(outcome).toMatchObject({ outcome: 'refused', bytes: { copied: 0 } });
  expect(outcome.failures).toMatchObject([{ code: 'TABLE_UNSUPPORTED' }]);
  const message = outcome.failures[0]?.message ?? '';
  expect(message).toContain(`avro.schema.url = ${labCluster('a').fileSystem}/schemas/reading.avsc`);
  expect(message).toContain('locationMap');
  expect((await catalogOf('b', 'avro', 'schemas')).definition).toBeUndefined();
});

it('names that are reserved words and comments with quotes arrive as they are', async () => {
  await synced.get('order.select');
  const [a, b] = [await catalogOf('a', 'order', 'select'), await catalogOf('b', 'order', 'select')];
  expect(a.definition?.storage.columns).toContainEqual({
    name: 'user',
    type: 'string',
    comment: "it's ünï 日本; -- no comment",
  });
  expect(b.definition?.storage.columns).toEqual(a.definition?.storage.columns);
  expect(b.definition?.partitionKeys).toEqual(a.definition?.partitionKeys);
  expect(b.definition?.parameters.comment).toBe('a table\'s "comment"; ünï 日本');
});
