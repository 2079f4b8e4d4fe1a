import type { Catalog, CatalogCallOptions, CatalogLimits } from '../catalog.ts';
import type { Applied, CatalogChange } from '../change.ts';
import type { Database, Partition, Table, TableName } from '../table.ts';
import { applyInHiveQl } from './apply-in-hiveql.ts';
import { HiveReader } from './hive-reader.ts';
import { createHiveServer2, type HiveServer2Options } from './hiveserver2.ts';
import { LITERAL_SETTINGS } from './literal-spec.ts';

export type HiveServer2CatalogOptions = Omit<HiveServer2Options, 'settings'> & {
  /** Sessions that describe and alter partitions side by side; 4 unless given. */
  readonly sessions?: number;
};

export const HIVESERVER2_LIMITS: CatalogLimits = {
  summary: 'HiveServer2 only, slower',
  ownerIsSession: true,
  partitionParameters: 'hive-ferry.*',
  descriptorParameters: false,
  statistics: 'marked unknown',
  dropsOf: 'external tables',
};

/**
 * A catalog over HiveServer2 alone, for clusters whose metastore cannot be reached. Definitions are read as JSON
 * (DESCRIBE EXTENDED) and so are exact; changes are HiveQL, several statements for what is one call to a metastore, so
 * that others may see a partition between two of them. One statement a partition, some 50 to 100 ms each. Tried on
 * Hive 4.0.1; older servers that do not describe as JSON answer BAD_ANSWER.
 */
export function createHiveServer2Catalog({ sessions = 4, ...options }: HiveServer2CatalogOptions): Catalog {
  const literalSettings = {
    ...LITERAL_SETTINGS,
    'hive.ddl.output.format': 'json',
    // Otherwise a partition of a table of ORC can neither be given another format nor fewer columns (error 10313).
    'hive.exec.schema.evolution': 'false',
    // Otherwise one statement of the whole server is compiled at a time.
    'hive.driver.parallel.compilation': 'true',
  };
  return new HiveServer2Catalog(
    new HiveReader(options.cluster, {
      plain: createHiveServer2(options),
      literal: Array.from({ length: sessions }, () => createHiveServer2({ ...options, settings: literalSettings })),
    }),
  );
}

class HiveServer2Catalog implements Catalog {
  readonly cluster: string;
  readonly limits = HIVESERVER2_LIMITS;
  readonly #reader: HiveReader;

  constructor(reader: HiveReader) {
    this.cluster = reader.cluster;
    this.#reader = reader;
  }

  database(name: string, options: CatalogCallOptions = {}): Promise<Database | undefined> {
    return this.#reader.database(name, options);
  }

  tableNames(database: string, options: CatalogCallOptions = {}): Promise<readonly string[] | undefined> {
    return this.#reader.tableNames(database, options);
  }

  table(name: TableName, options: CatalogCallOptions = {}): Promise<Table | undefined> {
    return this.#reader.table(name, options);
  }

  partitionNames(name: TableName, options: CatalogCallOptions = {}): Promise<readonly string[] | undefined> {
    return this.#reader.partitionNames(name, options);
  }

  async *partitions(
    name: TableName,
    names: readonly string[],
    options: CatalogCallOptions = {},
  ): AsyncGenerator<readonly Partition[]> {
    yield* this.#reader.partitions(await this.#reader.tableThere(name, options), names, options);
  }

  defaultPartitionName(options: CatalogCallOptions = {}): Promise<string> {
    return this.#reader.defaultPartitionName(options);
  }

  apply(change: CatalogChange, options: CatalogCallOptions = {}): Promise<Applied> {
    return applyInHiveQl(this.#reader, change, options);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
