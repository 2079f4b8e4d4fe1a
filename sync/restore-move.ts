import { FerryError } from '../errors/ferry-error.ts';
import { type Claimant, claimNode } from './claim.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import { type Listing, listFolder } from './listing.ts';
import type { Version } from './plan.ts';
import { nextMove, type Seen } from './publish.ts';
import type { RestorePlan } from './restore-partition.ts';
import { attemptFolder, parentOf } from './run-folder.ts';
import { settleRename } from './settle-rename.ts';

const MOST_LOOKS = 12;

/**
 * Renames the version to its place, and what stands there into this run's retired versions first, by the same table of
 * moves as a publish (publish.ts): the version counts as staged where it lies. An attempt of the same run that is still
 * on its way is shut out before. Throws TARGET_CHANGED when something is not as planned.
 */
export async function moveBack(
  engine: Engine,
  target: Cluster,
  { spec, candidate, present }: RestorePlan,
  attempt: string,
): Promise<void> {
  const { files } = target;
  const { signal } = engine;
  const { path, to, stageRoot, k } = candidate;
  const folder = attemptFolder(stageRoot, spec.runKey, 0, attempt);
  await claimNode({ engine, target, spec, folder, node: { index: 0 }, serial: counter() });
  await files.mkdirs(parentOf(to), { signal });
  const slot = folder.retiredSlot(k, present?.folderId ?? 'none');
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const [there, live, retired] = [
      await listFolder(files, path, signal),
      await listFolder(files, to, signal),
      await listFolder(files, slot, signal),
    ];
    const move = nextMove({
      staged: isVersion(there, candidate),
      live:
        live === undefined
          ? 'absent'
          : isVersion(live, candidate)
            ? 'wanted'
            : isVersion(live, present)
              ? 'planned'
              : 'other',
      retired: retired === undefined ? 'no' : isVersion(retired, present) ? 'planned' : 'other',
      landed: false,
    } satisfies Seen);
    if (move === 'done') return;
    if (move === 'land') await settleRename(files, candidate.folderId, path, to, signal);
    else if (move === 'retire' && live) await settleRename(files, live.folderId, to, slot, signal);
    else if ((move === 'restore' || move === 'put-back') && retired) {
      await settleRename(files, retired.folderId, slot, to, signal);
    } else break;
  }
  throw new FerryError('TARGET_CHANGED', `${target.name}:${to} or ${path} is not what it was when this began`);
}

function isVersion(listing: Listing | undefined, version: Version | undefined): boolean {
  return listing !== undefined && listing.folderId === version?.folderId && listing.digest === version.digest;
}

function counter(): Claimant['serial'] {
  let serial = 0;
  return () => {
    serial += 1;
    return serial;
  };
}
