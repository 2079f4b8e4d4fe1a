import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Catalog } from '../../hive/catalog.ts';
import type { CatalogChange } from '../../hive/change.ts';
import { createHiveServer2 } from '../../hive/hiveserver2/hiveserver2.ts';
import { createMetastoreCatalog } from '../../hive/metastore/metastore-catalog.ts';
import { formatPartitionName } from '../../hive/partition-name.ts';
import type { Sql } from '../../hive/sql.ts';
import { statementsFor } from '../../hive/statements.ts';
import type { Column, Partition, Table } from '../../hive/table.ts';
import { deleteScratch, dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

jest.setTimeout(120_000);

const [printed, applied] = [`${scratchName()}_p`, `${scratchName()}_a`];
const cluster = labCluster('b');
const { metastore, fileSystem, hiveserver2 } = cluster;
let sql: Sql;
let catalog: Catalog;

beforeAll(() => {
  sql = createHiveServer2({ cluster: 'b', ...hiveserver2, auth: 'nosasl', user: 'hive' });
  catalog = createMetastoreCatalog({ cluster: 'b', uri: metastore, user: 'hive' });
});
afterAll(async () => {
  await sql.close();
  await catalog.close();
  await dropDatabases(metastore, [printed, applied]);
  for (const name of [printed, applied]) await deleteScratch(cluster, name);
});

const keys: readonly Column[] = [
  { name: 's', type: 'string' },
  { name: 'n', type: 'int' },
  { name: 'd', type: 'date' },
];
const folder = (database: string): string => `${fileSystem}/tmp/${database}`;
const table = (database: string): Table => ({
  database,
  name: 't',
  owner: 'hive',
  kind: 'EXTERNAL_TABLE',
  storage: {
    columns: [
      { name: 'id', type: 'bigint', comment: "it's" },
      { name: 'kind', type: 'map<string,array<struct<a:int,b:decimal(10,2)>>>' },
    ],
    location: `${folder(database)}/t`,
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: {
      library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      parameters: { 'field.delim': '\t', 'serialization.format': '\t', 'serialization.null.format': '\\N' },
    },
    compressed: false,
    numBuckets: 4,
    bucketColumns: ['id'],
    sortColumns: [{ column: 'id', order: 1 }],
    parameters: {},
    storedAsSubDirectories: false,
  },
  partitionKeys: keys,
  parameters: { 'external.table.purge': 'false', bucketing_version: '2', note: 'a "b" \'c\' \\ $' + '{hiveconf:x} ;' },
  createTime: 0,
});
const VALUES = [
  "it's",
  'a\\b',
  '"q"',
  'two\nlines',
  'tab\there',
  `$${'{hiveconf:x}'}`,
  '%3A',
  'a;b',
  'Zürich',
  '`tick`',
  'a--b',
  '日本',
  'a/b',
];
const partition = (database: string, values: readonly string[]): Partition => {
  const name = formatPartitionName(
    keys.map((key) => key.name),
    values,
  );
  const { storage } = table(database);
  return { values, storage: { ...storage, location: `${storage.location}/${name}` }, parameters: {} };
};

/** The changes of a sync, for one database. */
const changes = (database: string): readonly CatalogChange[] => {
  const of = { database, table: 't' };
  const partitions = VALUES.map((value, i) => partition(database, [value, String(i - 1), '2026-01-02']));
  const [first, second, third] = partitions;
  if (!first || !second || !third) throw new Error('too few values');
  const moved = {
    values: second.values,
    expectLocation: second.storage.location,
    location: `${folder(database)}/moved=%3A`,
    parameters: {},
  };
  return [
    { kind: 'create-database', database, location: folder(database) },
    { kind: 'create-table', table: table(database) },
    { kind: 'add-partitions', of, partitions },
    { kind: 'add-columns', of, columns: [{ name: 'extra', type: 'string', comment: 'new' }], cascade: true },
    { kind: 'alter-partitions', of, partitions: [moved] },
    {
      kind: 'drop-partitions',
      of,
      names: [formatPartitionName(['s', 'n', 'd'], third.values), 's=none/n=1/d=2026-01-01'],
    },
    { kind: 'set-properties', of, parameters: { 'hive-ferry.base': 'x', 'a\\b': "c'd" } },
  ];
};

type Seen = { readonly table: unknown; readonly partitions: readonly unknown[] };
async function seen(database: string): Promise<Seen> {
  const of = { database, table: 't' };
  const found = await catalog.table(of);
  const partitions: Partition[] = [];
  for await (const batch of catalog.partitions(of, (await catalog.partitionNames(of)) ?? [])) partitions.push(...batch);
  partitions.sort((a, b) => (a.values.join() < b.values.join() ? -1 : 1));
  // What differs by nature: names and folders of the two databases, ids, times, who asked, and a note that HiveServer2
  // makes of sorted buckets.
  const text = JSON.stringify({
    table: found,
    partitions: partitions.map(({ values, storage }) => ({ values, storage })),
  })
    .replaceAll(database, 'DB')
    .replace(/"(createTime|id|owner|transient_lastDdlTime|last_modified_\w+|SORTBUCKETCOLSPREFIX)":"?\w+"?,?/g, '');
  return JSON.parse(text.replace(/,}/g, '}')) as Seen;
}

describe('a plan as HiveQL', () => {
  it('case 20, 22: does on a real HiveServer2 what applying the changes does on the metastore', async () => {
    for (const change of changes(printed)) {
      for (const statement of statementsFor(change, keys)) {
        if (!statement.startsWith('-- ')) await sql.execute(statement);
      }
    }
    for (const change of changes(applied)) await catalog.apply(change);
    const [byHand, byApply] = [await seen(printed), await seen(applied)];
    expect(byApply.partitions).toHaveLength(VALUES.length - 1);
    expect(byHand).toEqual(byApply);
  });
});
