import { isFerryError } from '../errors/ferry-error.ts';
import { parseLocation } from '../hive/location.ts';
import { formatPartitionName } from '../hive/partition-name.ts';
import type { TableName } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { parentOf } from './run-folder.ts';

/** Where the catalog of the target has a table's data now. */
export type Registrations = {
  /** The table's own folder; undefined: the catalog has no such table. */
  readonly tablePath: string | undefined;
  has(partition: string): boolean;
  /** Of a partition, or of the whole table (''); undefined: not registered, or on no file system of the cluster. */
  pathOf(partition: string): string | undefined;
  /** A location is the folder, lies in it, or has it inside. */
  pointsInto(folder: string): boolean;
};

export async function readRegistrations(reader: Reader, target: Cluster, of: TableName): Promise<Registrations> {
  const { signal } = reader;
  const table = await target.catalog.table(of, { signal });
  const paths = new Map<string, string | undefined>();
  if (table === undefined) return registrations(undefined, paths);
  const tablePath = pathIn(target, table.storage.location);
  const keys = table.partitionKeys.map((key) => key.name);
  if (keys.length === 0) return registrations(tablePath, paths.set('', tablePath));
  const names = (await target.catalog.partitionNames(of, { signal })) ?? [];
  const nullName = await target.catalog.defaultPartitionName({ signal });
  for await (const batch of target.catalog.partitions(of, names, { signal })) {
    reader.heartbeat();
    for (const { values, storage } of batch) {
      paths.set(formatPartitionName(keys, values, nullName), pathIn(target, storage.location));
    }
  }
  return registrations(tablePath, paths);
}

/** Where the catalog has one partition, or the whole table (''), at this moment; undefined: nowhere on this cluster's file system. */
export async function registeredPath(
  target: Cluster,
  of: TableName,
  partition: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (partition === '') {
    const table = await target.catalog.table(of, { signal });
    return table && pathIn(target, table.storage.location);
  }
  for await (const [found] of target.catalog.partitions(of, [partition], { signal })) {
    return found && pathIn(target, found.storage.location);
  }
  return undefined;
}

function registrations(tablePath: string | undefined, paths: ReadonlyMap<string, string | undefined>): Registrations {
  const locations = new Set<string>();
  const above = new Set<string>(tablePath === undefined ? [] : [tablePath]);
  for (const path of paths.values()) {
    if (path === undefined) continue;
    locations.add(path);
    for (const folder of upwards(path)) above.add(folder);
  }
  return {
    tablePath,
    has: (partition) => paths.has(partition),
    pathOf: (partition) => paths.get(partition),
    pointsInto: (folder) => above.has(folder) || upwards(folder).some((each) => locations.has(each)),
  };
}

/** The path and all folders above it but the root. */
function upwards(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = path; folder !== '/'; folder = parentOf(folder)) folders.push(folder);
  return folders;
}

/** A location on another file system points into none of this one's folders. */
function pathIn(target: Cluster, location: string): string | undefined {
  try {
    return parseLocation(location, target.fileSystems).path;
  } catch (error) {
    if (isFerryError(error) && error.code === 'LOCATION_UNSUPPORTED') return undefined;
    throw error;
  }
}
