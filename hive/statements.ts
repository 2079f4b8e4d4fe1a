import type { CatalogChange } from './change.ts';

/** A change as HiveQL for people to read. */
export function statementsOf(change: CatalogChange): readonly string[] {
  if (change.kind === 'create-database') return [`CREATE DATABASE \`${change.database}\``];
  if (change.kind === 'create-table')
    return [`CREATE EXTERNAL TABLE \`${change.table.database}\`.\`${change.table.name}\``];
  return [`ALTER TABLE \`${change.of.database}\`.\`${change.of.table}\``];
}
