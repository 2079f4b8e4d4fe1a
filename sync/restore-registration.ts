import { FerryError } from '../errors/ferry-error.ts';
import type { CatalogChange } from '../hive/change.ts';
import { sameLocation } from '../hive/location.ts';
import { parsePartitionName } from '../hive/partition-name.ts';
import { withoutStatistics } from '../hive/statistics.ts';
import type { Partition, Table, TableName } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import { recordParameters } from './records.ts';
import type { RestorePlan } from './restore-partition.ts';
import { readTable } from './source-table.ts';
import { locationAt } from './target-table.ts';

/** The location that the catalog has for a partition, or for the whole table (''), as it writes it; undefined: none. */
export async function registeredAs(
  target: Cluster,
  of: TableName,
  partition: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (partition === '') return (await target.catalog.table(of, { signal }))?.storage.location;
  return (await partitionOf(target, of, partition, signal))?.storage.location;
}

/**
 * Points the catalog to the version that was brought back, with its record; `back`: to where it pointed before. A partition
 * that is not registered is registered, a pruned one with all that the catalog had of it. Only where the catalog shows
 * what it did when this began, or what it is to show; else CATALOG_CONFLICT.
 */
export async function pointTo(
  engine: Engine,
  target: Cluster,
  of: TableName,
  plan: RestorePlan,
  direction: 'there' | 'back' = 'there',
): Promise<void> {
  const { signal } = engine;
  const table = await readTable(target, { cluster: target.name, ...of }, signal);
  const there = locationAt(plan.candidate.to, table.storage.location, target);
  const before = plan.registeredAt;
  const wanted = direction === 'there' ? there : before;
  const now = plan.partition === '' ? undefined : await partitionOf(target, of, plan.partition, signal);
  const at = plan.partition === '' ? table.storage.location : now?.storage.location;
  const expected = direction === 'there' ? before : there;
  const isAt = (location: string | undefined) =>
    at === undefined || location === undefined ? at === location : sameLocation(at, location, target.fileSystems);
  if (!isAt(expected) && !isAt(wanted)) {
    const found = at === undefined ? 'does not know it any more' : `has it at ${at}`;
    throw new FerryError(
      'CATALOG_CONFLICT',
      `the catalog of ${target.name} ${found}; it was to be at ${wanted ?? 'none'}`,
    );
  }
  await target.catalog.apply(changeTo(plan, of, table, now, isAt(wanted) ? at : wanted), { signal });
}

function changeTo(
  { partition, spec, candidate }: RestorePlan,
  of: TableName,
  table: Table,
  now: Partition | undefined,
  location: string | undefined,
): CatalogChange {
  const { source, digest, described } = candidate;
  const parameters = recordParameters({ run: spec.runKey, source, digest });
  if (location === undefined) return { kind: 'drop-partitions', of, names: [partition] };
  if (partition === '') {
    const expectLocation = table.storage.location;
    return { kind: 'move-table', of, expectLocation, location, parameters };
  }
  if (now !== undefined) {
    const expectLocation = now.storage.location;
    const values = now.values;
    return { kind: 'alter-partitions', of, partitions: [{ values, expectLocation, location, parameters }] };
  }
  const values = described?.values ?? parsePartitionName(partition).map(({ value }) => value);
  const storage = { ...(described ?? table).storage, location };
  return {
    kind: 'add-partitions',
    of,
    partitions: [{ values, storage, parameters: { ...withoutStatistics(described?.parameters ?? {}), ...parameters } }],
  };
}

async function partitionOf(
  { catalog }: Cluster,
  of: TableName,
  name: string,
  signal: AbortSignal,
): Promise<Partition | undefined> {
  for await (const [partition] of catalog.partitions(of, [name], { signal })) return partition;
  return undefined;
}
