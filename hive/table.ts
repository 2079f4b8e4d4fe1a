export type Column = { readonly name: string; readonly type: string; readonly comment?: string };

/** How rows lie in files: Hive's StorageDescriptor. `location` is the catalog's full URI ('hdfs://nn:8020/warehouse/...'). */
export type StorageDescriptor = {
  readonly columns: readonly Column[];
  readonly location: string;
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: { readonly library: string; readonly parameters: Readonly<Record<string, string>> };
  readonly compressed: boolean;
  readonly numBuckets: number;
  readonly bucketColumns: readonly string[];
  /** order: 1 ascending, 0 descending, as the metastore writes it. */
  readonly sortColumns: readonly { readonly column: string; readonly order: number }[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly skewed?: { readonly columns: readonly string[]; readonly values: readonly (readonly string[])[] };
  readonly storedAsSubDirectories: boolean;
};

export type TableKind = 'MANAGED_TABLE' | 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW' | 'MATERIALIZED_VIEW' | 'INDEX_TABLE';

export type Table = {
  readonly database: string;
  readonly name: string;
  readonly owner: string;
  readonly kind: TableKind;
  readonly storage: StorageDescriptor;
  /** Empty: an unpartitioned table. */
  readonly partitionKeys: readonly Column[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Seconds since the epoch; with `id` (absent on old servers) it tells a table from one made anew under its name. */
  readonly createTime: number;
  readonly id?: string;
};

/** One partition as the catalog shows it. `values` are unescaped, in the order of the partition keys. */
export type Partition = {
  readonly values: readonly string[];
  readonly storage: StorageDescriptor;
  readonly parameters: Readonly<Record<string, string>>;
};

/** `location` is the URI of the folder under which Hive lays new external tables of this database. */
export type Database = { readonly name: string; readonly location: string };

export type TableName = { readonly database: string; readonly table: string };
