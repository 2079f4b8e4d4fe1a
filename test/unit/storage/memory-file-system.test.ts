import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import { hdfsChecksum } from '../../../storage/hdfs-checksum.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { SlowBody } from '../../contract/slow-body.ts';

describe('hdfsChecksum', () => {
  it('is what a real HDFS answered for several blocks, the last one short', () => {
    const content = Uint8Array.from({ length: 3 * 1024 * 1024 + 777 }, (_, i) => i * 7);
    expect(hdfsChecksum(content, 1024 * 1024, 512)).toEqual({
      algorithm: 'MD5-of-2048MD5-of-512CRC32C',
      bytes: '000002000000000000000800e24a2ee286751d5e9554d595a2c70e3800000000',
      length: 28,
    });
  });
});

describe('MemoryFileSystem', () => {
  it('two clusters with other chunk sizes have no checksum in common', async () => {
    const [a, b] = [new MemoryFileSystem(), new MemoryFileSystem({ bytesPerChecksum: 4096 })];
    for (const files of [a, b]) files.writeFile('/f', 'same');
    const [left, right] = [await a.checksum('/f'), await b.checksum('/f')];
    expect(left).toMatchObject({ algorithm: 'MD5-of-0MD5-of-512CRC32C' });
    expect(right).toMatchObject({ algorithm: 'MD5-of-0MD5-of-4096CRC32C' });
  });

  it('lays files down with their parents and times, and shows them all', async () => {
    const files = new MemoryFileSystem({ clock: () => 7 });
    files.writeFile('/t/dt=1/f', 'hello', { modificationTime: 42 });
    files.writeFile('/t/dt=1/sub/g', '');
    await files.mkdirs('/t/empty');
    expect(await files.status('/t/dt=1/f')).toMatchObject({ length: 5, modificationTime: 42, blockSize: 134_217_728 });
    expect(await files.status('/t')).toMatchObject({ modificationTime: 7 });
    expect(files.tree()).toEqual([
      '/',
      '/t/',
      '/t/dt=1/',
      '/t/dt=1/f (5)',
      '/t/dt=1/sub/',
      '/t/dt=1/sub/g (0)',
      '/t/empty/',
    ]);
    expect(files.tree('/t/dt=1/sub')).toEqual(['/t/dt=1/sub/', '/t/dt=1/sub/g (0)']);
    expect(files.readFile('/t/dt=1/f')?.toString()).toBe('hello');
    expect(files.readFile('/t')).toBeUndefined();
  });

  it('writing a file anew makes a new one', async () => {
    const files = new MemoryFileSystem();
    files.writeFile('/f', 'one');
    const before = await files.status('/f');
    files.writeFile('/f', 'two');
    expect((await files.status('/f'))?.fileId).not.toBe(before?.fileId);
  });

  it('a writer that stops for ever leaves its file open, and what is full of it to be seen', async () => {
    const files = new MemoryFileSystem({ blockSize: 1024 });
    const source = new SlowBody();
    source.push('x'.repeat(1500));
    void files.create('/f', source.body);
    while (source.taken === 0) await Promise.resolve();
    expect(files.openFiles()).toEqual(['/f']);
    expect(await files.rename('/f', '/g')).toEqual({ renamed: true });
    expect(files.openFiles()).toEqual(['/g']);
    expect(files.tree()).toEqual(['/', '/g (1500, open)']);
    expect(await files.status('/g')).toMatchObject({ length: 1024 });
  });

  it('keeps its own copy of what was written', async () => {
    const files = new MemoryFileSystem();
    const buffer = Buffer.from('abc');
    await files.create('/f', async function* () {
      yield buffer;
      buffer.fill('z');
      yield buffer;
    });
    expect(files.readFile('/f')?.toString()).toBe('abczzz');
  });

  it('changes nothing before its caller has gone on, and everything in one step', async () => {
    const files = new MemoryFileSystem();
    const call = files.mkdirs('/a/b/c');
    expect(files.tree()).toEqual(['/']);
    await call;
    expect(files.tree()).toEqual(['/', '/a/', '/a/b/', '/a/b/c/']);
    const abort = new AbortController();
    const late = files.delete('/a', { signal: abort.signal });
    abort.abort(new Error('in time'));
    await expect(late).rejects.toThrow('in time');
    expect(files.tree()).toHaveLength(4);
  });

  it('never gives up its root', async () => {
    const files = new MemoryFileSystem();
    expect(await files.delete('/').catch(codeOf)).toBe('SERVER_ERROR');
    expect(await files.rename('/', '/a')).toMatchObject({ renamed: false });
  });
});
