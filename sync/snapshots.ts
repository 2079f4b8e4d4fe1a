import { FerryError, isFerryError, messageOf } from '../errors/ferry-error.ts';
import { isWithin } from '../hive/location.ts';
import { childrenOf } from './children-of.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile, sha256, writeControlFile } from './control-file.ts';
import type { Engine, Reader } from './engine.ts';
import type { ResolvedSpec } from './outcome.ts';
import { controlFolder, parentOf } from './run-folder.ts';

/** A snapshot of a run, on record on the target before it is made, so that whoever closes the run finds and deletes it. */
type SnapshotRecord = {
  readonly schemaVersion: 1;
  readonly cluster: string;
  readonly folder: string;
  readonly name: string;
};

/** Makes the snapshots that a run reads, of these folders of the source. */
export type Freeze = (folders: readonly string[]) => Promise<void>;

const RECORD = /^snapshot-\w+\.json$/;

/** Snapshots carry the run key, like all that a run makes. */
export function snapshotName(runKey: string): string {
  return `hive-ferry-${runKey}`;
}

/** Where a path is read in the snapshot of the folder that it lies in; a path in none of the folders is read as it is. */
export function inSnapshot(path: string, folders: readonly string[], name: string): string {
  const folder = folders.find((each) => isWithin(path, each));
  return folder === undefined ? path : `${folder}/.snapshot/${name}${path.slice(folder.length)}`;
}

/** The path that is read in a snapshot; HDFS gives no other folder that name. */
export function outsideSnapshot(path: string): string {
  return path.replace(/\/\.snapshot\/[^/]+/, '');
}

/**
 * The folders to be frozen, so that all of these paths are: for each path itself or the nearest one above it of which
 * snapshots are allowed. HDFS nests no such folders in each other, so that one above the table settles all below it.
 * Throws SNAPSHOT_REFUSED, naming the first path without one, and ACCESS_READ_ONLY: a snapshot is made on the source.
 */
export async function foldersToFreeze(
  reader: Reader,
  source: Cluster,
  tablePath: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (source.access === 'read') {
    const why = 'a snapshot would be made there: sync with consistency: "live"';
    throw new FerryError('ACCESS_READ_ONLY', `cluster ${source.name} is marked access: "read", and ${why}`);
  }
  const asked = new Map<string, Promise<boolean>>();
  const isAllowed = (folder: string): Promise<boolean> => {
    const answer =
      asked.get(folder) ??
      source.files.status(`${folder}/.snapshot`, { signal: reader.signal }).then((found) => found !== undefined);
    asked.set(folder, answer);
    return answer;
  };
  const nearest = async (path: string): Promise<string | undefined> => {
    for (let folder = path; folder !== '/'; folder = parentOf(folder)) if (await isAllowed(folder)) return folder;
    return undefined;
  };
  const folders = new Set<string>();
  const ofTable = await nearest(tablePath);
  for (const path of paths) {
    reader.heartbeat();
    const folder = ofTable !== undefined && isWithin(path, ofTable) ? ofTable : await nearest(path);
    if (folder === undefined) throw refused(source, isWithin(path, tablePath) ? tablePath : path, 'none is allowed');
    folders.add(folder);
  }
  return [...folders].sort();
}

function refused(source: Cluster, folder: string, why: string): FerryError {
  return new FerryError('SNAPSHOT_REFUSED', `no snapshot can be made of ${source.name}:${folder}: ${why}`);
}

/** Makes the snapshots of a run, each after its record. Safe to repeat: one that is there is the run's own and stays. */
export async function takeSnapshots(engine: Engine, spec: ResolvedSpec, folders: readonly string[]): Promise<void> {
  const { signal } = engine;
  const source = engine.open(spec.source.cluster);
  const target = engine.open(spec.target.cluster);
  const name = snapshotName(spec.runKey);
  for (const folder of folders) {
    const record: SnapshotRecord = { schemaVersion: 1, cluster: source.name, folder, name };
    const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
    const path = `${controlFolder(target.controlRoot, spec.runKey).root}/snapshot-${sha256(Buffer.from(folder)).slice(0, 12)}.json`;
    await writeControlFile(target.files, path, bytes, { signal, uuid: () => engine.uuid() });
    const answer = await source.files.createSnapshot(folder, name, { signal });
    if (!answer.made) throw refused(source, folder, answer.reason);
  }
}

/** A snapshot that could not be deleted, and why. */
export type SnapshotKept = { readonly path: string; readonly failure: FerryError };

/** Deletes the snapshots that a run has on record. Those that cannot be deleted now are logged, stay on record and are told. Safe to repeat. */
export async function removeSnapshots(
  engine: Engine,
  target: Cluster,
  runKey: string,
): Promise<readonly SnapshotKept[]> {
  const { signal } = engine;
  const { root } = controlFolder(target.controlRoot, runKey);
  const kept: SnapshotKept[] = [];
  for (const { name: file } of (await childrenOf(target.files, root, signal)) ?? []) {
    if (!RECORD.test(file)) continue;
    const bytes = await readControlFile(target.files, `${root}/${file}`, signal);
    if (bytes === undefined) continue;
    const { cluster, folder, name } = JSON.parse(bytes.toString('utf8')) as SnapshotRecord;
    try {
      await engine.open(cluster).files.deleteSnapshot(folder, name, { signal });
      await target.files.delete(`${root}/${file}`, { signal });
    } catch (error) {
      if (!isFerryError(error)) throw error;
      kept.push({ path: `${cluster}:${folder}/.snapshot/${name}`, failure: error });
      engine.log.warn('a snapshot stays', { cluster, folder, snapshot: name, message: messageOf(error) });
    }
  }
  return kept;
}
