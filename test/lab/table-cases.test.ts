import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Catalog } from '../../hive/catalog.ts';
import { createMetastoreCatalog } from '../../hive/metastore/metastore-catalog.ts';
import type { Partition } from '../../hive/table.ts';
import { withHive } from '../../lab/hive-session.ts';
import { makeManaged } from '../../lab/seed/fin-ledger.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { labCluster } from './lab-metastore.ts';
import { labFiles } from './lab-tables.ts';
import { syncRuns } from './sync-runs.ts';

jest.setTimeout(90_000);

const QUEUE = 'table-cases';
const DB = 'ferry_cases';
const { sync, verify } = syncRuns(QUEUE);
const clusters = { a: labCluster('a'), b: labCluster('b') };

let worker: WorkerProcess;
let a: FileSystem;
let b: FileSystem;
let catalogs: Record<'a' | 'b', Catalog>;
let folder: string;

const hive = (cluster: 'a' | 'b', ...statements: string[]) =>
  withHive(cluster, async (query) => {
    let rows: unknown[] = [];
    for (const statement of statements) rows = await query(statement);
    return rows;
  });

/** Transactional tables are kept by another manager than the lab's own. */
const WITH_TRANSACTIONS = [
  'SET hive.txn.manager = org.apache.hadoop.hive.ql.lockmgr.DbTxnManager',
  'SET hive.support.concurrency = true',
];

async function put(files: FileSystem, path: string, text: string): Promise<void> {
  await files.mkdirs(path.slice(0, path.lastIndexOf('/')));
  await files.create(path, async function* () {
    yield Buffer.from(text);
  });
}

/** A text table on a with a partition a name; `lines` are its rows, their fields separated by tabs. */
async function textTable(name: string, columns: string, partitions: Readonly<Record<string, string>>): Promise<void> {
  await hive(
    'a',
    `CREATE EXTERNAL TABLE ${DB}.${name} (${columns}) PARTITIONED BY (p string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'`,
  );
  for (const [p, lines] of Object.entries(partitions)) await textPartition(name, p, lines);
}

async function textPartition(table: string, p: string, lines: string): Promise<void> {
  await put(a, `/warehouse/${DB}.db/${table}/p=${p}/lines-${lines.length}`, lines);
  await hive('a', `ALTER TABLE ${DB}.${table} ADD IF NOT EXISTS PARTITION (p = '${p}')`);
}

async function partitionOf(cluster: 'a' | 'b', table: string, name: string): Promise<Partition | undefined> {
  for await (const [found] of catalogs[cluster].partitions({ database: DB, table }, [name])) return found;
  return undefined;
}

const first = (table: string, ...args: string[]) => sync(`${DB}.${table}`, '--memory', '64MiB', ...args);
const refusal = async (table: string) => {
  const { exitCode, outcome } = await first(table);
  expect([exitCode, outcome.outcome, outcome.bytes.copied, outcome.failures.length]).toEqual([3, 'refused', 0, 1]);
  return outcome.failures[0];
};

async function dropDatabase(cluster: 'a' | 'b', files: FileSystem): Promise<void> {
  await hive(cluster, ...WITH_TRANSACTIONS, `DROP DATABASE IF EXISTS ${DB} CASCADE`);
  await files.delete(`/warehouse/${DB}.db`);
}

beforeAll(async () => {
  a = labFiles('a');
  b = labFiles('b');
  folder = mkdtempSync(join(tmpdir(), 'ferry-cases-'));
  const catalogOf = (cluster: 'a' | 'b') =>
    createMetastoreCatalog({ cluster, uri: clusters[cluster].metastore, user: 'root' });
  catalogs = { a: catalogOf('a'), b: catalogOf('b') };
  for (const [cluster, files] of [
    ['a', a],
    ['b', b],
  ] as const) {
    await dropDatabase(cluster, files);
    await hive(cluster, `CREATE DATABASE ${DB}`);
  }
  worker = await startWorker({ name: QUEUE, env: { FERRY_TASK_QUEUE: QUEUE } });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  for (const [cluster, files] of [
    ['a', a],
    ['b', b],
  ] as const) {
    await dropDatabase(cluster, files);
    await files.close();
    await catalogs[cluster].close();
  }
  rmSync(folder, { recursive: true });
});

it('case 41: count(*) of a managed target follows a replaced partition, although Hive had statistics of the old one', async () => {
  await textTable('ledger', 'entry int', { sep: '1\n2\n', oct: '3\n' });
  expect((await first('ledger')).outcome.outcome).toBe('complete');
  await withHive('b', async (query) => {
    await makeManaged(query, `${DB}.ledger`);
    await query(`ANALYZE TABLE ${DB}.ledger PARTITION (p) COMPUTE STATISTICS`);
  });
  expect((await partitionOf('b', 'ledger', 'p=oct'))?.parameters).toMatchObject({ numRows: '1' });
  const count = `SELECT count(*) AS n FROM ${DB}.ledger`;
  // From the statistics alone: no stage reads a file.
  expect(JSON.stringify(await hive('b', `EXPLAIN ${count}`))).not.toContain('TableScan');
  await textPartition('ledger', 'oct', '4\n5\n6\n');
  await textPartition('ledger', 'nov', '7\n');
  expect((await first('ledger')).outcome.partitions).toMatchObject({ published: 2, unchanged: 1 });
  expect(await hive('b', count)).toEqual([{ n: 7 }]);
  expect(await hive('b', `${count} WHERE p = 'oct'`)).toEqual([{ n: 4 }]);
  expect((await catalogs.b.table({ database: DB, table: 'ledger' }))?.kind).toBe('MANAGED_TABLE');
});

it('case 43: a column added with or without CASCADE is read on the target as on the source', async () => {
  // Files of text that hold a field more than the table has columns.
  await textTable('grows', 'id int', { old: '1\tone\n', rewritten: '2\ttwo\n' });
  expect((await first('grows')).outcome.outcome).toBe('complete');
  await hive('a', `ALTER TABLE ${DB}.grows ADD COLUMNS (extra string COMMENT 'it\\'s new')`);
  await textPartition('grows', 'new', '3\tthree\n');
  await textPartition('grows', 'rewritten', '4\tnot read by the source\n');
  const { outcome } = await first('grows');
  expect(outcome).toMatchObject({ outcome: 'complete', partitions: { published: 2, unchanged: 1 } });
  expect(outcome.drift).toEqual([
    `ALTER TABLE \`${DB}\`.\`grows\` ADD COLUMNS (\`extra\` string COMMENT 'it\\'s new')`,
  ]);
  const rows = `SELECT id, extra FROM ${DB}.grows ORDER BY id`;
  const without = await hive('a', rows);
  expect(without).toEqual([
    { id: 1, extra: null },
    { id: 2, extra: null },
    { id: 3, extra: 'three' },
    { id: 4, extra: null },
  ]);
  expect(await hive('b', rows)).toEqual(without);

  await hive('a', `ALTER TABLE ${DB}.grows ADD COLUMNS (last string) CASCADE`);
  await hive('a', `ALTER TABLE ${DB}.grows PARTITION (p = 'old') REPLACE COLUMNS (id int, extra string, last string)`);
  expect((await first('grows')).outcome).toMatchObject({ outcome: 'complete', bytes: { copied: 0 }, failures: [] });
  const cascaded = await hive('a', rows);
  expect(cascaded).toContainEqual({ id: 1, extra: 'one' });
  expect(await hive('b', rows)).toEqual(cascaded);
  expect((await verify(`${DB}.grows`)).report).toMatchObject({ identical: true, partitions: 3 });
  expect((await first('grows')).outcome.outcome).toBe('nothing-to-do');
});

it('case 24: a type that changed is refused before a byte moves, each difference named with the way out', async () => {
  await textTable('typed', 'id int, who struct<name:string>', { one: '1\tx\n' });
  expect((await first('typed')).outcome.outcome).toBe('complete');
  await hive(
    'a',
    `ALTER TABLE ${DB}.typed CHANGE COLUMN id id string`,
    `ALTER TABLE ${DB}.typed CHANGE COLUMN who who struct<name:string,age:int>`,
  );
  await textPartition('typed', 'two', '2\ty\n');
  const failure = await refusal('typed');
  expect(failure).toMatchObject({ code: 'DRIFT_INCOMPATIBLE' });
  expect(failure?.message).toContain('type of column id: the source has string, the target int');
  expect(failure?.message).toContain('struct<name:string,age:int>, the target struct<name:string>');
  expect(failure?.message).toContain('drop the target table');
  expect(await b.status(`/warehouse/${DB}.db/typed/p=two`)).toBeUndefined();
});

it('case 45: transactional tables and views are refused by name, on either side', async () => {
  const acid = "STORED AS ORC TBLPROPERTIES ('transactional' = 'true'";
  await hive(
    'a',
    ...WITH_TRANSACTIONS,
    `CREATE TABLE ${DB}.acid (id int) ${acid})`,
    `CREATE TABLE ${DB}.inserted (id int) ${acid}, 'transactional_properties' = 'insert_only')`,
    `CREATE VIEW ${DB}.seen AS SELECT 1 AS id`,
    `CREATE EXTERNAL TABLE ${DB}.plain (id int) STORED AS ORC`,
  );
  await hive('b', ...WITH_TRANSACTIONS, `CREATE TABLE ${DB}.plain (id int) ${acid})`);
  const told = await Promise.all(['acid', 'inserted', 'seen', 'plain'].map(refusal));
  expect(told.map((failure) => failure?.code)).toEqual(Array(4).fill('TABLE_UNSUPPORTED'));
  expect(told.map((failure) => failure?.message.replace(/^[^:]*: /, ''))).toEqual([
    `a:${DB}.acid cannot be copied: it is transactional (ACID)`,
    `a:${DB}.inserted cannot be copied: it is transactional (insert-only)`,
    `a:${DB}.seen cannot be copied: it is a view`,
    `b:${DB}.plain cannot be copied: it is transactional (ACID)`,
  ]);
});

it('case 51: two folders for one typed value are refused, both named', async () => {
  const { fileSystem } = clusters.a;
  const base = `/warehouse/${DB}.db/hours`;
  await hive(
    'a',
    `CREATE EXTERNAL TABLE ${DB}.hours (id int) PARTITIONED BY (hour int)`,
    `ALTER TABLE ${DB}.hours ADD PARTITION (hour = 1)`,
  );
  const known = await partitionOf('a', 'hours', 'hour=1');
  if (known === undefined) throw new Error('hour=1 is not registered');
  const twin = { ...known, values: ['01'], storage: { ...known.storage, location: `${fileSystem}${base}/hour=01` } };
  await catalogs.a.apply({ kind: 'add-partitions', of: { database: DB, table: 'hours' }, partitions: [twin] });
  const failure = await refusal('hours');
  expect(failure?.code).toBe('PARTITION_AMBIGUOUS');
  expect(failure?.message).toMatch(/hour=0?1 and hour=0?1 stand for one value/);
});

it('case 42: a place of the source in a partition’s own properties is refused, or mapped where the spec says', async () => {
  const { a: from, b: to } = clusters;
  await textTable('placed', 'id int', { one: '1\n' });
  await hive(
    'a',
    `ALTER TABLE ${DB}.placed PARTITION (p = 'one') SET SERDEPROPERTIES ('path' = '${from.fileSystem}/warehouse/x')`,
  );
  const failure = await refusal('placed');
  expect(failure).toMatchObject({ code: 'TABLE_UNSUPPORTED' });
  expect(failure?.message).toContain(`the partition p=one of a:${DB}.placed points back to its source: path = `);
  expect(failure?.message).toContain('locationMap');

  const spec = join(folder, 'placed.json');
  writeFileSync(spec, JSON.stringify({ locationMap: { [from.fileSystem]: to.fileSystem } }));
  expect((await first('placed', '--spec', spec)).outcome).toMatchObject({ outcome: 'complete' });
  const path = (await partitionOf('b', 'placed', 'p=one'))?.storage.serde.parameters.path;
  expect(path).toBe(`${to.fileSystem}/warehouse/x`);
});

it('case 42: an Avro table whose schema file is on the target too is copied with locationMap', async () => {
  const { a: from, b: to } = clusters;
  const schema = '{"type":"record","name":"r","fields":[{"name":"id","type":"long"}]}';
  const at = `/warehouse/${DB}.db/schemas/r.avsc`;
  await put(a, at, schema);
  await put(b, at, schema);
  await hive(
    'a',
    `CREATE EXTERNAL TABLE ${DB}.readings STORED AS AVRO TBLPROPERTIES ('avro.schema.url' = '${from.fileSystem}${at}')`,
    `INSERT INTO ${DB}.readings VALUES (1), (2)`,
  );
  const spec = join(folder, 'readings.json');
  const prefix = (side: { readonly fileSystem: string }) => `${side.fileSystem}/warehouse/${DB}.db/schemas`;
  writeFileSync(spec, JSON.stringify({ locationMap: { [prefix(from)]: prefix(to) } }));
  expect((await first('readings', '--spec', spec)).outcome).toMatchObject({ outcome: 'complete' });
  expect((await catalogs.b.table({ database: DB, table: 'readings' }))?.parameters).toMatchObject({
    'avro.schema.url': `${to.fileSystem}${at}`,
  });
  expect(await hive('b', `SELECT cast(sum(id) AS string) AS total FROM ${DB}.readings`)).toEqual([{ total: '3' }]);
});
