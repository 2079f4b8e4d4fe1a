import type { Applied, CatalogChange } from './change.ts';
import type { Database, Partition, Table, TableName } from './table.ts';

export type CatalogCallOptions = { readonly signal?: AbortSignal };

/**
 * What an adapter cannot do that a metastore can. What it cannot do it refuses (CATALOG_REFUSED, before it changes
 * anything); it never does something else instead.
 */
export type CatalogLimits = {
  /** A few words for plans and doctor: 'HiveServer2 only, slower'. */
  readonly summary: string;
  /** New tables belong to the user that the server acts as, whatever `owner` says. */
  readonly ownerIsSession: boolean;
  /** The only parameters that a partition can be given. */
  readonly partitionParameters: 'hive-ferry.*';
  /** Descriptors with parameters of their own or the flag `compressed` cannot be made. */
  readonly descriptorParameters: false;
  /** Statistics are marked as unknown (numRows -1, nothing accurate), not taken away. */
  readonly statistics: 'marked unknown';
  /** Partitions are dropped only where Hive leaves their files: of external tables without external.table.purge. */
  readonly dropsOf: 'external tables';
};

/**
 * The port to one cluster's Hive metadata. Names are matched as Hive does, without regard to case, and come back lower-case.
 * undefined is the server's proof of absence; anything that is not an answer throws a FerryError (UNREACHABLE, DEADLINE,
 * CONNECTION_LOST, SERVER_ERROR, AUTH_REQUIRED, PERMISSION_DENIED, CATALOG_REFUSED).
 */
export interface Catalog {
  readonly cluster: string;
  /** Absent: it can do everything. */
  readonly limits?: CatalogLimits;
  database(name: string, options?: CatalogCallOptions): Promise<Database | undefined>;
  /** The names of all tables of a database, sorted; undefined: no such database. */
  tableNames(database: string, options?: CatalogCallOptions): Promise<readonly string[] | undefined>;
  table(name: TableName, options?: CatalogCallOptions): Promise<Table | undefined>;
  /** All partition names in Hive's escaped form ('dt=2026-01-01/region=eu'), sorted; undefined: no such table. */
  partitionNames(name: TableName, options?: CatalogCallOptions): Promise<readonly string[] | undefined>;
  /** The named partitions, in batches, in no promised order; a name that is not registered is left out. */
  partitions(
    name: TableName,
    names: readonly string[],
    options?: CatalogCallOptions,
  ): AsyncIterable<readonly Partition[]>;
  /** The value that stands for null in a partition's name on this cluster ('__HIVE_DEFAULT_PARTITION__' unless configured). */
  defaultPartitionName(options?: CatalogCallOptions): Promise<string>;
  apply(change: CatalogChange, options?: CatalogCallOptions): Promise<Applied>;
  close(): Promise<void>;
}
