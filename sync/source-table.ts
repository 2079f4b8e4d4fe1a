import { FerryError } from '../errors/ferry-error.ts';
import { whyUnsupported } from '../hive/supported.ts';
import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { TableAt } from './outcome.ts';
import { didYouMean } from './problems.ts';

/** Reads a table that must be there; TABLE_NOT_FOUND (with the nearest name) or DATABASE_NOT_FOUND otherwise. */
export async function readTable(cluster: Cluster, at: TableAt, signal: AbortSignal): Promise<Table> {
  const asked = `${at.database}.${at.table}`;
  const table = await cluster.catalog.table({ database: at.database, table: at.table }, { signal });
  if (table) return table;
  const names = await cluster.catalog.tableNames(at.database, { signal });
  if (names === undefined)
    throw new FerryError('DATABASE_NOT_FOUND', `cluster ${cluster.name} has no database ${at.database}`);
  const guess = didYouMean(
    asked,
    names.map((name) => `${at.database}.${name}`),
  );
  throw new FerryError('TABLE_NOT_FOUND', `cluster ${cluster.name} has no table ${asked}${guess}`);
}

/** Refuses, by name and with the reasons, what cannot be copied file by file. */
export function assertSupported(cluster: Cluster, table: Table): void {
  const reasons = whyUnsupported(table);
  if (reasons.length > 0) {
    throw new FerryError(
      'TABLE_UNSUPPORTED',
      `${cluster.name}:${table.database}.${table.name} cannot be copied: ${reasons.join('; ')}`,
    );
  }
}
