import { FerryError } from '../../errors/ferry-error.ts';
import type { Catalog, CatalogCallOptions } from '../catalog.ts';
import type { Applied, CatalogChange } from '../change.ts';
import { DEFAULT_PARTITION_NAME } from '../partition-name.ts';
import type { Database, Partition, Table, TableName } from '../table.ts';
import { applyChange } from './apply-change.ts';
import { type Login, loginAs, MetastoreConnections } from './connections.ts';
import { MetastoreCalls } from './metastore-calls.ts';
import { toDatabase, toPartition, toTable } from './raw.ts';

export type MetastoreCatalogOptions = {
  readonly cluster: string;
  /** 'thrift://host:9083'; several, separated by commas, are tried in turn. */
  readonly uri: string;
  /** The name the metastore is given; absent: none is given, and it acts as itself. */
  readonly user?: string;
  readonly deadlines?: { readonly connectMs?: number; readonly callMs?: number };
  /** Calls at once, each on a connection of its own; 4 unless given. */
  readonly connections?: number;
  readonly maxAnswerBytes?: number;
};

const DEFAULT_PORT = 9083;

/**
 * A catalog over a Hive metastore's Thrift interface (Hive 2.2 to 4.0; `get_table` is used where `get_table_req` is not
 * known). Nothing is opened before the first call.
 * @throws FerryError CONFIG_INVALID for a URI that is not thrift://host:port.
 */
export function createMetastoreCatalog(options: MetastoreCatalogOptions): Catalog {
  return new MetastoreCatalog(options);
}

class MetastoreCatalog implements Catalog {
  readonly cluster: string;
  readonly #connections: MetastoreConnections;
  readonly #calls: MetastoreCalls;
  #defaultPartitionName: string | undefined;

  constructor(options: MetastoreCatalogOptions) {
    this.cluster = options.cluster;
    this.#connections = new MetastoreConnections({
      addresses: parseMetastoreUri(options.uri),
      login: options.user === undefined ? anonymous : loginAs(options.user),
      connectMs: options.deadlines?.connectMs ?? 5_000,
      callMs: options.deadlines?.callMs ?? 120_000,
      maxAnswerBytes: options.maxAnswerBytes ?? 256 * 1024 * 1024,
      most: options.connections ?? 4,
    });
    this.#calls = new MetastoreCalls(options.cluster, this.#connections);
  }

  async database(name: string, options: CatalogCallOptions = {}): Promise<Database | undefined> {
    const raw = await this.#calls.database(name, options);
    return raw === undefined ? undefined : toDatabase(raw);
  }

  async tableNames(database: string, options: CatalogCallOptions = {}): Promise<readonly string[] | undefined> {
    const names = await this.#calls.tableNames(database.toLowerCase(), options);
    // The metastore answers for a database that is not there with an empty list.
    if (names.length === 0 && (await this.#calls.database(database, options)) === undefined) return undefined;
    return names.sort();
  }

  async table(name: TableName, options: CatalogCallOptions = {}): Promise<Table | undefined> {
    const raw = await this.#calls.table(name, options);
    return raw === undefined ? undefined : toTable(raw);
  }

  async partitionNames(name: TableName, options: CatalogCallOptions = {}): Promise<readonly string[] | undefined> {
    const names = await this.#calls.partitionNames(name, options);
    if (names?.length === 0 && (await this.#calls.table(name, options)) === undefined) return undefined;
    return names?.sort();
  }

  async *partitions(
    name: TableName,
    names: readonly string[],
    options: CatalogCallOptions = {},
  ): AsyncGenerator<readonly Partition[]> {
    for await (const batch of this.#calls.partitions(name, names, options)) {
      if (batch.length > 0) yield batch.map(toPartition);
    }
  }

  async defaultPartitionName(options: CatalogCallOptions = {}): Promise<string> {
    options.signal?.throwIfAborted();
    const key = 'hive.exec.default.partition.name';
    this.#defaultPartitionName ??= await this.#calls.configValue(key, DEFAULT_PARTITION_NAME, options);
    return this.#defaultPartitionName;
  }

  async apply(change: CatalogChange, options: CatalogCallOptions = {}): Promise<Applied> {
    const defaultPartitionName = await this.defaultPartitionName(options);
    return applyChange(this.#calls, change, { ...options, defaultPartitionName });
  }

  async close(): Promise<void> {
    this.#connections.close();
  }
}

/** 'thrift://one:9083,thrift://two' as addresses. */
export function parseMetastoreUri(uri: string): readonly { readonly host: string; readonly port: number }[] {
  return uri.split(',').map((one) => {
    const match = /^thrift:\/\/(\[[0-9A-Fa-f:]+\]|[^\s:/]+)(?::(\d{1,5}))?\/?$/.exec(one.trim());
    const port = Number(match?.[2] ?? DEFAULT_PORT);
    if (match?.[1] === undefined || port < 1 || port > 65_535) {
      throw new FerryError('CONFIG_INVALID', `'${one.trim()}' is not a metastore URI (thrift://host:port)`);
    }
    return { host: match[1].replace(/^\[|\]$/g, ''), port };
  });
}

const anonymous: Login = async () => {};
