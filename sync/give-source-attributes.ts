import { FerryError } from '../errors/ferry-error.ts';
import { giveAttributes, type Told } from './give-attributes.ts';
import { listContents, listFolder } from './listing.ts';
import type { AttemptContext } from './node-context.ts';
import type { PlannedPartition } from './plan.ts';
import { at, differingAttributes, wantedAs } from './source-attributes.ts';

/** Gives the folder at `to`, and what is in it, the attributes of the source's partition. Tells of how many paths any were set. */
export async function giveSourceAttributes(
  context: AttemptContext,
  partition: Pick<PlannedPartition, 'from'>,
  to: string,
  told: Told,
): Promise<number> {
  const { source, engine } = context;
  let given = 0;
  for (const path of await differingAttributes(engine, context, partition.from, to)) {
    const like = await source.files.attributes(at(partition.from, path), { signal: engine.signal });
    if (like && (await giveAttributes(context, at(to, path), wantedAs(like), told))) given += 1;
  }
  return given;
}

/**
 * Mends the attributes of a partition whose files are as they should be, in place; only while either side still lists as
 * when it was planned.
 */
export async function mendInPlace(context: AttemptContext, partition: PlannedPartition, told: Told): Promise<number> {
  const { source, target, engine } = context;
  const { signal } = engine;
  const theirs = await listContents(source.files, partition.from, signal);
  if (theirs?.digest !== partition.sourceDigest)
    throw new FerryError('SOURCE_CHANGED', `${source.name}:${partition.from} changed since this run was planned`);
  const ours = await listFolder(target.files, partition.live, signal);
  if (ours?.digest !== partition.planned?.digest) {
    const what = 'is not what it was when this run was planned';
    throw new FerryError('TARGET_CHANGED', `${target.name}:${partition.live} ${what}`);
  }
  return giveSourceAttributes(context, partition, partition.live, told);
}
