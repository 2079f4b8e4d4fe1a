import { distance } from 'fastest-levenshtein';
import { FerryError } from '../errors/ferry-error.ts';
import { whyUnsupported } from '../hive/supported.ts';
import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { TableAt } from './outcome.ts';

/** Reads a table that must be there; TABLE_NOT_FOUND (with the nearest name) or DATABASE_NOT_FOUND otherwise. */
export async function readTable(cluster: Cluster, at: TableAt, signal: AbortSignal): Promise<Table> {
  const table = await cluster.catalog.table({ database: at.database, table: at.table }, { signal });
  if (table) return table;
  const names = await cluster.catalog.tableNames(at.database, { signal });
  if (names === undefined)
    throw new FerryError('DATABASE_NOT_FOUND', `cluster ${cluster.name} has no database ${at.database}`);
  const near = nearest(at.table, names);
  const guess = near === undefined ? '' : `; did you mean ${at.database}.${near}?`;
  throw new FerryError('TABLE_NOT_FOUND', `cluster ${cluster.name} has no table ${at.database}.${at.table}${guess}`);
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

/** The name most like the asked one, when it is like it at all. */
export function nearest(asked: string, names: readonly string[]): string | undefined {
  const far = Math.max(2, Math.floor(asked.length / 3));
  return names
    .map((name) => ({ name, far: distance(asked, name) }))
    .filter((candidate) => candidate.far <= far)
    .sort((a, b) => a.far - b.far)[0]?.name;
}
