import { describe, expect, it } from '@jest/globals';
import { mostOpenFiles, SMALL_FILE_BYTES, STREAM_BYTES, Streams, streamsOf } from '../../../sync/streams.ts';

describe('how many streams a budget holds', () => {
  it.each([
    [1, 1],
    [STREAM_BYTES - 1, 1],
    [STREAM_BYTES, 1],
    [2 * STREAM_BYTES - 1, 1],
    [4 * STREAM_BYTES, 4],
    [32 * STREAM_BYTES, 32],
    [1000 * STREAM_BYTES, 32],
  ])('%d bytes: %d', (budget, streams) => {
    expect(streamsOf(budget)).toBe(streams);
  });

  it.each([
    [1, 4],
    [STREAM_BYTES, 4],
    [4 * STREAM_BYTES, 16],
    [8 * STREAM_BYTES, 32],
    [1000 * STREAM_BYTES, 32],
  ])('%d bytes: %d of small files', (budget, files) => {
    expect(mostOpenFiles(budget)).toBe(files);
  });
});

describe('streams', () => {
  /** Work that ends when it is told to. */
  function work(streams: Streams, log: string[], bytes = STREAM_BYTES) {
    const ends = new Map<string, { done: () => void; fail: (error: unknown) => void }>();
    const start = (name: string) =>
      streams.use(bytes, async () => {
        log.push(name);
        await new Promise<void>((done, fail) => ends.set(name, { done, fail }));
        return name;
      });
    return { start, ends };
  }
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  it('do so much at once, the rest in its turn', async () => {
    const log: string[] = [];
    const { start, ends } = work(new Streams(2 * STREAM_BYTES), log);
    const all = ['a', 'b', 'c', 'd'].map(start);
    await soon();
    expect(log).toEqual(['a', 'b']);
    ends.get('b')?.done();
    await soon();
    expect(log).toEqual(['a', 'b', 'c']);
    ends.get('a')?.done();
    ends.get('c')?.done();
    await soon();
    ends.get('d')?.done();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are given back by work that fails', async () => {
    const log: string[] = [];
    const { start, ends } = work(new Streams(STREAM_BYTES), log);
    const failing = start('a');
    const next = start('b');
    await soon();
    ends.get('a')?.fail(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await soon();
    ends.get('b')?.done();
    expect(await next).toBe('b');
    const last = start('c');
    await soon();
    expect(log).toEqual(['a', 'b', 'c']);
    ends.get('c')?.done();
    await last;
  });

  it('of small files are several for one of a large file, whose turn comes all the same', async () => {
    const log: string[] = [];
    const streams = new Streams(STREAM_BYTES);
    const small = work(streams, log, SMALL_FILE_BYTES);
    const large = work(streams, log, SMALL_FILE_BYTES + 1);
    const first = ['a', 'b', 'c', 'd', 'e'].map(small.start);
    const whole = large.start('whole');
    const last = small.start('f');
    await soon();
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['a', 'b', 'c', 'd']) small.ends.get(name)?.done();
    await soon();
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e']);
    small.ends.get('e')?.done();
    await Promise.all(first);
    await soon();
    expect(log.at(-1)).toBe('whole');
    large.ends.get('whole')?.done();
    await whole;
    await soon();
    small.ends.get('f')?.done();
    expect(await last).toBe('f');
  });

  it('are no more than servers bear, whatever the budget holds', async () => {
    const log: string[] = [];
    const { start, ends } = work(new Streams(1000 * STREAM_BYTES), log, 1);
    const names = Array.from({ length: 33 }, (_, place) => `${place}`);
    const all = names.map(start);
    await soon();
    expect(log).toHaveLength(32);
    for (const name of names.slice(0, 32)) ends.get(name)?.done();
    await soon();
    ends.get('32')?.done();
    await Promise.all(all);
  });
});
