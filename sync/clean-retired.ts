import type { FileStatus } from '../storage/file-system.ts';
import { childrenOf } from './children-of.ts';
import { type Cleaning, type ClosedRun, endOfRetention, liveFolder } from './cleaning.ts';
import { undoPrunes } from './finish-run.ts';
import { identityOf } from './identity.ts';
import type { PartitionStory } from './ledger.ts';
import { type Listing, listFolder } from './listing.ts';
import { labelOf } from './plan.ts';
import {
  fateOfRetired,
  keyOfSlot,
  type RetiredFate,
  recordOfStory,
  type SeenRetired,
  slotPlace,
  storiesByKey,
} from './retired.ts';
import { closedFolder, isClosedFolderOf } from './run-folder.ts';
import { settleRename } from './settle-rename.ts';

/**
 * Decides about every version that a closed run moved aside, one after the other, each looked at right before: puts back
 * what was never replaced, deletes what may go, names what stays. A closed folder that holds nothing any more goes too.
 */
export async function cleanRetired(cleaning: Cleaning, run: ClosedRun, stageRoot: string): Promise<void> {
  const { engine, target, dryRun } = cleaning;
  const { signal } = engine;
  const byKey = storiesByKey(run.stories);
  for (const folder of (await childrenOf(target.files, stageRoot, signal)) ?? []) {
    if (folder.kind !== 'folder' || !isClosedFolderOf(run.marker.runKey, folder.name)) continue;
    const closed = `${stageRoot}/${folder.name}`;
    const slots = (await childrenOf(target.files, `${closed}/retired`, signal)) ?? [];
    for (const slot of slots) {
      engine.heartbeat();
      const path = `${closed}/retired/${slot.name}`;
      await cleanSlot(cleaning, run, { path, slot, story: byKey.get(keyOfSlot(slot.name)) });
    }
    if (!dryRun) await deleteEmptyClosed(cleaning, closed);
  }
}

type Slot = { readonly path: string; readonly slot: FileStatus; readonly story: PartitionStory };

async function cleanSlot(
  cleaning: Cleaning,
  run: ClosedRun,
  { path, slot, story }: Omit<Slot, 'story'> & { readonly story: PartitionStory | undefined },
): Promise<void> {
  const { engine, target } = cleaning;
  const { runKey } = run.marker;
  const listing = slot.kind === 'folder' ? await listFolder(target.files, path, engine.signal) : undefined;
  if (story === undefined || listing === undefined) {
    cleaning.kept.push({ path, why: 'foreign', run: runKey });
    return;
  }
  const partition = labelOf(story.partition);
  const seen = await lookAt(cleaning, run, { path, story }, listing);
  const fate = fateOfRetired(seen);
  if (fate === 'put-back') await putBack(cleaning, run, { path, slot, story }, listing);
  else if (fate === 'delete') {
    if (!cleaning.dryRun) await target.files.delete(path, { signal: engine.signal });
    cleaning.deleted.push({ path, what: 'retired', run: runKey, partition, bytes: listing.bytes });
  } else cleaning.kept.push({ path, why: fate, run: runKey, partition, ...until(fate, story, run) });
}

async function lookAt(
  cleaning: Cleaning,
  run: ClosedRun,
  { path, story }: Pick<Slot, 'path' | 'story'>,
  listing: Listing,
): Promise<SeenRetired> {
  const { engine, target, registrations, history } = cleaning;
  const { version, place } = slotPlace(story, listing);
  const there = place === undefined ? undefined : await target.files.status(place, { signal: engine.signal });
  const live = await liveFolder(cleaning, story.partition);
  return {
    version,
    place: there === undefined ? 'absent' : 'taken',
    record: recordOfStory(story),
    live: live.kind !== 'folder' ? live.kind : history.staged.has(live.folderId) ? 'ours' : 'foreign',
    pointed: place !== undefined && registrations.pointsInto(place),
    used: registrations.pointsInto(path),
    // One that was landed was let lie for its time before it was moved here.
    expired: version === 'landed' || endOf(story, run) <= engine.now(),
  };
}

function endOf(story: PartitionStory, { retainMs }: ClosedRun): Date {
  const { pruned, landed, present, publishing, pruning } = story;
  const last = pruned ?? landed ?? present ?? publishing.at(-1) ?? pruning;
  return endOfRetention(last?.at ?? '', retainMs);
}

function until(fate: RetiredFate, story: PartitionStory, run: ClosedRun): { readonly until?: string } {
  return fate === 'retained' ? { until: endOf(story, run).toISOString() } : {};
}

async function putBack(
  cleaning: Cleaning,
  run: ClosedRun,
  { path, slot, story }: Slot,
  listing: Listing,
): Promise<void> {
  const { engine, target, of, dryRun } = cleaning;
  const { runKey } = run.marker;
  const partition = labelOf(story.partition);
  const { place = '' } = slotPlace(story, listing);
  if (!dryRun) {
    const settled = await settleRename(target.files, identityOf(target.files, path, slot), path, place, engine.signal);
    if (settled.moved !== 'yes') {
      cleaning.kept.push({ path, why: 'only-copy', run: runKey, partition });
      return;
    }
    await undoPrunes(engine, target, of, new Map([[story.partition, story]]));
  }
  cleaning.restored.push({ path: place, run: runKey, partition });
}

/** Its run is fenced, so that nobody puts anything into it any more. */
async function deleteEmptyClosed({ engine, target }: Cleaning, closed: string): Promise<void> {
  const { signal } = engine;
  const children = (await childrenOf(target.files, closed, signal)) ?? [];
  if (children.some(({ name }) => name !== 'retired')) return;
  if (((await childrenOf(target.files, `${closed}/retired`, signal)) ?? []).length > 0) return;
  await target.files.delete(closed, { signal });
}

/** Where a version that was landed by relocation is moved before it is deleted. */
export function slotOfVersion(stageRoot: string, runKey: string, k: string, folderId: string): string {
  return `${closedFolder(stageRoot, runKey)}/retired/${k}-${folderId}`;
}
