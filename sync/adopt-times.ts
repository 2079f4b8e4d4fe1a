import { listContents, listFolder } from './listing.ts';
import type { AttemptContext } from './node-context.ts';
import type { PlannedPartition } from './plan.ts';

/**
 * Gives the live files of a partition the modification times of the source's, in place, so that the two list equal. Only
 * while both folders still are what the plan compared by checksum; else nothing is touched, and the moves that follow
 * find what there is.
 */
export async function adoptTimes(context: AttemptContext, partition: PlannedPartition): Promise<void> {
  const { source, target, engine } = context;
  const { signal } = engine;
  const wanted = await listContents(source.files, partition.from, signal);
  const live = await listFolder(target.files, partition.live, signal);
  if (wanted?.digest !== partition.sourceDigest || live?.folderId !== partition.planned?.folderId) return;
  const times = new Map(wanted.files.map((file) => [file.path, file]));
  // An earlier attempt may have mended some of them.
  const mending =
    live?.files.filter(({ path, modificationTime }) => times.get(path)?.modificationTime !== modificationTime) ?? [];
  const alike = live?.files.every((file) => times.get(file.path)?.length === file.length);
  if (!alike || live?.files.length !== wanted.files.length) return;
  for (const { path } of mending) {
    const time = times.get(path)?.modificationTime ?? 0;
    await target.files.setModificationTime(`${partition.live}/${path}`, time, { signal });
  }
}
