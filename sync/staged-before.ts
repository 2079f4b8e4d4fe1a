import { childrenOf } from './children-of.ts';
import { chunkFolderName, chunksOf } from './chunks.ts';
import { concurrently } from './concurrently.ts';
import type { Reader } from './engine.ts';
import { listContents } from './listing.ts';
import { mustStage, type Plan, type PlannedPartition } from './plan.ts';
import { isClosedFolderOf, keptFolder } from './run-folder.ts';
import type { RunMarker } from './table-runs.ts';

/** What lies staged of a partition already. */
type Staged = { readonly bytes: number; readonly files: number };

/** By a partition's k. */
export type StagedBefore = ReadonlyMap<string, Staged>;

const LOOKS_AT_ONCE = 32;

/**
 * What closed runs had staged of a plan's partitions and this one takes over: it lies on the target's disks and is
 * counted by its quotas. What of it is of no use is deleted before anything is copied in its place, so that all files of
 * a partition's stage count; of chunks only those of a file as it is now.
 */
export async function stagedBefore(
  reader: Reader,
  { spec, partitions }: Pick<Plan, 'spec' | 'partitions'>,
  takesOver: readonly RunMarker[],
): Promise<StagedBefore> {
  const { files } = reader.open(spec.target.cluster);
  const { signal } = reader;
  const found = new Map<string, Staged>();
  const add = (k: string, { bytes, files: count }: Staged) => {
    const before = found.get(k) ?? { bytes: 0, files: 0 };
    found.set(k, { bytes: before.bytes + bytes, files: before.files + count });
  };
  const toStage = takesOver.length === 0 ? [] : partitions.filter(mustStage);
  const stageRoots = [...new Set(toStage.map(({ stageRoot }) => stageRoot))];
  for (const stageRoot of stageRoots) {
    const here = toStage.filter((planned) => planned.stageRoot === stageRoot);
    for (const { name } of (await childrenOf(files, stageRoot, signal)) ?? []) {
      if (!takesOver.some(({ runKey }) => isClosedFolderOf(runKey, name))) continue;
      const kept = keptFolder(`${stageRoot}/${name}`);
      const staged = await namesIn(reader, spec, `${kept}/stage`);
      const chunked = await namesIn(reader, spec, `${kept}/chunks`);
      await concurrently(here, LOOKS_AT_ONCE, async (planned) => {
        const { k } = planned;
        reader.heartbeat();
        const contents = staged.has(k) ? await listContents(files, `${kept}/stage/${k}`, signal) : undefined;
        if (contents) add(k, { bytes: contents.bytes, files: contents.files.length });
        if (chunked.size === 0 || planned.bytes <= spec.chunkBytes) return;
        for (const folder of (await chunkFolders(reader, spec, planned)).filter((wanted) => chunked.has(wanted))) {
          const chunks = (await childrenOf(files, `${kept}/chunks/${folder}`, signal)) ?? [];
          add(k, { bytes: chunks.reduce((sum, { length }) => sum + length, 0), files: chunks.length });
        }
      });
    }
  }
  return found;
}

async function namesIn(reader: Reader, spec: Plan['spec'], folder: string): Promise<ReadonlySet<string>> {
  const { files } = reader.open(spec.target.cluster);
  return new Set(((await childrenOf(files, folder, reader.signal)) ?? []).map(({ name }) => name));
}

/** The names that the folders of a partition's chunks have, of its source's files as they are now. */
async function chunkFolders(
  reader: Reader,
  spec: Plan['spec'],
  { k, from }: PlannedPartition,
): Promise<readonly string[]> {
  const source = reader.open(spec.source.cluster);
  const contents = await listContents(source.files, from, reader.signal);
  const large = contents?.files.filter((file) => chunksOf(file, spec.chunkBytes).length > 0) ?? [];
  return large.map((file) => chunkFolderName(k, file, spec));
}
