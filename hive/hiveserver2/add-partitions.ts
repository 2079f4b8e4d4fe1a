import { FerryError } from '../../errors/ferry-error.ts';
import { inBatches } from '../batches.ts';
import type { CatalogCallOptions } from '../catalog.ts';
import type { Applied, CatalogChange } from '../change.ts';
import { formatPartitionName, quoteString } from '../partition-name.ts';
import { nameText } from '../statements.ts';
import { withoutStatistics } from '../statistics.ts';
import type { Partition, Table } from '../table.ts';
import type { HiveReader } from './hive-reader.ts';
import { literalSpec } from './literal-spec.ts';
import { recordsOnly } from './partition-parameters.ts';
import { describeStatements, notInHiveQl, sameDescriptor, serdePropertiesText } from './partition-statements.ts';
import { UNKNOWN_STATISTICS } from './unknown-statistics.ts';

type AddPartitions = Extract<CatalogChange, { readonly kind: 'add-partitions' }>;
type Addition = { readonly name: string; readonly partition: Partition; readonly spec: string };

/** Registered by one statement. */
const BATCH = 250;

/**
 * Registers those that are not there with the table's descriptor, many in a statement, and then gives each its own. One
 * whose registration was cut off in between is there already when this is repeated, and stays as it is; the caller reads
 * back and alters it.
 */
export async function addPartitions(
  reader: HiveReader,
  change: AddPartitions,
  options: CatalogCallOptions,
): Promise<Applied> {
  const table = await reader.tableThere(change.of, options);
  const nullName = await reader.defaultPartitionName(options);
  const keys = table.partitionKeys.map((key) => key.name);
  const named = new Map(change.partitions.map((one) => [formatPartitionName(keys, one.values, nullName), one]));
  if (named.size !== change.partitions.length) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `a partition of ${table.database}.${table.name} is named twice in one change`,
    );
  }
  const there = new Set(await reader.partitionNames(change.of, options));
  const additions = [...named].filter(([name]) => !there.has(name)).map((entry) => addition(reader, table, ...entry));
  if (additions.length === 0) return { changed: 0, unexpected: [] };
  const statements = inBatches(
    additions,
    () => BATCH,
    (batch) => register(reader, table, batch, options),
  );
  for await (const _ of statements) {
    // One after another: each is safe to repeat.
  }
  await assertRegistered(reader, table, additions, options);
  await reader.onLiteral(additions, async ({ partition, spec, name }, sql) => {
    const head = `ALTER TABLE ${tableText(table)} ${spec}`;
    const described = describeStatements(head, table.storage, partition.storage);
    const records = serdePropertiesText(recordsOnly(withoutStatistics(partition.parameters), name, reader.cluster));
    // An external table is never counted from its statistics.
    const unknown = table.kind === 'EXTERNAL_TABLE' ? [] : [UNKNOWN_STATISTICS];
    const own = [...described, ...[...records, ...unknown].map((statement) => `${head} ${statement}`)];
    for (const statement of own) await sql.execute(statement, options);
    if (described.length > 0) await assertDescribed(reader, table, partition, options);
  });
  return { changed: additions.length, unexpected: [] };
}

/** @throws FerryError CATALOG_REFUSED when HiveQL cannot register it as it is. */
function addition(reader: HiveReader, table: Table, name: string, partition: Partition): Addition {
  recordsOnly(withoutStatistics(partition.parameters), name, reader.cluster);
  const missing = notInHiveQl(table.storage, partition.storage);
  if (missing.length > 0) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `HiveQL cannot give the partition ${name} of ${table.database}.${table.name} its own ${missing.join(', ')}: name a metastore of cluster ${reader.cluster}`,
    );
  }
  return { name, partition, spec: literalSpec(table.partitionKeys, partition.values) };
}

async function register(
  reader: HiveReader,
  table: Table,
  batch: readonly Addition[],
  options: CatalogCallOptions,
): Promise<void> {
  const specs = batch.map(({ spec, partition }) => `${spec} LOCATION ${quoteString(partition.storage.location)}`);
  const statement = `ALTER TABLE ${tableText(table)} ADD IF NOT EXISTS ${specs.join(' ')}`;
  await reader.onLiteral([statement], (text, sql) => sql.execute(text, options));
}

async function assertRegistered(
  reader: HiveReader,
  table: Table,
  additions: readonly Addition[],
  options: CatalogCallOptions,
): Promise<void> {
  const names = new Set(await reader.partitionNames({ database: table.database, table: table.name }, options));
  const missing = additions.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveServer2 of cluster ${reader.cluster} did not register ${missing.slice(0, 10).join(', ')} of ${table.database}.${table.name} under that name`,
  );
}

/** @throws FerryError CATALOG_REFUSED when Hive made something else of a partition's descriptor. */
export async function assertDescribed(
  reader: HiveReader,
  table: Table,
  wanted: Pick<Partition, 'values'> & { readonly storage: Omit<Partition['storage'], 'location'> },
  options: CatalogCallOptions,
): Promise<void> {
  const found = await reader.partition(table, wanted.values, options);
  if (found !== undefined && sameDescriptor(found.storage, wanted.storage)) return;
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveServer2 of cluster ${reader.cluster} did not describe the partition (${wanted.values.join(', ')}) of ${table.database}.${table.name} as asked: ` +
      `${JSON.stringify(found?.storage)} instead of ${JSON.stringify(wanted.storage)}`,
  );
}

function tableText(table: Table): string {
  return nameText({ database: table.database, table: table.name });
}
