import { FerryError } from '../../errors/ferry-error.ts';
import { alteredParameters, hasNoStatistics, hasParameters, judgeAlteration, samePlace } from '../alteration.ts';
import { batchFor, inBatches } from '../batches.ts';
import type { Applied, CatalogChange } from '../change.ts';
import { formatPartitionName } from '../partition-name.ts';
import { withoutStatistics } from '../statistics.ts';
import type { CallOptions } from './connection.ts';
import type * as Raw from './gen/hive-metastore_types.js';
import type { MetastoreCalls } from './metastore-calls.ts';
import { fromColumn, fromPartition, fromStorage, fromTable, toPartition } from './raw.ts';
import { isAlreadyExists } from './thrift-error.ts';

type Change<K extends CatalogChange['kind']> = Extract<CatalogChange, { readonly kind: K }>;
export type ApplyOptions = CallOptions & { readonly defaultPartitionName: string };

const NOTHING: Applied = { changed: 0, unexpected: [] };

/**
 * Executes a change on the metastore. What is altered is read first and written back as it was but for the change, so
 * that fields the port does not model survive.
 */
export async function applyChange(
  calls: MetastoreCalls,
  change: CatalogChange,
  options: ApplyOptions,
): Promise<Applied> {
  switch (change.kind) {
    case 'create-database':
      return createDatabase(calls, change, options);
    case 'create-table':
      return createTable(calls, change, options);
    case 'add-columns':
      return addColumns(calls, change, options);
    case 'add-partitions':
      return addPartitions(calls, change, options);
    case 'alter-partitions':
      return alterPartitions(calls, change, options);
    case 'drop-partitions':
      return dropPartitions(calls, change, options);
    case 'move-table':
      return moveTable(calls, change, options);
    case 'set-properties':
      return setProperties(calls, change, options);
  }
}

async function createDatabase(
  calls: MetastoreCalls,
  change: Change<'create-database'>,
  options: ApplyOptions,
): Promise<Applied> {
  if ((await calls.database(change.database, options)) !== undefined) return NOTHING;
  return made(calls.createDatabase(change.database.toLowerCase(), change.location, options));
}

/** Reads the table back: a metastore may turn one kind into another or lay it elsewhere, in silence. */
async function createTable(
  calls: MetastoreCalls,
  { table }: Change<'create-table'>,
  options: ApplyOptions,
): Promise<Applied> {
  const name = { database: table.database, table: table.name };
  if ((await calls.table(name, options)) !== undefined) return NOTHING;
  if ((await calls.database(table.database, options)) === undefined) {
    throw new FerryError(
      'DATABASE_NOT_FOUND',
      `no database ${table.database.toLowerCase()} on cluster ${calls.cluster}`,
    );
  }
  const applied = await made(calls.createTable(fromTable(table, withoutStatistics(table.parameters)), options));
  if (applied.changed === 0) return applied;
  const found = await calls.tableThere(name, options);
  const location = found.sd.location ?? '';
  if (found.tableType !== table.kind || pathOf(location) !== pathOf(table.storage.location)) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `the metastore of cluster ${calls.cluster} made ${found.dbName}.${found.tableName} as ${found.tableType} at ${location}, ` +
        `not as ${table.kind} at ${table.storage.location}`,
    );
  }
  return applied;
}

async function addColumns(
  calls: MetastoreCalls,
  change: Change<'add-columns'>,
  options: ApplyOptions,
): Promise<Applied> {
  const raw = await calls.tableThere(change.of, options);
  const there = new Set(raw.sd.cols.map((column) => column.name.toLowerCase()));
  const added = change.columns.map(fromColumn).filter((column) => !there.has(column.name));
  if (added.length === 0) return NOTHING;
  raw.sd.cols = [...raw.sd.cols, ...added];
  await calls.alterTable(raw, change.cascade ? { CASCADE: 'true' } : {}, options);
  return { changed: added.length, unexpected: [] };
}

async function addPartitions(
  calls: MetastoreCalls,
  change: Change<'add-partitions'>,
  options: ApplyOptions,
): Promise<Applied> {
  const table = await calls.tableThere(change.of, options);
  const names = new Set(change.partitions.map((partition) => nameOf(table, partition.values, options)));
  if (names.size !== change.partitions.length) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `a partition of ${table.dbName}.${table.tableName} is named twice in one change`,
    );
  }
  const wanted = change.partitions.map((one) => fromPartition(table, one, withoutStatistics(one.parameters)));
  const columns = wanted.reduce((most, one) => Math.max(most, one.sd.cols.length), 0);
  let unsure = false;
  const batches = inBatches(
    wanted,
    () => batchFor(columns),
    async (batch) => {
      const answered = await calls.addPartitions(table, batch, options).catch((error: unknown) => {
        unsure = true;
        throw error;
      });
      const added = unsure ? await addedByNow(calls, table, batch, answered, options) : answered;
      // A server that does not know the request's environment counts files all the same.
      const counted = added.filter((one) => !hasNoStatistics(one.parameters));
      for (const one of counted) one.parameters = withoutStatistics(one.parameters);
      if (counted.length > 0) await calls.alterPartitions(table, counted, options);
      return added.length;
    },
  );
  let changed = 0;
  for await (const count of batches) changed += count;
  return { changed, unexpected: [] };
}

/** What was answered, and what stands there as it was asked for: added by a call whose answer was lost. */
async function addedByNow(
  calls: MetastoreCalls,
  table: Raw.Table,
  batch: readonly Raw.Partition[],
  answered: readonly Raw.Partition[],
  options: ApplyOptions,
): Promise<readonly Raw.Partition[]> {
  const known = new Set(answered.map((one) => nameOf(table, one.values, options)));
  const unanswered = new Map(batch.map((one) => [nameOf(table, one.values, options), one] as const));
  for (const name of known) unanswered.delete(name);
  const there = await byName(calls, table, [...unanswered.keys()], options);
  const asAsked = [...there].filter(([name, { sd, parameters }]) => {
    const asked = unanswered.get(name);
    return (
      asked !== undefined &&
      samePlace(sd.location ?? '', asked.sd.location ?? '') &&
      hasParameters(parameters ?? {}, asked.parameters ?? {})
    );
  });
  return [...answered, ...asAsked.map(([, one]) => one)];
}

async function alterPartitions(
  calls: MetastoreCalls,
  change: Change<'alter-partitions'>,
  options: ApplyOptions,
): Promise<Applied> {
  const table = await calls.tableThere(change.of, options);
  const asked = change.partitions.map((alteration) => ({
    name: nameOf(table, alteration.values, options),
    alteration,
  }));
  let changed = 0;
  const unexpected: string[] = [];
  const batches = inBatches(
    asked,
    () => batchFor(table.sd.cols.length),
    async (batch) => {
      const raw = await byName(
        calls,
        table,
        batch.map(({ name }) => name),
        options,
      );
      const altered: Raw.Partition[] = [];
      const left: string[] = [];
      for (const { name, alteration } of batch) {
        const existing = raw.get(name);
        const verdict = judgeAlteration(existing === undefined ? undefined : toPartition(existing), alteration);
        if (verdict === 'unexpected' || existing === undefined) left.push(name);
        else if (verdict === 'alter') {
          refuseListBucketing(existing.sd, name);
          if (alteration.storage !== undefined) replaceStorage(existing.sd, alteration.storage);
          existing.sd.location = alteration.location;
          existing.parameters = alteredParameters(existing.parameters ?? {}, alteration.parameters);
          altered.push(existing);
        }
      }
      if (altered.length > 0) await calls.alterPartitions(table, altered, options);
      return { altered: altered.length, left };
    },
  );
  for await (const { altered, left } of batches) {
    changed += altered;
    unexpected.push(...left);
  }
  return { changed, unexpected };
}

async function dropPartitions(
  calls: MetastoreCalls,
  change: Change<'drop-partitions'>,
  options: ApplyOptions,
): Promise<Applied> {
  const table = await calls.tableThere(change.of, options);
  let changed = 0;
  for await (const dropped of calls.dropPartitions(table, change.names, options)) changed += dropped;
  return { changed, unexpected: [] };
}

async function moveTable(calls: MetastoreCalls, change: Change<'move-table'>, options: ApplyOptions): Promise<Applied> {
  const raw = await calls.tableThere(change.of, options);
  const location = raw.sd.location ?? '';
  const before = raw.parameters ?? {};
  if (samePlace(location, change.location) && hasParameters(before, change.parameters) && hasNoStatistics(before))
    return NOTHING;
  if (!samePlace(location, change.expectLocation))
    return { changed: 0, unexpected: [`${raw.dbName}.${raw.tableName}`] };
  refuseListBucketing(raw.sd, `${raw.dbName}.${raw.tableName}`);
  raw.sd.location = change.location;
  raw.parameters = alteredParameters(before, change.parameters);
  await calls.alterTable(raw, {}, options);
  return { changed: 1, unexpected: [] };
}

async function setProperties(
  calls: MetastoreCalls,
  change: Change<'set-properties'>,
  options: ApplyOptions,
): Promise<Applied> {
  const raw = await calls.tableThere(change.of, options);
  if (hasParameters(raw.parameters ?? {}, change.parameters)) return NOTHING;
  raw.parameters = { ...raw.parameters, ...change.parameters };
  await calls.alterTable(raw, {}, options);
  return { changed: 1, unexpected: [] };
}

/** A creation; that another was faster is no error. */
async function made(creation: Promise<void>): Promise<Applied> {
  try {
    await creation;
    return { changed: 1, unexpected: [] };
  } catch (error) {
    if (error instanceof Error && isAlreadyExists(error.cause)) return NOTHING;
    throw error;
  }
}

async function byName(
  calls: MetastoreCalls,
  table: Raw.Table,
  names: readonly string[],
  options: ApplyOptions,
): Promise<Map<string, Raw.Partition>> {
  const found = new Map<string, Raw.Partition>();
  for await (const some of calls.partitions({ database: table.dbName, table: table.tableName }, names, options)) {
    for (const one of some) found.set(nameOf(table, one.values, options), one);
  }
  return found;
}

function nameOf(table: Raw.Table, values: readonly string[], { defaultPartitionName }: ApplyOptions): string {
  return formatPartitionName(
    table.partitionKeys.map((key) => key.name),
    values,
    defaultPartitionName,
  );
}

/** Everything the port models; what it does not (the serde's name and description) stays. */
function replaceStorage(sd: Raw.StorageDescriptor, storage: Omit<Parameters<typeof fromStorage>[0], 'location'>): void {
  const { serdeInfo, ...rest } = fromStorage({ ...storage, location: sd.location });
  Object.assign(sd, rest);
  Object.assign(sd.serdeInfo, { serializationLib: serdeInfo.serializationLib, parameters: serdeInfo.parameters });
}

/**
 * List bucketing (STORED AS DIRECTORIES) keeps a location for each skewed value, keyed by a list; JavaScript has no such
 * map, so that the generated client would write it back garbled.
 */
function refuseListBucketing(sd: Raw.StorageDescriptor, name: string): void {
  if (Object.keys(sd.skewedInfo?.skewedColValueLocationMaps ?? {}).length > 0) {
    throw new FerryError('CATALOG_REFUSED', `${name} is stored as directories (list bucketing) and cannot be altered`);
  }
}

function pathOf(location: string): string {
  return location
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:(\/\/[^/]*)?/, '')
    .replace(/\/+/g, '/')
    .replace(/(.)\/$/, '$1');
}
