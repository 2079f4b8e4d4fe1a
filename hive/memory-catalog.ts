import { FerryError } from '../errors/ferry-error.ts';
import { alteredParameters, hasNoStatistics, hasParameters, judgeAlteration, samePlace } from './alteration.ts';
import type { Catalog, CatalogCallOptions } from './catalog.ts';
import type { Applied, CatalogChange } from './change.ts';
import { DEFAULT_PARTITION_NAME, formatPartitionName } from './partition-name.ts';
import { withoutStatistics } from './statistics.ts';
import type { Database, Partition, Table, TableName } from './table.ts';

export type MemoryCatalogOptions = {
  readonly cluster: string;
  /** The prefix of every location it makes up: 'hdfs://a'. */
  readonly fileSystem: string;
  /** The folder of the database `default`; others lie in it as '<name>.db'. */
  readonly warehouse?: string;
  readonly defaultPartitionName?: string;
  /** Partitions yielded at once by partitions(). */
  readonly batch?: number;
};

type Entry = { table: Table; readonly partitions: Map<string, Partition> };
type Change<K extends CatalogChange['kind']> = Extract<CatalogChange, { readonly kind: K }>;

const NOTHING: Applied = { changed: 0, unexpected: [] };

/**
 * A catalog in memory with the semantics of Hive's metastore: names without regard to case, one partition a name,
 * all-or-nothing changes, dropping keeps files. Each call takes effect at one instant. It knows no file system: where
 * the metastore would make a missing folder, nothing happens. The methods put..., read... and remove... are for tests.
 */
export class MemoryCatalog implements Catalog {
  readonly cluster: string;
  readonly #options: Required<MemoryCatalogOptions>;
  readonly #databases = new Map<string, Database>();
  readonly #tables = new Map<string, Entry>();
  #lastId = 0;

  constructor(options: MemoryCatalogOptions) {
    this.cluster = options.cluster;
    this.#options = { warehouse: '/warehouse', defaultPartitionName: DEFAULT_PARTITION_NAME, batch: 1000, ...options };
    this.putDatabase({ name: 'default', location: `${this.#options.fileSystem}${this.#options.warehouse}` });
  }

  putDatabase(database: Database): void {
    const name = database.name.toLowerCase();
    this.#databases.set(name, { ...database, name });
  }

  /** Puts a table in place of the one of that name; its partitions stay when the keys are the same. Without an `id` it gets a new one. */
  putTable(table: Table): void {
    const key = keyOf({ database: table.database, table: table.name });
    const before = this.#tables.get(key);
    const kept = before !== undefined && namesOf(before.table).join() === namesOf(table).join();
    const partitions = kept ? before.partitions : new Map<string, Partition>();
    this.#tables.set(key, { table: { ...this.#normal(table), id: table.id ?? this.#nextId() }, partitions });
  }

  /** Registers a partition, or puts it in place of the one of that name. */
  putPartition(of: TableName, partition: Partition): void {
    const entry = this.#entry(of);
    entry.partitions.set(this.#nameOf(entry.table, partition.values), structuredClone(partition));
  }

  readTable(of: TableName): Table | undefined {
    return structuredClone(this.#tables.get(keyOf(of))?.table);
  }

  /** All partitions of a table by their names, sorted. */
  readPartitions(of: TableName): ReadonlyMap<string, Partition> {
    return new Map(structuredClone([...this.#entry(of).partitions].sort(byName)));
  }

  /** Where a table, or the partition of that name, is; undefined: it is not registered. */
  locationOf(of: TableName, partition?: string): string | undefined {
    const entry = this.#tables.get(keyOf(of));
    if (partition === undefined) return entry?.table.storage.location;
    return entry?.partitions.get(partition)?.storage.location;
  }

  removeTable(of: TableName): void {
    this.#tables.delete(keyOf(of));
  }

  removePartition(of: TableName, name: string): void {
    this.#entry(of).partitions.delete(name);
  }

  async database(name: string, options?: CatalogCallOptions): Promise<Database | undefined> {
    options?.signal?.throwIfAborted();
    return structuredClone(this.#databases.get(name.toLowerCase()));
  }

  async tableNames(database: string, options?: CatalogCallOptions): Promise<readonly string[] | undefined> {
    options?.signal?.throwIfAborted();
    const name = database.toLowerCase();
    if (!this.#databases.has(name)) return undefined;
    return [...this.#tables.values()]
      .filter(({ table }) => table.database === name)
      .map(({ table }) => table.name)
      .sort();
  }

  async table(name: TableName, options?: CatalogCallOptions): Promise<Table | undefined> {
    options?.signal?.throwIfAborted();
    return this.readTable(name);
  }

  async partitionNames(name: TableName, options?: CatalogCallOptions): Promise<readonly string[] | undefined> {
    options?.signal?.throwIfAborted();
    const entry = this.#tables.get(keyOf(name));
    return entry === undefined ? undefined : [...entry.partitions.keys()].sort();
  }

  async *partitions(
    name: TableName,
    names: readonly string[],
    options?: CatalogCallOptions,
  ): AsyncGenerator<readonly Partition[]> {
    const { batch } = this.#options;
    for (let from = 0; from < names.length; from += batch) {
      options?.signal?.throwIfAborted();
      const { partitions } = this.#entry(name);
      const wanted = new Set(names.slice(from, from + batch));
      const found = [...wanted].map((one) => partitions.get(one)).filter((one) => one !== undefined);
      if (found.length > 0) yield structuredClone(found);
    }
  }

  async defaultPartitionName(options?: CatalogCallOptions): Promise<string> {
    options?.signal?.throwIfAborted();
    return this.#options.defaultPartitionName;
  }

  async apply(change: CatalogChange, options?: CatalogCallOptions): Promise<Applied> {
    options?.signal?.throwIfAborted();
    switch (change.kind) {
      case 'create-database':
        return this.#createDatabase(change);
      case 'create-table':
        return this.#createTable(change.table);
      case 'add-columns':
        return this.#addColumns(change);
      case 'add-partitions':
        return this.#addPartitions(change);
      case 'alter-partitions':
        return this.#alterPartitions(change);
      case 'drop-partitions':
        return this.#dropPartitions(change);
      case 'move-table':
        return this.#moveTable(change);
      case 'set-properties':
        return this.#setProperties(change);
    }
  }

  async close(): Promise<void> {}

  #createDatabase({ database, location }: Change<'create-database'>): Applied {
    const name = database.toLowerCase();
    if (this.#databases.has(name)) return NOTHING;
    const { fileSystem, warehouse } = this.#options;
    this.putDatabase({ name, location: location ?? `${fileSystem}${warehouse}/${name}.db` });
    return { changed: 1, unexpected: [] };
  }

  #createTable(table: Table): Applied {
    const database = table.database.toLowerCase();
    if (!this.#databases.has(database)) {
      throw new FerryError('DATABASE_NOT_FOUND', `no database ${database} on cluster ${this.cluster}`);
    }
    if (this.#tables.has(keyOf({ database, table: table.name }))) return NOTHING;
    const external: Record<string, string> = table.kind === 'EXTERNAL_TABLE' ? { EXTERNAL: 'TRUE' } : {};
    const createTime = Math.floor(Date.now() / 1000);
    const parameters = {
      ...withoutStatistics(table.parameters),
      ...external,
      transient_lastDdlTime: String(createTime),
    };
    this.putTable({ ...table, parameters, createTime, id: this.#nextId() });
    return { changed: 1, unexpected: [] };
  }

  /** As the metastore does it: with cascade, the columns of every partition become the table's. */
  #addColumns({ of, columns, cascade }: Change<'add-columns'>): Applied {
    const entry = this.#entry(of);
    const there = new Set(entry.table.storage.columns.map((column) => column.name));
    const added = lowerNames(columns).filter((column) => !there.has(column.name));
    if (added.length === 0) return NOTHING;
    const all = [...entry.table.storage.columns, ...added];
    entry.table = { ...entry.table, storage: { ...entry.table.storage, columns: all } };
    if (cascade) {
      for (const [name, partition] of entry.partitions) {
        entry.partitions.set(name, { ...partition, storage: { ...partition.storage, columns: all } });
      }
    }
    return { changed: added.length, unexpected: [] };
  }

  #addPartitions({ of, partitions }: Change<'add-partitions'>): Applied {
    const entry = this.#entry(of);
    const named = new Map(partitions.map((partition) => [this.#nameOf(entry.table, partition.values), partition]));
    if (named.size !== partitions.length) {
      throw new FerryError('CATALOG_REFUSED', `a partition of ${keyOf(of)} is named twice in one change`);
    }
    const added = [...named].filter(([name]) => !entry.partitions.has(name));
    for (const [name, partition] of added) {
      const parameters = withoutStatistics(partition.parameters);
      entry.partitions.set(name, structuredClone({ ...partition, parameters }));
    }
    return { changed: added.length, unexpected: [] };
  }

  #alterPartitions({ of, partitions }: Change<'alter-partitions'>): Applied {
    const entry = this.#entry(of);
    const looked = partitions.map((asked) => {
      const name = this.#nameOf(entry.table, asked.values);
      const existing = entry.partitions.get(name);
      return { name, asked, existing, verdict: judgeAlteration(existing, asked) };
    });
    let changed = 0;
    for (const { name, asked, existing, verdict } of looked) {
      if (verdict !== 'alter' || existing === undefined) continue;
      const storage = { ...existing.storage, ...asked.storage, location: asked.location };
      const parameters = alteredParameters(existing.parameters, asked.parameters);
      entry.partitions.set(name, structuredClone({ ...existing, storage, parameters }));
      changed += 1;
    }
    const unexpected = looked.filter(({ verdict }) => verdict === 'unexpected').map(({ name }) => name);
    return { changed, unexpected };
  }

  #dropPartitions({ of, names }: Change<'drop-partitions'>): Applied {
    const { partitions } = this.#entry(of);
    return { changed: names.filter((name) => partitions.delete(name)).length, unexpected: [] };
  }

  #moveTable({ of, expectLocation, location, parameters }: Change<'move-table'>): Applied {
    const entry = this.#entry(of);
    const { storage, parameters: before } = entry.table;
    const there = samePlace(storage.location, location) && hasParameters(before, parameters) && hasNoStatistics(before);
    if (there) return NOTHING;
    if (!samePlace(storage.location, expectLocation)) return { changed: 0, unexpected: [keyOf(of)] };
    entry.table = {
      ...entry.table,
      storage: { ...storage, location },
      parameters: alteredParameters(before, parameters),
    };
    return { changed: 1, unexpected: [] };
  }

  #setProperties({ of, parameters }: Change<'set-properties'>): Applied {
    const entry = this.#entry(of);
    if (hasParameters(entry.table.parameters, parameters)) return NOTHING;
    entry.table = { ...entry.table, parameters: { ...entry.table.parameters, ...parameters } };
    return { changed: 1, unexpected: [] };
  }

  #entry(of: TableName): Entry {
    const entry = this.#tables.get(keyOf(of));
    if (entry === undefined)
      throw new FerryError('TABLE_NOT_FOUND', `no table ${keyOf(of)} on cluster ${this.cluster}`);
    return entry;
  }

  #nameOf(table: Table, values: readonly string[]): string {
    return formatPartitionName(namesOf(table), values, this.#options.defaultPartitionName);
  }

  #normal(table: Table): Table {
    return structuredClone({
      ...table,
      database: table.database.toLowerCase(),
      name: table.name.toLowerCase(),
      storage: { ...table.storage, columns: lowerNames(table.storage.columns) },
      partitionKeys: lowerNames(table.partitionKeys),
    });
  }

  #nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }
}

function keyOf(name: TableName): string {
  return `${name.database}.${name.table}`.toLowerCase();
}

function namesOf(table: Table): string[] {
  return table.partitionKeys.map((key) => key.name.toLowerCase());
}

function lowerNames<T extends { readonly name: string }>(columns: readonly T[]): T[] {
  return columns.map((column) => ({ ...column, name: column.name.toLowerCase() }));
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
