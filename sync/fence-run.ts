import { FerryError } from '../errors/ferry-error.ts';
import { childrenOf } from './children-of.ts';
import { mergeFolder } from './claim.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import { identityOf } from './identity.ts';
import type { PartitionStory } from './ledger.ts';
import { moveUniquely } from './move-uniquely.ts';
import { keyOfSlot, placeOfStory, recordOfStory, storiesByKey } from './retired.ts';
import { closedFolder, isAttempt, isClosedFolderOf, keptFolder, takenFolder } from './run-folder.ts';
import { settleRename } from './settle-rename.ts';
import { layTombstone } from './tombstone.ts';

/**
 * Closes a run under one stage root: its folder is renamed to '<run key>.closed' and an empty file is laid at the old
 * path, again until no folder stands there; a call of the run that is still on its way finds no parent any more. Then
 * every retired version is brought together in '<run key>.closed/retired', one that was moved aside without a landing
 * on record is put back where nothing stands now, and everything else is deleted; with `keepVerified` not what the run's
 * attempts had staged or verified, which then lies in '<run key>.closed/kept'. Tells what it put back. Safe to repeat.
 */
export async function fenceRun(
  engine: Engine,
  target: Cluster,
  runKey: string,
  stageRoot: string,
  stories: ReadonlyMap<string, PartitionStory>,
  keepVerified = false,
): Promise<readonly PutBack[]> {
  const { files } = target;
  const { signal } = engine;
  const run = `${stageRoot}/${runKey}`;
  const closed = closedFolder(stageRoot, runKey);
  await files.mkdirs(stageRoot, { signal });
  while (!(await isFenced(engine, target, run))) {
    await moveAside(engine, target, run, closed);
    await layTombstone(files, run, signal);
  }
  const back: PutBack[] = [];
  for (const { name, kind } of (await childrenOf(files, stageRoot, signal)) ?? []) {
    if (!isClosedFolderOf(runKey, name)) continue;
    engine.heartbeat();
    if (kind === 'folder') back.push(...(await tidy(engine, target, `${stageRoot}/${name}`, stories, keepVerified)));
    else await files.delete(`${stageRoot}/${name}`, { signal }); // A tombstone that a second closing, late, took for the folder.
  }
  return back;
}

/** A version that a run had moved aside and never replaced, and where it stands again. */
export type PutBack = { readonly partition: string; readonly path: string };

async function isFenced(engine: Engine, target: Cluster, run: string): Promise<boolean> {
  return (await target.files.status(run, { signal: engine.signal }))?.kind === 'file';
}

async function moveAside(engine: Engine, target: Cluster, run: string, closed: string): Promise<void> {
  const { files } = target;
  const { signal } = engine;
  for (let to = closed; (await files.status(run, { signal }))?.kind === 'folder'; to += '+') {
    if ((await files.rename(run, to, { signal })).renamed) return;
  }
}

/** Gathers the retired versions of a closed folder, puts back what has no successor, deletes the rest. */
async function tidy(
  engine: Engine,
  target: Cluster,
  closed: string,
  stories: ReadonlyMap<string, PartitionStory>,
  keepVerified: boolean,
): Promise<readonly PutBack[]> {
  const { files } = target;
  const { signal } = engine;
  const retired = `${closed}/retired`;
  await gather(engine, target, closed, retired);
  if (keepVerified) await gatherVerified(engine, target, closed, keptFolder(closed));
  for (const child of (await childrenOf(files, closed, signal)) ?? []) {
    const path = `${closed}/${child.name}`;
    if (path !== retired && !(keepVerified && path === keptFolder(closed))) await files.delete(path, { signal });
  }
  const byKey = storiesByKey(stories);
  const back: PutBack[] = [];
  for (const slot of (await childrenOf(files, retired, signal)) ?? []) {
    const story = byKey.get(keyOfSlot(slot.name));
    const to = story && placeOfStory(story);
    if (story === undefined || to === undefined || recordOfStory(story) !== 'none') continue;
    if ((await files.status(to, { signal })) !== undefined) continue;
    engine.log.warn('put back a version that was moved aside and never replaced', { partition: story.partition });
    const { moved } = await settleRename(
      files,
      identityOf(files, `${retired}/${slot.name}`, slot),
      `${retired}/${slot.name}`,
      to,
      signal,
    );
    if (moved === 'yes') back.push({ partition: story.partition, path: to });
  }
  if (!keepVerified && ((await childrenOf(files, retired, signal)) ?? []).length === 0)
    await files.delete(closed, { signal });
  return back;
}

/** Moves every entry of a retired/ at any depth of adopted attempts into `retired`, under its own name or the next free '<name>+'. */
async function gather(engine: Engine, target: Cluster, folder: string, retired: string): Promise<void> {
  const { files } = target;
  const { signal } = engine;
  for (const child of (await childrenOf(files, folder, signal)) ?? []) {
    if (child.kind !== 'folder' || !isAttempt(child.name)) continue;
    const attempt = `${folder}/${child.name}`;
    await gather(engine, target, `${attempt}/adopted`, retired);
    for (const slot of (await childrenOf(files, `${attempt}/retired`, signal)) ?? []) {
      await files.mkdirs(retired, { signal });
      const moved = await moveUniquely(files, `${attempt}/retired/${slot.name}`, `${retired}/${slot.name}`, signal);
      if (typeof moved !== 'string')
        throw new FerryError('PATH_ABSENT', `could not gather ${target.name}:${attempt}/retired: ${moved.reason}`);
    }
  }
}

/** Brings together what attempts at any depth, and what the run had itself taken over, hold in stage/ and chunks/. */
async function gatherVerified(engine: Engine, target: Cluster, folder: string, kept: string): Promise<void> {
  const { files } = target;
  const { signal } = engine;
  for (const { name, kind } of (await childrenOf(files, folder, signal)) ?? []) {
    if (kind !== 'folder') continue;
    engine.heartbeat();
    const inner = `${folder}/${name}`;
    if (inner === takenFolder(folder)) {
      for (const run of (await childrenOf(files, inner, signal)) ?? [])
        await keepVerifiedOf(engine, target, `${inner}/${run.name}`, kept);
    }
    if (!isAttempt(name)) continue;
    await gatherVerified(engine, target, `${inner}/adopted`, kept);
    await keepVerifiedOf(engine, target, inner, kept);
  }
}

async function keepVerifiedOf({ signal }: Engine, { files }: Cluster, from: string, kept: string): Promise<void> {
  await files.mkdirs(kept, { signal });
  for (const what of ['stage', 'chunks']) await mergeFolder(files, `${from}/${what}`, `${kept}/${what}`, signal);
}
