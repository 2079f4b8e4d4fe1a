import { isWithin } from '../hive/location.ts';
import { childrenOf } from './children-of.ts';
import { slotOfVersion } from './clean-retired.ts';
import { type Cleaning, type ClosedRun, endOfRetention, liveFolder } from './cleaning.ts';
import type { LedgerEntry } from './ledger.ts';
import { listFolder } from './listing.ts';
import { fateOfVersion, type SeenVersion } from './outdated.ts';
import { labelOf } from './plan.ts';
import { registeredPath } from './registrations.ts';
import { baseOfVersions, parentOf, versionsFolder } from './run-folder.ts';
import { settleRename } from './settle-rename.ts';
import { type Superseded, supersededBy } from './table-history.ts';

type Publishing = Extract<LedgerEntry, { event: 'publishing' }>;

/** Deletes the versions that a closed run landed by relocation and that no location points to any more, when their time is over. */
export async function cleanVersions(cleaning: Cleaning, run: ClosedRun, stageRoot: string): Promise<void> {
  const base = baseOfVersions(stageRoot);
  if (base === undefined) return;
  const own = `${versionsFolder(base)}/${run.marker.runKey}`;
  const { engine, target } = cleaning;
  if ((await target.files.status(own, { signal: engine.signal })) === undefined) return;
  for (const story of run.stories.values()) {
    for (const to of new Set(story.publishing.map((entry) => entry.to))) {
      if (!to.startsWith(`${own}/`)) continue;
      engine.heartbeat();
      const entries = story.publishing.filter((entry) => entry.to === to);
      await cleanVersion(cleaning, run, stageRoot, entries);
    }
  }
  if (!cleaning.dryRun && !cleaning.registrations.pointsInto(own)) await deleteBare(cleaning, own);
}

async function cleanVersion(
  cleaning: Cleaning,
  run: ClosedRun,
  stageRoot: string,
  entries: readonly Publishing[],
): Promise<void> {
  const { engine, target, registrations, history } = cleaning;
  const [first] = entries;
  if (first === undefined) return;
  const { to: path, partition: name, k } = first;
  const listing = await listFolder(target.files, path, engine.signal);
  if (listing === undefined) return;
  const story = run.stories.get(name);
  const landed: Superseded = { at: story?.landed?.at ?? first.at, retainMs: run.retainMs };
  const superseded = supersededBy(history, name, path, landed);
  const end = superseded && endOfRetention(superseded.at, superseded.retainMs);
  const live = await liveFolder(cleaning, name);
  const seen: SeenVersion = {
    version: history.staged.get(listing.folderId) === listing.digest ? 'landed' : 'other',
    pointed: registrations.pointsInto(path),
    live: live.kind === 'folder' ? 'present' : live.kind,
    pruned: history.pruned.has(name),
    age: end === undefined ? 'never' : end <= engine.now() ? 'expired' : 'young',
  };
  const fate = fateOfVersion(seen);
  const [runKey, partition] = [run.marker.runKey, labelOf(name)];
  if (fate === 'in-use') return;
  if (fate !== 'delete') {
    const until = fate === 'retained' && end ? { until: end.toISOString() } : {};
    cleaning.kept.push({ path, why: fate, run: runKey, partition, ...until });
    return;
  }
  const slot = slotOfVersion(stageRoot, runKey, k, listing.folderId);
  if (cleaning.dryRun || (await deleteVersion(cleaning, name, path, listing.folderId, slot))) {
    cleaning.deleted.push({ path, what: 'version', run: runKey, partition, bytes: listing.bytes });
  }
}

/**
 * Moves the version aside, and only then looks whether a location was pointed to it meanwhile: whoever points to a folder
 * looks at it afterwards, so that one of the two sees the other. Cut off in between, it is decided about as what was moved
 * aside (retired.ts).
 */
async function deleteVersion(
  { engine, target, of }: Cleaning,
  partition: string,
  path: string,
  folderId: string,
  slot: string,
): Promise<boolean> {
  const { signal } = engine;
  await target.files.mkdirs(parentOf(slot), { signal });
  const settled = await settleRename(target.files, folderId, path, slot, signal);
  if (settled.moved !== 'yes') return false;
  const now = await registeredPath(target, of, partition, signal);
  if (now === undefined || !isWithin(now, path)) return await target.files.delete(slot, { signal });
  engine.log.warn('a version is in use again and stays', { path });
  await settleRename(target.files, folderId, slot, path, signal);
  return false;
}

/** Deletes the run's folder of versions when nothing but empty folders is left in it. */
async function deleteBare({ engine, target }: Cleaning, folder: string): Promise<void> {
  const { signal } = engine;
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of (await childrenOf(target.files, next, signal)) ?? []) {
      if (child.kind === 'file') return;
      open.push(`${next}/${child.name}`);
    }
  }
  await target.files.delete(folder, { signal });
}
