import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../../errors/ferry-error.ts';
import type { FileStatus } from '../../../storage/file-system.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import {
  foldersOf,
  isHidden,
  type ListedFile,
  listContents,
  listFolder,
  listingDigest,
  sameListing,
} from '../../../sync/listing.ts';
import { memoryFiles, refusal, SIGNAL } from './two-clusters.ts';

describe('case 33: what a query would not read', () => {
  it.each<[string, FileStatus['kind'], boolean]>([
    ['000000_0', 'file', false],
    ['part-00000-1f.c000.snappy.orc', 'file', false],
    ['HIVE_UNION_SUBDIR_1', 'folder', false],
    ['dt=2026-01-01', 'folder', false],
    ['_SUCCESS', 'file', false],
    ['_SUCCESS', 'folder', true],
    ['_SUCCESS.crc', 'file', true],
    ['_success', 'file', true],
    ['_metadata', 'file', true],
    ['_temporary', 'folder', true],
    ['.part-0.crc', 'file', true],
    ['.hive-staging_hive_2026-01-01_00-00-00_000_1-1', 'folder', true],
    ['.hive-ferry', 'folder', true],
    ['-ext-10000', 'folder', false],
    ['a.b_c', 'file', false],
  ])('%s, a %s: hidden %s', (name, kind, hidden) => {
    expect(isHidden(name, kind)).toBe(hidden);
  });
});

describe('the listing of a folder', () => {
  const T = '/t/dt=1';
  const list = (files: MemoryFileSystem, folder = T) => listFolder(files, folder, SIGNAL);

  it('is refused where its identity is needed and not told; its contents are not', async () => {
    class Gateway extends MemoryFileSystem {
      override async status(path: string): Promise<FileStatus | undefined> {
        const status = await super.status(path);
        return status && { ...status, fileId: undefined };
      }
    }
    const files = new Gateway({ cluster: 'b' });
    await files.mkdirs(T);
    const error = await refusal(list(files));
    expect([codeOf(error), error.message]).toEqual(['CONFIG_INVALID', expect.stringContaining(`b:${T}`)]);
    expect(await listContents(files, T, SIGNAL)).toMatchObject({ files: [], bytes: 0 });
  });

  it('case 33: holds all data files, empty and nested ones too, sorted, page by page, and nothing hidden', async () => {
    const files = memoryFiles('a', { pageSize: 2, blockSize: 1024 });
    const laid = ['b', 'HIVE_UNION_SUBDIR_2/000000_0', 'HIVE_UNION_SUBDIR_1/x/000000_0', '_SUCCESS', 'a', 'ä', 'empty'];
    const hidden = [
      '.hive-staging_1/000000_0',
      '_temporary/0/f',
      '.a.crc',
      '_metadata',
      'HIVE_UNION_SUBDIR_1/_x',
      '_SUCCESS.crc',
    ];
    for (const path of [...laid, ...hidden]) {
      files.writeFile(`${T}/${path}`, path === 'empty' ? '' : path, { modificationTime: path.length });
    }
    await files.mkdirs(`${T}/nothing in it`);
    const listing = await list(files);
    expect(listing?.files).toEqual(
      [...laid].sort().map((path) => ({
        path,
        length: path === 'empty' ? 0 : Buffer.byteLength(path),
        modificationTime: path.length,
        blockSize: 1024,
      })),
    );
    expect(listing?.bytes).toBe(laid.filter((path) => path !== 'empty').join('').length + 1);
    expect(listing?.folderId).toBe((await files.status(T))?.fileId);
  });

  it('is undefined where nothing stands, and below a file', async () => {
    const files = memoryFiles('a');
    files.writeFile('/f', 'x');
    expect(await list(files)).toBeUndefined();
    expect(await list(files, '/f/below')).toBeUndefined();
  });

  it('is empty for an empty folder, and for one with hidden files only', async () => {
    const files = memoryFiles('a');
    await files.mkdirs(T);
    const empty = await list(files);
    expect(empty).toMatchObject({ files: [], bytes: 0 });
    files.writeFile(`${T}/_temporary/x`, 'x');
    expect(await list(files)).toEqual(empty);
  });

  it('refuses a file', async () => {
    const files = memoryFiles('a');
    files.writeFile(T, 'x');
    const error = await refusal(list(files));
    expect(codeOf(error)).toBe('NOT_A_FOLDER');
    expect(error.message).toContain('a:/t/dt=1');
  });

  it('leaves out an inner folder that goes away while it is listed', async () => {
    class Vanishing extends MemoryFileSystem {
      override async list(path: string) {
        if (path === `${T}/inner`) await this.delete(path);
        return super.list(path);
      }
    }
    const files = new Vanishing();
    files.writeFile(`${T}/a`, 'x');
    files.writeFile(`${T}/inner/b`, 'x');
    expect((await list(files))?.files.map(({ path }) => path)).toEqual(['a']);
  });

  it('changes with each of the names, lengths and times, not with the block size', async () => {
    const [files, other] = [memoryFiles('a', { blockSize: 1024 }), memoryFiles('b', { blockSize: 2048 })];
    for (const side of [files, other]) side.writeFile(`${T}/f`, 'one', { modificationTime: 5 });
    const [left, right] = [await list(files), await list(other)];
    if (!left || !right) throw new Error('not listed');
    expect(sameListing(left, right)).toBe(true);
    for (const [path, content, modificationTime] of [
      ['f', 'ones', 5],
      ['f', 'two', 6],
      ['g', 'one', 5],
    ] as const) {
      const changed = memoryFiles('a');
      changed.writeFile(`${T}/${path}`, content, { modificationTime });
      expect((await list(changed))?.digest).not.toBe(left.digest);
    }
  });

  it('passes an abort through untouched', async () => {
    const files = memoryFiles('a');
    await files.mkdirs(T);
    const why = new Error('stopped');
    await expect(listFolder(files, T, AbortSignal.abort(why))).rejects.toBe(why);
  });
});

describe('the digest of a listing', () => {
  const file: fc.Arbitrary<ListedFile> = fc.record({
    path: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'01 "\\\n\u2028{}az'.split('')), minLength: 1, maxLength: 8 }),
      fc.string({ unit: 'binary', minLength: 1 }),
    ),
    length: fc.nat({ max: 12 }),
    modificationTime: fc.nat({ max: 12 }),
    blockSize: fc.constant(1024),
  });
  const files = fc.array(file, { maxLength: 4 });

  it('is equal only for equal files', () => {
    const key = (all: readonly ListedFile[]) => JSON.stringify(all.map((f) => [f.path, f.length, f.modificationTime]));
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(files, (all) => {
        const digest = listingDigest(all);
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
        expect(seen.get(digest) ?? key(all)).toBe(key(all));
        seen.set(digest, key(all));
      }),
      { numRuns: 1000 },
    );
    expect(new Set(seen.values()).size).toBe(seen.size);
  });

  it.each<[string, string[], string[]]>([
    ['a name that imitates the next line', ['a\n1 1 b'], ['a', 'b']],
    ['a name that imitates a quoted one', ['a"\n1 1 "b'], ['a', 'b']],
    ['a name that imitates an escape', ['a\n'], ['a\\n']],
    ['a blank', ['1 a'], ['a']],
  ])('is not fooled by %s', (_, one, other) => {
    const lay = (paths: readonly string[]) =>
      listingDigest(paths.map((path) => ({ path, length: 1, modificationTime: 1, blockSize: 1 })));
    expect(lay(one)).not.toBe(lay(other));
  });
});

describe('the folders between', () => {
  const at = (paths: readonly string[]): readonly ListedFile[] =>
    paths.map((path) => ({ path, length: 0, modificationTime: 0, blockSize: 1 }));

  it.each<[string[], string[]]>([
    [[], []],
    [['f', '_SUCCESS'], []],
    [
      ['x/y/z/f', 'x/g'],
      ['x', 'x/y', 'x/y/z'],
    ],
    [
      ['x-y/f', 'x/y/f'],
      ['x', 'x-y', 'x/y'],
    ],
  ])('of %j are %j', (paths, folders) => {
    expect(foldersOf(at(paths))).toEqual(folders);
  });

  it('come parents first, each once', () => {
    const path = fc.array(fc.constantFrom('a', 'a-', 'a!', 'b', 'ä'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(path.map((segments) => segments.join('/'))), (paths) => {
        const folders = foldersOf(at(paths));
        expect(new Set(folders).size).toBe(folders.length);
        folders.forEach((folder, place) => {
          const cut = folder.lastIndexOf('/');
          if (cut > 0) expect(folders.indexOf(folder.slice(0, cut))).toBeLessThan(place);
          if (cut > 0) expect(folders.indexOf(folder.slice(0, cut))).toBeGreaterThanOrEqual(0);
        });
        const parents = paths.flatMap((each) => (each.includes('/') ? [each.slice(0, each.lastIndexOf('/'))] : []));
        expect(parents.every((parent) => folders.includes(parent))).toBe(true);
      }),
    );
  });
});
