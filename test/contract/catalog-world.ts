import { expect } from '@jest/globals';
import { codeOf } from '../../errors/ferry-error.ts';
import type { Catalog } from '../../hive/catalog.ts';
import type { CatalogChange, PartitionAlteration } from '../../hive/change.ts';
import { formatPartitionName } from '../../hive/partition-name.ts';
import type { Partition, StorageDescriptor, Table, TableName } from '../../hive/table.ts';

export type CatalogFixture = {
  readonly catalog: Catalog;
  /** A database name that is not taken; the fixture drops it, and `<name>_own`, with all its tables at the end. */
  readonly database: string;
  /** The folder that tables may be laid into, as a catalog URI without a trailing slash. */
  readonly folder: string;
  /** Partitions of a table of many; 2500 unless given. */
  readonly many?: number;
  /** Gives a partition statistics where an alteration cannot (`limits.partitionParameters`). */
  putStatistics?(of: TableName, partition: string): Promise<void>;
  close(): Promise<void>;
};

export const STATISTICS = {
  numRows: '5',
  numFiles: '1',
  totalSize: '99',
  COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}',
};

/** Statistics are gone; a catalog that can only mark them says of none that it is accurate, and of the rows that nobody knows. */
export function expectNoStatistics(catalog: Catalog, parameters: Readonly<Record<string, string>> | undefined): void {
  if (catalog.limits?.statistics === 'marked unknown') {
    expect(parameters).not.toHaveProperty('COLUMN_STATS_ACCURATE');
    expect(['-1', undefined]).toContain(parameters?.numRows);
  } else for (const key of Object.keys(STATISTICS)) expect(parameters).not.toHaveProperty(key);
}

/** Tables, partitions and readers for the tests of a catalog; `fixture` is asked only once the tests run. */
export type CatalogWorld = ReturnType<typeof catalogWorld>;

export function catalogWorld(fixture: () => CatalogFixture) {
  let serial = 0;
  const storage = (location: string): StorageDescriptor => ({
    columns: [
      { name: 'id', type: 'int', comment: 'the key' },
      { name: 'note', type: 'string' },
    ],
    location,
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: {
      library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      parameters: { 'field.delim': '\u0001', 'serialization.format': '\u0001' },
    },
    compressed: false,
    numBuckets: -1,
    bucketColumns: [],
    sortColumns: [],
    parameters: {},
    storedAsSubDirectories: false,
  });

  const tableOf = (over: Partial<Table> = {}): Table => {
    serial += 1;
    const table = over.name ?? `t${serial}`;
    return {
      database: fixture().database,
      name: table,
      owner: 'ferry',
      kind: 'EXTERNAL_TABLE',
      storage: storage(`${fixture().folder}/${table}`),
      partitionKeys: [
        { name: 'dt', type: 'string' },
        { name: 'n', type: 'int' },
      ],
      parameters: { 'external.table.purge': 'false', purpose: 'contract' },
      createTime: 0,
      ...over,
    };
  };
  const nameOf = (table: Table): TableName => ({ database: table.database, table: table.name });

  const create = async (over: Partial<Table> = {}): Promise<{ table: Table; of: TableName }> => {
    const table = tableOf(over);
    await fixture().catalog.apply({ kind: 'create-table', table });
    return { table, of: nameOf(table) };
  };

  const partition = (table: Table, values: readonly string[], over: Partial<Partition> = {}): Partition => ({
    values,
    storage: storage(`${table.storage.location}/${formatPartitionName(['dt', 'n'], values)}`),
    parameters: { 'hive-ferry.mark': 'first' },
    ...over,
  });

  const read = async (of: TableName, names: readonly string[]): Promise<Map<string, Partition>> => {
    const found = new Map<string, Partition>();
    for await (const batch of fixture().catalog.partitions(of, names)) {
      expect(batch.length).toBeGreaterThan(0);
      for (const one of batch) found.set(formatPartitionName(['dt', 'n'], one.values), one);
    }
    return found;
  };
  const readOne = async (of: TableName, one: string): Promise<Partition> => {
    const found = (await read(of, [one])).get(one);
    if (found === undefined) throw new Error(`${one} is not registered`);
    return found;
  };
  const codeOfApply = async (change: CatalogChange): Promise<string> =>
    fixture()
      .catalog.apply(change)
      .then((applied) => `no error, changed ${applied.changed}`, codeOf);

  return { fixture, storage, tableOf, create, partition, read, readOne, codeOfApply };
}

/** An alteration that changes nothing of a partition but what is given. */
export function alteration(before: Partition, over: Partial<PartitionAlteration>): PartitionAlteration {
  const { location } = before.storage;
  return { values: before.values, expectLocation: location, location, parameters: {}, ...over };
}
