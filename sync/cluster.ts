import type { Catalog } from '../hive/catalog.ts';
import type { Sql } from '../hive/sql.ts';
import type { FileSystem } from '../storage/file-system.ts';

/** One named cluster, opened: its ports and what the engine must know of it. config/open-cluster makes the real ones. */
export type Cluster = {
  readonly name: string;
  /** 'read': refused as a target before any call. */
  readonly access: 'read' | 'write';
  readonly files: FileSystem;
  readonly catalog: Catalog;
  /** Opens a HiveServer2 session on first use; absent when the config names none. */
  readonly sql?: () => Sql;
  /**
   * The URI prefixes that stand for this cluster's own file system in catalog locations, without a trailing slash; the
   * first one is the one written into new locations ('hdfs://nn:8020').
   */
  readonly fileSystems: readonly string[];
  /** The folder for plans, manifests, ledgers and outcomes on this cluster, an absolute path. */
  readonly controlRoot: string;
};

/** Opens a cluster of the config by name; throws CLUSTER_UNKNOWN. The same name gives the same object. */
export type OpenCluster = (name: string) => Cluster;
