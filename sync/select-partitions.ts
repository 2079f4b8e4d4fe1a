import { FerryError } from '../errors/ferry-error.ts';
import { parsePartitionName } from '../hive/partition-name.ts';
import type { Column, Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import type { ResolvedSpec } from './outcome.ts';
import { parseSelection, selects } from './selection.ts';
import { lastPartitions } from './selection-order.ts';

/** Which partitions a run is about. */
export type Selected = {
  /** The source's, sorted by name. */
  readonly names: readonly string[];
  /** Whether a partition that only the target has would be one of them. */
  includes(name: string): boolean;
};

/**
 * The partitions of the source that a spec selects, by the names its catalog has. A listed name that the source does not
 * have, and a predicate that does not fit the partition keys, are SPEC_INVALID; the error says all that is wrong.
 */
export async function selectPartitions(
  reader: Reader,
  source: Cluster,
  spec: Pick<ResolvedSpec, 'source' | 'partitions' | 'where'>,
  table: Table,
): Promise<Selected> {
  const { signal } = reader;
  const of = { database: spec.source.database, table: spec.source.table };
  const known = (await source.catalog.partitionNames(of, { signal })) ?? [];
  const nullName = await source.catalog.defaultPartitionName({ signal });
  const matches = matcherOf(spec.where, table.partitionKeys, nullName);
  if (Array.isArray(spec.partitions))
    return selectListed(spec.partitions, known, `${source.name}:${of.database}.${of.table}`);
  const names = known.filter(matches);
  if (spec.partitions === undefined) return { names, includes: matches };
  const { last } = spec.partitions as { readonly last: number };
  const newest = lastPartitions(
    names.map((name) => ({ name, values: valuesOf(name) })),
    table.partitionKeys,
    last,
    nullName,
  );
  const chosen = new Set(newest.map(({ name }) => name));
  return { names: names.filter((name) => chosen.has(name)), includes: (name) => chosen.has(name) };
}

function selectListed(listed: readonly string[], known: readonly string[], table: string): Selected {
  const there = new Set(known);
  const unknown = listed.filter((name) => !there.has(name));
  if (unknown.length > 0) {
    throw new FerryError('SPEC_INVALID', `partitions: ${table} has no partition ${unknown.join(', ')}`);
  }
  const chosen = new Set(listed);
  return { names: [...chosen].sort(), includes: (name) => chosen.has(name) };
}

function matcherOf(where: string | undefined, keys: readonly Column[], nullName: string): (name: string) => boolean {
  if (where === undefined) return () => true;
  const selection = parseSelection(where, keys);
  return (name) => selects(selection, valuesOf(name), nullName);
}

/** The values of a partition name in the order of the keys, unescaped; the default partition's name stays as it is. */
function valuesOf(name: string): readonly string[] {
  return parsePartitionName(name).map(({ value }) => value);
}
