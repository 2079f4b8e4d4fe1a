import { FerryError, messageOf } from '../errors/ferry-error.ts';
import type { Attributes } from '../storage/file-system.ts';
import {
  changesTo,
  describeChange,
  following,
  inheritsOtherwise,
  mustBeSet,
  type Wanted,
  whileStaged,
} from './attributes.ts';
import { assertOwn, type Claimant, makeInside } from './claim.ts';
import { isRefusal } from './is-refusal.ts';
import type { AttemptContext } from './node-context.ts';
import type { PlannedPartition } from './plan.ts';
import { baseOfVersions, parentOf } from './run-folder.ts';

/** Names what the cluster would not set. */
export type Told = (attribute: string) => void;

/** What a partition's staged folder is given when it is made: as the one it replaces, or as HDFS would where it lands. */
export async function wantedWhileStaged(context: AttemptContext, partition: PlannedPartition): Promise<Wanted> {
  const { files } = context.target;
  const options = { signal: context.engine.signal };
  const live = partition.planned && (await files.attributes(partition.live, options));
  if (live) return whileStaged(live);
  const parent = await files.attributes(parentOf(partition.to), options);
  return parent === undefined ? {} : following(parent);
}

/** Hands the live folder's attributes on to the whole staged folder that is about to take its place. */
export async function handOn(
  context: AttemptContext,
  partition: PlannedPartition,
  stage: string,
  told: Told,
): Promise<void> {
  if (partition.planned === undefined) return;
  const live = await context.target.files.attributes(partition.live, { signal: context.engine.signal });
  if (live) await giveAttributes(context, stage, live, told);
}

/**
 * Sets what differs. What the cluster refuses is logged and told; it is thrown, as PERMISSION_DENIED, only where the
 * folder would be open to more people than wanted.
 */
export async function giveAttributes(
  context: Claimant,
  path: string,
  want: Wanted,
  told: Told = () => {},
): Promise<void> {
  const { target, engine } = context;
  const { signal } = engine;
  const have = await presentAttributes(context, path);
  for (const change of changesTo(have, want)) {
    try {
      await target.files.setAttribute(path, change, { signal });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const attribute = describeChange(change);
      if (mustBeSet(change, have))
        throw new FerryError('PERMISSION_DENIED', `${attribute}: ${messageOf(error)}`, { cause: error });
      engine.log.warn('attribute not handed on', { path, attribute, message: messageOf(error) });
      told(attribute);
    }
  }
}

/** The folder in which a partition's files are made: the attempt's own, or one of the partition's where they inherit as wanted. */
export async function partFolder(context: AttemptContext, partition: PlannedPartition, want: Wanted): Promise<string> {
  const { folder } = context;
  if (!inheritsOtherwise(await presentAttributes(context, folder.part), want)) return folder.part;
  const own = `${folder.part}/${partition.k}`;
  await makeInside(context, own, (aside) => giveAttributes(context, aside, want));
  return own;
}

/** Makes the folders on the way to a path that are missing, each as its parent has it; each appears whole, by a rename. */
export async function makeFollowing(context: AttemptContext, path: string): Promise<void> {
  const { target, engine } = context;
  const options = { signal: engine.signal };
  const there = await target.files.status(path, options);
  if (there?.kind === 'file') throw new FerryError('NOT_A_FOLDER', `${target.name}:${path} is a file, not a folder`);
  if (there !== undefined) return;
  await makeFollowing(context, parentOf(path));
  await makeInside(context, path, async (aside) => {
    const parent = await target.files.attributes(parentOf(path), options);
    if (parent) await giveAttributes(context, aside, following(parent));
  });
}

/** The versions of a relocated table stand beside its folder: nobody sees more of them than of the table. */
export async function guardVersions(context: AttemptContext): Promise<void> {
  const { target, engine, folder } = context;
  const base = baseOfVersions(folder.stageRoot);
  if (base === undefined) return;
  const like = await target.files.attributes(base, { signal: engine.signal });
  if (like) await giveAttributes(context, parentOf(folder.stageRoot), whileStaged(like));
}

async function presentAttributes(context: Claimant, path: string): Promise<Attributes> {
  const { target, engine } = context;
  const have = await target.files.attributes(path, { signal: engine.signal });
  if (have !== undefined) return have;
  await assertOwn(context);
  throw new FerryError('PATH_ABSENT', `${target.name}:${path} is gone`);
}
