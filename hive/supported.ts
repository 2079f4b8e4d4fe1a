import type { Table } from './table.ts';

/** Why a table cannot be copied file by file; empty: it can. */
export function whyUnsupported(table: Table): readonly string[] {
  const reasons: string[] = [];
  const property = (name: string) => table.parameters[name]?.toLowerCase();
  if (table.kind === 'VIRTUAL_VIEW') reasons.push('it is a view');
  if (table.kind === 'MATERIALIZED_VIEW') reasons.push('it is a materialised view');
  if (property('transactional') === 'true') reasons.push('it is transactional');
  if (table.parameters.storage_handler) reasons.push(`it is kept by ${table.parameters.storage_handler}`);
  return reasons;
}
