import { FerryError } from '../errors/ferry-error.ts';
import { formatPartitionName } from '../hive/partition-name.ts';
import type { Row, Sql } from '../hive/sql.ts';
import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import type { ResolvedSpec } from './outcome.ts';
import { labelOf } from './plan.ts';
import type { Difference } from './verify.ts';

/** What a query says of one partition: how many rows, and a sum over a hash of all columns that does not depend on their order. */
type RowSum = { readonly rows: string; readonly sum: string };

/**
 * The query that sums a table up, a row a partition. Numbers come as strings: a bigint may not fit into a number. Hive's
 * hash() has the same value on every version since 3 only through murmur; both sides name the same function.
 */
export function rowSumQuery(database: string, table: Table): string {
  const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;
  const keys = table.partitionKeys.map((key) => quote(key.name));
  const columns = table.storage.columns.map((column) => quote(column.name));
  const hash = `murmur_hash(${columns.join(', ')})`;
  const sums = `cast(count(*) as string) as ferry_rows, cast(sum(cast(${hash} as bigint)) as string) as ferry_sum`;
  const from = `from ${quote(database)}.${quote(table.name)}`;
  if (keys.length === 0) return `select ${sums} ${from}`;
  const named = keys.map((key, place) => `cast(${key} as string) as ferry_key_${place}`);
  return `select ${named.join(', ')}, ${sums} ${from} group by ${keys.join(', ')}`;
}

/** Asks both HiveServer2 for row counts and sums, by partition, and names what differs among those that are included. */
export async function compareRows(
  reader: Reader,
  spec: ResolvedSpec,
  theirs: Table,
  ours: Table,
  includes: (name: string) => boolean,
): Promise<readonly Difference[]> {
  const [left, right] = await Promise.all([
    sumUp(reader, reader.open(spec.source.cluster), spec.source.database, theirs),
    // The source's columns on both sides: a column only the target has is not the source's to compare.
    sumUp(reader, reader.open(spec.target.cluster), spec.target.database, { ...theirs, name: ours.name }),
  ]);
  const differences: Difference[] = [];
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    if (!includes(name)) continue;
    const a = left.get(name);
    const b = right.get(name);
    if (a?.rows === b?.rows && a?.sum === b?.sum) continue;
    const detail =
      a?.rows === b?.rows
        ? `${a?.rows} rows on both sides, but not with the same values`
        : `${a?.rows ?? 'no'} rows at the source, ${b?.rows ?? 'no'} at the target`;
    differences.push({ partition: labelOf(name), kind: 'rows', detail });
  }
  return differences;
}

async function sumUp(
  reader: Reader,
  cluster: Cluster,
  database: string,
  table: Table,
): Promise<ReadonlyMap<string, RowSum>> {
  if (cluster.sql === undefined) {
    throw new FerryError('CONFIG_INVALID', `cluster ${cluster.name} names no hiveserver2, which --level rows asks`);
  }
  const sql: Sql = cluster.sql();
  const keys = table.partitionKeys.map((key) => key.name);
  const nullName = await cluster.catalog.defaultPartitionName({ signal: reader.signal });
  const sums = new Map<string, RowSum>();
  for await (const page of sql.query(rowSumQuery(database, table), { signal: reader.signal })) {
    reader.heartbeat();
    for (const row of page) {
      const values = keys.map((_, place) => text(row, `ferry_key_${place}`));
      const name = keys.length === 0 ? '' : formatPartitionName(keys, values, nullName);
      sums.set(name, { rows: text(row, 'ferry_rows') ?? '0', sum: text(row, 'ferry_sum') ?? '' });
    }
  }
  return sums;
}

function text(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}
