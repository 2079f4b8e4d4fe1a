import { FerryError } from '../errors/ferry-error.ts';
import { following, inheritsOtherwise, type Wanted, whileStaged } from './attributes.ts';
import { makeInside } from './claim.ts';
import { giveAttributes, presentAttributes, type Told } from './give-attributes.ts';
import { giveSourceAttributes } from './give-source-attributes.ts';
import type { AttemptContext } from './node-context.ts';
import type { PlannedPartition } from './plan.ts';
import { baseOfVersions, parentOf } from './run-folder.ts';

/**
 * What a partition's staged folder is given when it is made: as the one it replaces, or as HDFS would where it lands; as
 * the source's when the spec asks for that.
 */
export async function wantedWhileStaged(context: AttemptContext, partition: PlannedPartition): Promise<Wanted> {
  const { spec, source, target, engine } = context;
  const { files } = target;
  const options = { signal: engine.signal };
  if (spec.attributes === 'source') {
    const theirs = await source.files.attributes(partition.from, options);
    return theirs === undefined ? {} : whileStaged(theirs);
  }
  const live = partition.planned && (await files.attributes(partition.live, options));
  if (live) return whileStaged(live);
  const parent = await files.attributes(parentOf(partition.to), options);
  return parent === undefined ? {} : following(parent);
}

/**
 * Hands the live folder's attributes on to the whole staged folder that is about to take its place; gives it, and all in
 * it, the source's when the spec asks for that.
 */
export async function handOn(
  context: AttemptContext,
  partition: PlannedPartition,
  stage: string,
  told: Told,
): Promise<void> {
  if (context.spec.attributes === 'source') {
    await giveSourceAttributes(context, partition, stage, told);
    return;
  }
  if (partition.planned === undefined) return;
  const live = await context.target.files.attributes(partition.live, { signal: context.engine.signal });
  if (live) await giveAttributes(context, stage, live, told);
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
