import { FerryError } from '../../errors/ferry-error.ts';
import { hasParameters, samePlace } from '../alteration.ts';
import type { CatalogCallOptions } from '../catalog.ts';
import type { Applied, CatalogChange } from '../change.ts';
import { quoteString } from '../partition-name.ts';
import { nameText, statementsFor } from '../statements.ts';
import { withoutStatistics } from '../statistics.ts';
import type { Table } from '../table.ts';
import { addPartitions } from './add-partitions.ts';
import { alterPartitions } from './alter-partitions.ts';
import { dropPartitions } from './drop-partitions.ts';
import type { HiveReader } from './hive-reader.ts';
import { notInHiveQl, sameDescriptor } from './partition-statements.ts';
import { hasUnknownStatistics, UNKNOWN_STATISTICS } from './unknown-statistics.ts';

type Change<K extends CatalogChange['kind']> = Extract<CatalogChange, { readonly kind: K }>;

const NOTHING: Applied = { changed: 0, unexpected: [] };

/** Executes a change with statements. What HiveQL has no statement for is refused before the first one. */
export async function applyInHiveQl(
  reader: HiveReader,
  change: CatalogChange,
  options: CatalogCallOptions,
): Promise<Applied> {
  switch (change.kind) {
    case 'create-database':
      return createDatabase(reader, change, options);
    case 'create-table':
      return createTable(reader, change, options);
    case 'add-columns':
      return addColumns(reader, change, options);
    case 'add-partitions':
      return addPartitions(reader, change, options);
    case 'alter-partitions':
      return alterPartitions(reader, change, options);
    case 'drop-partitions':
      return dropPartitions(reader, change, options);
    case 'move-table':
      return moveTable(reader, change, options);
    case 'set-properties':
      return setProperties(reader, change, options);
  }
}

async function run(reader: HiveReader, statements: readonly string[], { signal }: CatalogCallOptions): Promise<void> {
  for (const statement of statements) {
    await reader.sessions.plain.execute(statement, signal === undefined ? {} : { signal });
  }
}

async function createDatabase(
  reader: HiveReader,
  change: Change<'create-database'>,
  options: CatalogCallOptions,
): Promise<Applied> {
  if ((await reader.database(change.database, options)) !== undefined) return NOTHING;
  await run(reader, statementsFor({ ...change, database: change.database.toLowerCase() }, []), options);
  return { changed: 1, unexpected: [] };
}

/** Reads the table back: Hive may turn one kind into another, lay it elsewhere or leave something out, in silence. */
async function createTable(
  reader: HiveReader,
  { table }: Change<'create-table'>,
  options: CatalogCallOptions,
): Promise<Applied> {
  const name = { database: table.database, table: table.name };
  if ((await reader.table(name, options)) !== undefined) return NOTHING;
  if ((await reader.database(table.database, options)) === undefined) {
    throw new FerryError(
      'DATABASE_NOT_FOUND',
      `no database ${table.database.toLowerCase()} on cluster ${reader.cluster}`,
    );
  }
  const { compressed, parameters } = table.storage;
  const missing = notInHiveQl({ ...table.storage, compressed: false, parameters: {} }, table.storage);
  if (compressed || missing.length > 0 || Object.keys(parameters).length > 0) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `HiveQL cannot make ${table.database}.${table.name} with ${missing.join(', ')}: name a metastore of cluster ${reader.cluster}`,
    );
  }
  const wanted = { ...table, parameters: withoutStatistics(table.parameters) };
  await run(reader, statementsFor({ kind: 'create-table', table: wanted }, []), options);
  assertMade(reader, wanted, await reader.tableThere(name, options));
  return { changed: 1, unexpected: [] };
}

function assertMade({ cluster }: HiveReader, wanted: Table, found: Table): void {
  const { parameters } = wanted.storage.serde;
  const serde = { ...found.storage.serde, parameters };
  const { storage } = wanted;
  const lower = storage.columns.map((column) => ({ ...column, name: column.name.toLowerCase() }));
  // Hive adds SerDe properties of its own, such as serialization.format.
  const alike =
    hasParameters(found.storage.serde.parameters, parameters) &&
    sameDescriptor({ ...found.storage, serde }, { ...storage, columns: lower });
  if (alike && found.kind === wanted.kind && pathOf(found.storage.location) === pathOf(storage.location)) return;
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveServer2 of cluster ${cluster} made ${found.database}.${found.name} as ${found.kind} at ${found.storage.location}` +
      `${alike ? '' : ', with another descriptor than asked'}, not as ${wanted.kind} at ${storage.location}`,
  );
}

async function addColumns(
  reader: HiveReader,
  change: Change<'add-columns'>,
  options: CatalogCallOptions,
): Promise<Applied> {
  const { storage } = await reader.tableThere(change.of, options);
  const there = new Set(storage.columns.map((column) => column.name));
  const columns = change.columns
    .map((column) => ({ ...column, name: column.name.toLowerCase() }))
    .filter((column) => !there.has(column.name));
  if (columns.length === 0) return NOTHING;
  await run(reader, statementsFor({ ...change, columns }, []), options);
  return { changed: columns.length, unexpected: [] };
}

/** The location last: where this ends in between, the table still is where it is expected when it is repeated. */
async function moveTable(
  reader: HiveReader,
  change: Change<'move-table'>,
  options: CatalogCallOptions,
): Promise<Applied> {
  const { of, location, expectLocation, parameters } = change;
  const table = await reader.tableThere(of, options);
  const at = table.storage.location;
  const told = hasParameters(table.parameters, parameters) && hasUnknownStatistics(table.parameters);
  if (samePlace(at, location) && told) return NOTHING;
  if (!samePlace(at, expectLocation)) return { changed: 0, unexpected: [`${table.database}.${table.name}`] };
  const statements = [
    ...statementsFor({ kind: 'set-properties', of, parameters }, []),
    `ALTER TABLE ${nameText(of)} ${UNKNOWN_STATISTICS}`,
    `ALTER TABLE ${nameText(of)} SET LOCATION ${quoteString(location)}`,
  ];
  await run(reader, statements, options);
  return { changed: 1, unexpected: [] };
}

async function setProperties(
  reader: HiveReader,
  change: Change<'set-properties'>,
  options: CatalogCallOptions,
): Promise<Applied> {
  const table = await reader.tableThere(change.of, options);
  if (hasParameters(table.parameters, change.parameters)) return NOTHING;
  await run(reader, statementsFor(change, []), options);
  return { changed: 1, unexpected: [] };
}

function pathOf(location: string): string {
  return location
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:(\/\/[^/]*)?/, '')
    .replace(/\/+/g, '/')
    .replace(/(.)\/$/, '$1');
}
