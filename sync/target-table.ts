import { FerryError } from '../errors/ferry-error.ts';
import { carriedTable } from '../hive/carried-properties.ts';
import type { CatalogChange } from '../hive/change.ts';
import { classifyDrift } from '../hive/drift.ts';
import { formatLocation, parseLocation } from '../hive/location.ts';
import { withMappedPlaces } from '../hive/mapped-places.ts';
import { tableFromPreset } from '../hive/preset-table.ts';
import type { Table, TableName } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { Strategy } from './plan.ts';
import { BASE, withoutRecord } from './records.ts';

export type TargetTable = {
  /** The target table's location, a URI: the one it has, or the one it will be created with. */
  readonly location: string;
  readonly changes: readonly CatalogChange[];
};

export type SeenTarget = {
  readonly source: Table;
  /** undefined: the target has no such table. */
  readonly existing: Table | undefined;
  /** Where the target's database lays new tables, a URI; undefined: there is no such database. */
  readonly databaseLocation: string | undefined;
  /** Where it would lay them once it is made. */
  readonly newDatabaseLocation: string;
  /** The prefixes of the source's file system: no value of the copied definition may point there. */
  readonly sourceFileSystems: readonly string[];
};

/**
 * What has to happen to the target's catalog before a partition can land: nothing, new columns, or a new table with its
 * location. Refuses what cannot be right: DATABASE_NOT_FOUND, DRIFT_INCOMPATIBLE, TABLE_UNSUPPORTED.
 */
export function decideTargetTable(spec: ResolvedSpec, strategy: Strategy, seen: SeenTarget): TargetTable {
  const of: TableName = { database: spec.target.database, table: spec.target.table };
  const wanted = wantedTable(spec, of, seen.source);
  if (seen.existing) return decideExisting(spec, of, wanted, seen.existing);
  const changes: CatalogChange[] = [];
  if (seen.databaseLocation === undefined) {
    if (!spec.createDatabase) {
      throw new FerryError('DATABASE_NOT_FOUND', `cluster ${spec.target.cluster} has no database ${of.database}`);
    }
    changes.push({ kind: 'create-database', database: of.database, location: seen.newDatabaseLocation });
  }
  const location = newTableLocation(spec, seen.databaseLocation ?? seen.newDatabaseLocation);
  const carried = carriedTable(withMappedPlaces(wanted, spec.locationMap), seen.sourceFileSystems);
  if (carried.refused.length > 0) {
    throw new FerryError(
      'TABLE_UNSUPPORTED',
      `the definition of ${spec.source.database}.${spec.source.table} points back to its source: ${carried.refused.join('; ')}; say with locationMap where that lies on the target`,
    );
  }
  const base: Record<string, string> = strategy === 'relocate' ? { [BASE]: location } : {};
  changes.push({
    kind: 'create-table',
    table: {
      ...carried.table,
      database: of.database,
      name: of.table,
      kind: 'EXTERNAL_TABLE',
      storage: { ...carried.table.storage, location },
      parameters: { ...withoutRecord(carried.table.parameters), ...base },
    },
  });
  return { location, changes };
}

/**
 * The definition that the target is to have: the source's own, or the preset's. The files are copied as they are, so that
 * a preset has to read them: same formats and partition keys, the source's columns first, its own at the end.
 */
function wantedTable({ schema, source: at }: ResolvedSpec, of: TableName, source: Table): Table {
  if (schema === undefined) return source;
  const preset = tableFromPreset(schema, of, source.storage.location);
  const drift = classifyDrift(preset, source);
  if (drift.kind !== 'incompatible') return preset;
  const differences = drift.differences.map((d) => `${d.what}: the preset has ${d.wanted}, the source ${d.existing}`);
  throw new FerryError(
    'DRIFT_INCOMPATIBLE',
    `schema: the files of ${at.cluster}:${source.database}.${source.name} cannot be read by the preset:\n${differences.map((line) => `- ${line}`).join('\n')}`,
    { details: { differences } },
  );
}

/** The place that the spec names, a URI, or a path on the file system of the database; else below the database. */
function newTableLocation({ target }: ResolvedSpec, databaseLocation: string): string {
  if (target.location === undefined) return `${databaseLocation}/${target.table}`;
  if (!target.location.startsWith('/')) return target.location;
  const [fileSystem = ''] = /^[^:/]+:\/\/[^/]*/.exec(databaseLocation) ?? [];
  return `${fileSystem}${target.location}`;
}

/** A table that is there stays where it is: a spec that wants it elsewhere would be read as if it had been moved. */
function assertPlace(spec: ResolvedSpec, existing: Table): void {
  const base = existing.parameters[BASE] ?? existing.storage.location;
  if (spec.target.location === undefined || newTableLocation(spec, base) === base) return;
  throw new FerryError(
    'DRIFT_INCOMPATIBLE',
    `${spec.target.cluster}:${existing.database}.${existing.name} is at ${base}, not at ${spec.target.location}: leave target.location out, or move the table by hand`,
  );
}

function decideExisting(spec: ResolvedSpec, of: TableName, source: Table, existing: Table): TargetTable {
  const drift = classifyDrift(source, existing);
  const location = existing.storage.location;
  assertPlace(spec, existing);
  if (drift.kind === 'identical') return { location, changes: [] };
  if (drift.kind === 'compatible' && spec.drift === 'add-columns') {
    // Not in the partitions: each is described as the source's own is, which need not have the columns.
    return { location, changes: [{ kind: 'add-columns', of, columns: drift.addColumns, cascade: false }] };
  }
  const differences =
    drift.kind === 'compatible'
      ? drift.addColumns.map((column) => `column ${column.name} ${column.type} is missing (drift: "refuse")`)
      : drift.differences.map((d) => `${d.what}: the source has ${d.wanted}, the target ${d.existing}; ${d.wayOut}`);
  throw new FerryError(
    'DRIFT_INCOMPATIBLE',
    `${spec.target.cluster}:${of.database}.${of.table} differs from its source:\n${differences.map((line) => `- ${line}`).join('\n')}`,
    { details: { differences } },
  );
}

/** The URI of a path of the target, on the file system of its table. */
export function locationAt(path: string, tableLocation: string, target: Cluster): string {
  return formatLocation({ fileSystem: parseLocation(tableLocation, target.fileSystems).fileSystem, path });
}
