import { FerryError } from '../errors/ferry-error.ts';
import { carriedParameters, placesAtSource } from '../hive/carried-properties.ts';
import { isWithin, parseLocation } from '../hive/location.ts';
import { withMappedPlaces } from '../hive/mapped-places.ts';
import { canonicalPartition, formatPartitionName, parsePartitionName } from '../hive/partition-name.ts';
import type { Column, Partition, Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import type { ResolvedSpec, TableAt } from './outcome.ts';

/** A partition as one side's catalog registers it. `path` is its location's. */
export type Registered = { readonly name: string; readonly partition: Partition; readonly path: string };

/** The registered partitions of a table, by name; `only` restricts it to these names. */
export async function readPartitions(
  reader: Reader,
  cluster: Cluster,
  table: Table,
  only: readonly string[] | undefined,
): Promise<ReadonlyMap<string, Registered>> {
  const { signal } = reader;
  const of = { database: table.database, table: table.name };
  const names = only ?? (await cluster.catalog.partitionNames(of, { signal })) ?? [];
  const nullName = await cluster.catalog.defaultPartitionName({ signal });
  const keys = table.partitionKeys.map((key) => key.name);
  const found = new Map<string, Registered>();
  for await (const batch of cluster.catalog.partitions(of, names, { signal })) {
    reader.heartbeat();
    for (const partition of batch) {
      const name = formatPartitionName(keys, partition.values, nullName);
      const { path } = parseLocation(partition.storage.location, cluster.fileSystems);
      found.set(name, { name, partition, path });
    }
  }
  return found;
}

/**
 * The folder a partition has under its table: the literal one where it lies below the source's table in the usual
 * k=v layout with the same values ('hour=01' stays so), else Hive's own name for it.
 */
export function literalFolder(registered: Registered, keys: readonly Column[], sourceTablePath: string): string {
  if (registered.path.startsWith(`${sourceTablePath}/`)) {
    const below = registered.path.slice(sourceTablePath.length + 1);
    if (below.split('/').length === keys.length && sameValues(below, registered.partition.values, keys)) return below;
  }
  return registered.name;
}

function sameValues(folders: string, values: readonly string[], keys: readonly Column[]): boolean {
  if (folders.split('/').some((folder) => folder.indexOf('=') <= 0)) return false;
  const pairs = parsePartitionName(folders);
  if (pairs.some((pair, place) => pair.key !== keys[place]?.name.toLowerCase())) return false;
  return (
    canonicalPartition(
      keys,
      pairs.map((pair) => pair.value),
    ) === canonicalPartition(keys, values)
  );
}

/** Refuses two partitions for one typed value ('hour=1' and 'hour=01'), within a side and between the sides; names both. */
export function assertUnambiguous(
  keys: readonly Column[],
  source: ReadonlyMap<string, Registered>,
  target: ReadonlyMap<string, Registered>,
): void {
  const seen = new Map<string, string>();
  for (const side of [source, target]) {
    for (const { name, partition } of side.values()) {
      const canonical = canonicalPartition(keys, partition.values);
      const other = seen.get(canonical);
      if (other !== undefined && other !== name) {
        throw new FerryError('PARTITION_AMBIGUOUS', `the partitions ${other} and ${name} stand for one value`);
      }
      seen.set(canonical, name);
    }
  }
}

/** Refuses partitions whose own descriptors, mapped as the spec says, let a copy read from the source; the first is named. */
export function assertOwnPlaces(
  source: Cluster,
  { source: at, locationMap }: Pick<ResolvedSpec, 'source' | 'locationMap'>,
  partitions: Iterable<Registered>,
): void {
  const refused = [...partitions].flatMap(({ name, partition }) => {
    const { storage, parameters } = withMappedPlaces(partition, locationMap);
    const places = placesAtSource({ storage, parameters: carriedParameters(parameters) }, source.fileSystems);
    return places.length === 0 ? [] : [{ name, places }];
  });
  const [first] = refused;
  if (first === undefined) return;
  const others = refused.length === 1 ? '' : ` (and ${refused.length - 1} more)`;
  throw new FerryError(
    'TABLE_UNSUPPORTED',
    `the partition ${first.name}${others} of ${source.name}:${at.database}.${at.table} points back to its source: ${first.places.join('; ')}; say with locationMap where that lies on the target`,
  );
}

/** Refuses folders of one side that are shared or lie in each other: one's files would count as the other's. */
export function assertApart(
  cluster: Cluster,
  at: TableAt,
  folders: readonly { readonly name: string; readonly path: string }[],
): void {
  const sorted = [...folders].sort((a, b) => (`${a.path}/` < `${b.path}/` ? -1 : 1));
  sorted.forEach((folder, place) => {
    const before = sorted[place - 1];
    if (before && isWithin(folder.path, before.path)) {
      throw new FerryError(
        'LOCATION_UNSUPPORTED',
        `${cluster.name}:${at.database}.${at.table}: ${before.name} at ${before.path} and ${folder.name} at ${folder.path} are not apart`,
      );
    }
  });
}
