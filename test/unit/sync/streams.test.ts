import { describe, expect, it } from '@jest/globals';
import { STREAM_BYTES, Streams, streamsOf } from '../../../sync/streams.ts';

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
});

describe('streams', () => {
  /** Work that ends when it is told to. */
  function work(streams: Streams, log: string[]) {
    const ends = new Map<string, { done: () => void; fail: (error: unknown) => void }>();
    const start = (name: string) =>
      streams.use(async () => {
        log.push(name);
        await new Promise<void>((done, fail) => ends.set(name, { done, fail }));
        return name;
      });
    return { start, ends };
  }
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  it('do so much at once, the rest in its turn', async () => {
    const log: string[] = [];
    const { start, ends } = work(new Streams(2), log);
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
    const { start, ends } = work(new Streams(1), log);
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
});
