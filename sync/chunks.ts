import { createHash } from 'node:crypto';
import type { ListedFile } from './listing.ts';
import type { ResolvedSpec } from './outcome.ts';

/** A part of a file that is copied by itself. Bytes. */
export type Chunk = { readonly index: number; readonly offset: number; readonly length: number };

/**
 * The chunks in which a file is copied; none: it goes whole. Each but the last ends at the end of a block, so that the
 * file that CONCAT makes of them has the blocks, and with them the checksum, of one that was written at once.
 */
export function chunksOf({ length, blockSize }: Pick<ListedFile, 'length' | 'blockSize'>, chunkBytes: number): Chunk[] {
  const size = Math.ceil(chunkBytes / blockSize) * blockSize;
  if (!(length > size)) return [];
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => {
    const offset = index * size;
    return { index, offset, length: Math.min(size, length - offset) };
  });
}

/**
 * The name of the folder of a file's chunks: the same as long as the chunks are good for the file. Another version of
 * it, another size of chunk or another way to verify one is another folder.
 */
export function chunkFolderName(
  k: string,
  { path, length, modificationTime, blockSize }: ListedFile,
  { chunkBytes, verify }: Pick<ResolvedSpec, 'chunkBytes' | 'verify'>,
): string {
  const identity = JSON.stringify([k, path, length, modificationTime, blockSize, chunkBytes, verify]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

/** How many chunks the first one holds, itself included, when others were joined to it; undefined: no number of them is this long. */
export function joinedChunks(chunks: readonly Chunk[], firstLength: number): number | undefined {
  const last = chunks.find(({ offset, length }) => offset + length === firstLength);
  return last && last.index + 1;
}
