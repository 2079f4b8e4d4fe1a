import { FerryError } from '../../errors/ferry-error.ts';
import type { CatalogCallOptions } from '../catalog.ts';
import type { Applied, CatalogChange } from '../change.ts';
import { nameText, statementsFor } from '../statements.ts';
import type { Table } from '../table.ts';
import { typedValue } from '../typed-value.ts';
import { type HiveReader, valuesOf } from './hive-reader.ts';

type DropPartitions = Extract<CatalogChange, { readonly kind: 'drop-partitions' }>;

/** Dropped by one statement. */
const BATCH = 250;

/**
 * Drops registrations. DROP PARTITION compares values by their type and deletes the files of managed tables, so that it
 * is refused where it would take another partition or any file along.
 */
export async function dropPartitions(
  reader: HiveReader,
  change: DropPartitions,
  options: CatalogCallOptions,
): Promise<Applied> {
  const table = await reader.tableThere(change.of, options);
  const there = (await reader.partitionNames(change.of, options)) ?? [];
  const asked = new Set(change.names);
  const names = there.filter((name) => asked.has(name));
  if (names.length === 0) return { changed: 0, unexpected: [] };
  assertFilesStay(reader, table);
  assertAlone(reader, table, there, asked);
  for (let from = 0; from < names.length; from += BATCH) {
    const batch = { ...change, names: names.slice(from, from + BATCH) };
    await reader.sessions.plain.execute(oneStatement(batch, table), options);
  }
  const after = new Set(await reader.partitionNames(change.of, options));
  const left = names.filter((name) => after.has(name));
  if (left.length === 0) return { changed: names.length, unexpected: [] };
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveQL cannot drop ${left.slice(0, 10).join(', ')} of ${table.database}.${table.name}, whose value is not as its type writes it: name a metastore of cluster ${reader.cluster}`,
  );
}

/** All the statements of a change as one: 'ALTER TABLE t DROP IF EXISTS PARTITION (...), PARTITION (...)'. */
function oneStatement(change: DropPartitions, { partitionKeys }: Table): string {
  const start = `ALTER TABLE ${nameText(change.of)} DROP IF EXISTS `;
  const specs = statementsFor(change, partitionKeys).map((statement) => statement.slice(start.length));
  return `${start}${specs.join(', ')}`;
}

function assertFilesStay({ cluster }: HiveReader, table: Table): void {
  const purge = Object.entries(table.parameters).some(
    ([name, value]) => name.toLowerCase() === 'external.table.purge' && value.toLowerCase() === 'true',
  );
  if (table.kind === 'EXTERNAL_TABLE' && !purge) return;
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveQL's DROP PARTITION would delete the files of ${table.database}.${table.name}, which is ${
      purge ? 'external with external.table.purge' : 'managed'
    }: name a metastore of cluster ${cluster}`,
  );
}

/** 'hour=1' and 'hour=01' are one to DROP PARTITION, and so is all that reads as null. */
function assertAlone(
  { cluster }: HiveReader,
  table: Table,
  there: readonly string[],
  asked: ReadonlySet<string>,
): void {
  const typed = (name: string) =>
    JSON.stringify(
      valuesOf(name).map((value, i) => typedValue(table.partitionKeys[i]?.type ?? 'string', value) ?? null),
    );
  const dropped = new Map([...asked].map((name) => [typed(name), name]));
  const other = there.find((name) => !asked.has(name) && dropped.has(typed(name)));
  if (other === undefined) return;
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveQL would drop ${other} of ${table.database}.${table.name} along with ${dropped.get(typed(other))}: name a metastore of cluster ${cluster}`,
  );
}
