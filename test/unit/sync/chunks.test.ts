import { describe, expect, it } from '@jest/globals';
import { chunkFolderName, chunksOf, joinedChunks } from '../../../sync/chunks.ts';

const FILE = { path: 'f', length: 1000, modificationTime: 5, blockSize: 100 };
const HOW = { chunkBytes: 200, verify: 'checksum' } as const;

describe('the chunks of a file', () => {
  it.each([
    ['no larger than a chunk: none', 300, 100, 300, []],
    ['a byte larger: two', 301, 100, 300, [300, 1]],
    ['that ends with a chunk', 600, 100, 300, [300, 300]],
    ['whose block is no divisor of the chunk: whole blocks', 450, 100, 150, [200, 200, 50]],
    ['whose block is larger than the chunk: blocks', 250, 100, 30, [100, 100, 50]],
    ['that is empty: none', 0, 100, 100, []],
    ['of a cluster that tells no block size: none', 1000, 0, 100, []],
  ])('%s', (_, length, blockSize, chunkBytes, lengths) => {
    const chunks = chunksOf({ length, blockSize }, chunkBytes);
    expect(chunks.map((chunk) => chunk.length)).toEqual(lengths);
    let offset = 0;
    for (const [place, chunk] of chunks.entries()) {
      expect(chunk).toMatchObject({ index: place, offset });
      offset += chunk.length;
    }
  });

  it('lie in another folder for another file, version, size of chunk or verification', () => {
    const names = [
      chunkFolderName('k', FILE, HOW),
      chunkFolderName('l', FILE, HOW),
      chunkFolderName('k', { ...FILE, path: 'g' }, HOW),
      chunkFolderName('k', { ...FILE, length: 1001 }, HOW),
      chunkFolderName('k', { ...FILE, modificationTime: 6 }, HOW),
      chunkFolderName('k', { ...FILE, blockSize: 200 }, HOW),
      chunkFolderName('k', FILE, { ...HOW, chunkBytes: 300 }),
      chunkFolderName('k', FILE, { ...HOW, verify: 'stream' }),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(chunkFolderName('k', { ...FILE }, { ...HOW })).toBe(names[0]);
  });

  it('that are joined are told by the length of the first one', () => {
    const chunks = chunksOf({ length: 450, blockSize: 100 }, 200);
    expect([0, 100, 200, 400, 450, 451].map((length) => joinedChunks(chunks, length))).toEqual([
      undefined,
      undefined,
      1,
      2,
      3,
      undefined,
    ]);
  });
});
