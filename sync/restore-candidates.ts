import type { Partition, TableName } from '../hive/table.ts';
import { childrenOf } from './children-of.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import { finishRun, readFootprint, sortRuns } from './finish-run.ts';
import { foldLedger, type PartitionStory, readLedger } from './ledger.ts';
import { type Listing, listFolder } from './listing.ts';
import type { RunFootprint, Version } from './plan.ts';
import { registeredPath } from './registrations.ts';
import { keyOfSlot, slotPlace, storiesByKey } from './retired.ts';
import { baseOfVersions, controlFolder, isClosedFolderOf, versionsFolder } from './run-folder.ts';
import type { RunMarker } from './table-runs.ts';

/** A version of a partition that is not live and can be brought back. */
export type RestoreCandidate = Version & {
  /** The run that put it aside, or that landed it. */
  readonly run: string;
  /** `outdated`: it stands where it was landed, and the catalog points elsewhere. */
  readonly was: 'replaced' | 'pruned' | 'outdated';
  readonly path: string;
  /** Where it is to stand: its path itself when it is only outdated. */
  readonly to: string;
  /** Since when it is aside, or when it was landed; ISO 8601. */
  readonly at: string;
  readonly files: number;
  readonly bytes: number;
  readonly stageRoot: string;
  readonly k: string;
  /** The identity of the source that it was copied from, as far as is known (records.ts). */
  readonly source: string;
  readonly retainMs: number;
  /** What the catalog had of a pruned one. */
  readonly described?: Partition;
};

/**
 * All versions of a partition ('' for a whole table) that closed runs left on the target, the latest first. Closes
 * those that ended without doing so before it looks.
 */
export async function restoreCandidates(
  engine: Engine,
  target: Cluster,
  of: TableName,
  partition: string,
): Promise<readonly RestoreCandidate[]> {
  const { signal } = engine;
  const runs = await sortRuns(engine, target, of);
  for (const marker of runs.abandoned) await finishRun(engine, target, of, marker);
  const live = await registeredPath(target, of, partition, signal);
  const candidates: RestoreCandidate[] = [];
  for (const marker of runs.closed) {
    engine.heartbeat();
    const { ledger } = controlFolder(target.controlRoot, marker.runKey);
    const story = foldLedger(await readLedger(target.files, ledger, signal)).get(partition);
    const footprint = await readFootprint(target, marker.runKey, signal);
    if (story === undefined || footprint === undefined) continue;
    for (const stageRoot of footprint.stageRoots) {
      const run: Run = { target, signal, marker, footprint, stageRoot, story };
      candidates.push(...(await retiredOf(run)), ...(await versionsOf(run, live)));
    }
  }
  return candidates.sort((a, b) => (a.at > b.at ? -1 : 1));
}

type Run = {
  readonly target: Cluster;
  readonly signal: AbortSignal;
  readonly marker: RunMarker;
  readonly footprint: RunFootprint;
  readonly stageRoot: string;
  readonly story: PartitionStory;
};

async function retiredOf(run: Run): Promise<RestoreCandidate[]> {
  const { target, signal, marker, stageRoot, story } = run;
  const found: RestoreCandidate[] = [];
  const byKey = storiesByKey(new Map([[story.partition, story]]));
  for (const folder of (await childrenOf(target.files, stageRoot, signal)) ?? []) {
    if (folder.kind !== 'folder' || !isClosedFolderOf(marker.runKey, folder.name)) continue;
    const retired = `${stageRoot}/${folder.name}/retired`;
    for (const slot of (await childrenOf(target.files, retired, signal)) ?? []) {
      const k = keyOfSlot(slot.name);
      const listing = byKey.has(k) ? await listFolder(target.files, `${retired}/${slot.name}`, signal) : undefined;
      const place = listing && slotPlace(story, listing).place;
      if (listing === undefined || place === undefined) continue;
      const last = story.pruned ?? story.landed ?? story.publishing.at(-1);
      found.push({
        was: story.pruned ? 'pruned' : 'replaced',
        path: `${retired}/${slot.name}`,
        to: place,
        at: last?.at ?? marker.at,
        k,
        ...commonOf(run, listing),
        ...(story.pruned && story.pruning && { described: story.pruning.described }),
      });
    }
  }
  return found;
}

async function versionsOf(run: Run, live: string | undefined): Promise<RestoreCandidate[]> {
  const { target, signal, marker, stageRoot, story } = run;
  const base = baseOfVersions(stageRoot);
  if (base === undefined) return [];
  const own = `${versionsFolder(base)}/${marker.runKey}/`;
  const found: RestoreCandidate[] = [];
  for (const { to, k, at } of new Map(story.publishing.map((entry) => [entry.to, entry])).values()) {
    if (!to.startsWith(own) || to === live) continue;
    const listing = await listFolder(target.files, to, signal);
    if (listing === undefined) continue;
    found.push({
      was: 'outdated',
      path: to,
      to,
      at,
      k,
      ...commonOf(run, listing),
    });
  }
  return found;
}

type Common = Pick<
  RestoreCandidate,
  'run' | 'folderId' | 'digest' | 'files' | 'bytes' | 'stageRoot' | 'source' | 'retainMs'
>;

function commonOf({ marker, footprint, stageRoot }: Run, { folderId, digest, files, bytes }: Listing): Common {
  return {
    run: marker.runKey,
    folderId,
    digest,
    files: files.length,
    bytes,
    stageRoot,
    source: marker.source,
    retainMs: footprint.spec.retainMs,
  };
}
