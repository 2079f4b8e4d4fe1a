import type { Column, Table } from './table.ts';

export type DriftDifference = {
  readonly what: string;
  readonly wanted: string;
  readonly existing: string;
  readonly wayOut: string;
};
export type Drift =
  | { readonly kind: 'identical' }
  | { readonly kind: 'compatible'; readonly addColumns: readonly Column[] }
  | { readonly kind: 'incompatible'; readonly differences: readonly DriftDifference[] };

/** How the existing target table differs from the wanted one. */
export function classifyDrift(wanted: Table, existing: Table): Drift {
  const same = (a: readonly Column[], b: readonly Column[]) =>
    JSON.stringify(a.map((c) => [c.name.toLowerCase(), c.type.toLowerCase()])) ===
    JSON.stringify(b.map((c) => [c.name.toLowerCase(), c.type.toLowerCase()]));
  const differences: DriftDifference[] = [];
  const show = (columns: readonly Column[]) => columns.map((c) => `${c.name} ${c.type}`).join(', ');
  const compare = (what: string, a: string, b: string) => {
    if (a !== b) differences.push({ what, wanted: a, existing: b, wayOut: 'create the target table anew' });
  };
  compare('input format', wanted.storage.inputFormat, existing.storage.inputFormat);
  compare('serde', wanted.storage.serde.library, existing.storage.serde.library);
  if (!same(wanted.partitionKeys, existing.partitionKeys))
    compare('partition keys', show(wanted.partitionKeys), show(existing.partitionKeys));
  const there = existing.storage.columns.length;
  if (!same(wanted.storage.columns.slice(0, there), existing.storage.columns))
    compare('columns', show(wanted.storage.columns), show(existing.storage.columns));
  if (differences.length > 0) return { kind: 'incompatible', differences };
  const addColumns = wanted.storage.columns.slice(there);
  return addColumns.length === 0 ? { kind: 'identical' } : { kind: 'compatible', addColumns };
}
