import type { Column, Partition, Table, TableName } from './table.ts';

/**
 * One change of a catalog, as plain data: planned once, printed by `ferry plan` (hive/statements.ts) and executed by
 * Catalog.apply, which looks at what is there, acts, and is safe to repeat.
 */
export type CatalogChange =
  /** Left without `location`, the metastore puts it where it puts new databases. */
  | { readonly kind: 'create-database'; readonly database: string; readonly location?: string }
  /** The table with its LOCATION, read back by the adapter. There already: nothing happens (the caller compares). */
  | { readonly kind: 'create-table'; readonly table: Table }
  /** New columns at the end; `cascade`: in the partitions' own descriptors too. Columns there already are left out. */
  | {
      readonly kind: 'add-columns';
      readonly of: TableName;
      readonly columns: readonly Column[];
      readonly cascade: boolean;
    }
  /** Registers partitions with their own descriptors and literal locations; one that is there already stays as it is. */
  | { readonly kind: 'add-partitions'; readonly of: TableName; readonly partitions: readonly Partition[] }
  /**
   * Alters registered partitions in place: only those whose location still is `expectLocation`. Sets parameters,
   * replaces the location and (when given) the descriptor, and drops their statistics (Hive would answer count(*) from them).
   */
  | { readonly kind: 'alter-partitions'; readonly of: TableName; readonly partitions: readonly PartitionAlteration[] }
  /** The registrations only, by name ('dt=2026-01-01/region=eu'); the files stay. Absent ones are left out. */
  | { readonly kind: 'drop-partitions'; readonly of: TableName; readonly names: readonly string[] }
  /** Moves an unpartitioned table to another folder, only while it is at `expectLocation`; drops its statistics. */
  | {
      readonly kind: 'move-table';
      readonly of: TableName;
      readonly expectLocation: string;
      readonly location: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'set-properties'; readonly of: TableName; readonly parameters: Readonly<Record<string, string>> };

export type PartitionAlteration = {
  readonly values: readonly string[];
  readonly expectLocation: string;
  readonly location: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Everything of the descriptor but its location, when it must change too. */
  readonly storage?: Omit<Partition['storage'], 'location'>;
};

/** What apply did: how many things it changed, and which it left because they were not as expected (by partition name, or the table's). */
export type Applied = { readonly changed: number; readonly unexpected: readonly string[] };
