import { FerryError, isFerryError } from '../../errors/ferry-error.ts';
import { batchFor, inBatches } from '../batches.ts';
import type { TableName } from '../table.ts';
import type { CallOptions, MetastoreClient } from './connection.ts';
import type { MetastoreConnections } from './connections.ts';
import type * as Raw from './gen/hive-metastore_types.js';
import types from './gen/hive-metastore_types.js';
import { isInvalidObject, isNoSuchObject, isUnknownMethod, metastoreError } from './thrift-error.ts';

/** The first batch of partitions that are read; how wide they are is seen from it. */
const FIRST_BATCH = 200;
/** Sent with alterations: the metastore shall not count files and rows anew, or believe the old numbers. */
const KEEP_STATISTICS_OUT = { DO_NOT_UPDATE_STATS: 'true' };

/** The metastore's calls that the catalog needs, with names lower-case, errors mapped and long lists in batches. */
export class MetastoreCalls {
  readonly cluster: string;
  readonly #connections: MetastoreConnections;
  #knowsTableRequest = true;

  constructor(cluster: string, connections: MetastoreConnections) {
    this.cluster = cluster;
    this.#connections = connections;
  }

  async database(name: string, options: CallOptions): Promise<Raw.Database | undefined> {
    const wanted = name.toLowerCase();
    return absent(this.#call('get_database', wanted, (client) => client.get_database(wanted), options));
  }

  async createDatabase(name: string, location: string | undefined, options: CallOptions): Promise<void> {
    const database = new types.Database({ name, locationUri: location, parameters: {} } as Raw.Database);
    await this.#call('create_database', name, (client) => client.create_database(database), options);
  }

  async tableNames(database: string, options: CallOptions): Promise<string[]> {
    return this.#call('get_all_tables', database, (client) => client.get_all_tables(database), options);
  }

  /**
   * Sends no processor capabilities (with them the metastore rewrites bucketed and ACID tables in its answer), but says
   * that it knows insert-only tables, or they would be refused instead of shown.
   */
  async table(name: TableName, options: CallOptions): Promise<Raw.Table | undefined> {
    const [database, table] = [name.database.toLowerCase(), name.table.toLowerCase()];
    const what = `${database}.${table}`;
    if (this.#knowsTableRequest) {
      const capabilities = new types.ClientCapabilities({ values: [types.ClientCapability.INSERT_ONLY_TABLES] });
      const request = new types.GetTableRequest({ dbName: database, tblName: table, capabilities });
      try {
        const result = await absent(
          this.#call('get_table_req', what, (client) => client.get_table_req(request), options),
        );
        return result?.table;
      } catch (error) {
        if (!isFerryError(error) || !isUnknownMethod(error.cause)) throw error;
        this.#knowsTableRequest = false;
      }
    }
    return absent(this.#call('get_table', what, (client) => client.get_table(database, table), options));
  }

  /** @throws FerryError TABLE_NOT_FOUND. */
  async tableThere(name: TableName, options: CallOptions): Promise<Raw.Table> {
    const raw = await this.table(name, options);
    if (raw === undefined) throw this.#noTable(`${name.database}.${name.table}`.toLowerCase());
    return raw;
  }

  async createTable(table: Raw.Table, options: CallOptions): Promise<void> {
    const context = new types.EnvironmentContext({ properties: { ...KEEP_STATISTICS_OUT } });
    const run = (client: MetastoreClient): Promise<void> =>
      client.create_table_with_environment_context(table, context);
    await this.#call('create_table', `${table.dbName}.${table.tableName}`, run, options);
  }

  async alterTable(
    table: Raw.Table,
    environment: Readonly<Record<string, string>>,
    options: CallOptions,
  ): Promise<void> {
    const { dbName, tableName } = table;
    const context = new types.EnvironmentContext({ properties: { ...KEEP_STATISTICS_OUT, ...environment } });
    const run = (client: MetastoreClient): Promise<void> =>
      client.alter_table_with_environment_context(dbName, tableName, table, context);
    await this.#call('alter_table', `${dbName}.${tableName}`, run, options);
  }

  async partitionNames(name: TableName, options: CallOptions): Promise<string[] | undefined> {
    const [database, table] = [name.database.toLowerCase(), name.table.toLowerCase()];
    const run = (client: MetastoreClient): Promise<string[]> => client.get_partition_names(database, table, -1);
    return absent(this.#call('get_partition_names', `${database}.${table}`, run, options));
  }

  /** The partitions of these names that are registered, in batches. */
  partitions(name: TableName, names: readonly string[], options: CallOptions): AsyncGenerator<Raw.Partition[]> {
    const [database, table] = [name.database.toLowerCase(), name.table.toLowerCase()];
    let size = FIRST_BATCH;
    return inBatches(
      names,
      () => size,
      async (batch) => {
        const run = (client: MetastoreClient): Promise<Raw.Partition[]> =>
          client.get_partitions_by_names(database, table, [...batch]);
        try {
          const found = await this.#call('get_partitions_by_names', `${database}.${table}`, run, options);
          if (found.length > 0) size = batchFor(Math.max(...found.map((one) => one.sd?.cols?.length ?? 0)));
          return found;
        } catch (error) {
          // What is thrown for a table that is not there differs by version.
          const refused = isFerryError(error) && (isNoSuchObject(error.cause) || isInvalidObject(error.cause));
          if (refused && (await this.table(name, options)) === undefined) throw this.#noTable(`${database}.${table}`);
          throw error;
        }
      },
    );
  }

  /** Registers those that are not there yet, all or none; answers with them. */
  async addPartitions(
    of: Raw.Table,
    partitions: readonly Raw.Partition[],
    options: CallOptions,
  ): Promise<Raw.Partition[]> {
    const { dbName, tableName } = of;
    const request = new types.AddPartitionsRequest({
      dbName,
      tblName: tableName,
      parts: [...partitions],
      ifNotExists: true,
      needResult: true,
      environmentContext: new types.EnvironmentContext({ properties: { ...KEEP_STATISTICS_OUT } }),
    });
    const run = (client: MetastoreClient): Promise<Raw.AddPartitionsResult> => client.add_partitions_req(request);
    return (await this.#call('add_partitions', `${dbName}.${tableName}`, run, options)).partitions ?? [];
  }

  async alterPartitions(of: Raw.Table, partitions: readonly Raw.Partition[], options: CallOptions): Promise<void> {
    const { dbName, tableName } = of;
    const context = new types.EnvironmentContext({ properties: { ...KEEP_STATISTICS_OUT } });
    const run = (client: MetastoreClient): Promise<void> =>
      client.alter_partitions_with_environment_context(dbName, tableName, [...partitions], context);
    await this.#call('alter_partitions', `${dbName}.${tableName}`, run, options);
  }

  /** Drops the registrations of these names that are there; answers with how many, in batches. The files stay. */
  dropPartitions(of: Raw.Table, names: readonly string[], options: CallOptions): AsyncGenerator<number> {
    const { dbName, tableName } = of;
    return inBatches(
      names,
      () => batchFor(of.sd.cols.length),
      async (batch) => {
        const request = new types.DropPartitionsRequest({
          dbName,
          tblName: tableName,
          parts: new types.RequestPartsSpec({ names: [...batch] }),
          deleteData: false,
          ifExists: true,
          needResult: true,
        });
        const run = (client: MetastoreClient): Promise<Raw.DropPartitionsResult> => client.drop_partitions_req(request);
        return ((await this.#call('drop_partitions', `${dbName}.${tableName}`, run, options)).partitions ?? []).length;
      },
    );
  }

  async configValue(name: string, standard: string, options: CallOptions): Promise<string> {
    return this.#call('get_config_value', name, (client) => client.get_config_value(name, standard), options);
  }

  async #call<T>(
    method: string,
    what: string,
    run: (client: MetastoreClient) => Promise<T>,
    options: CallOptions,
  ): Promise<T> {
    try {
      return await this.#connections.call(method, run, options);
    } catch (error) {
      throw metastoreError(error, this.cluster, `${method} ${what}`);
    }
  }

  #noTable(what: string): FerryError {
    return new FerryError('TABLE_NOT_FOUND', `no table ${what} on cluster ${this.cluster}`);
  }
}

/** The answer, or undefined where the server says that there is no such object. */
async function absent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isFerryError(error) && isNoSuchObject(error.cause)) return undefined;
    throw error;
  }
}
