import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Bandwidth, limitedBandwidth, UNLIMITED } from '../../../sync/bandwidth.ts';

describe('bandwidth', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Streams that take chunks one after the other; gives the bytes that have flowed by now. */
  function flow(bandwidth: Bandwidth, streams: number, chunks: number, bytes: number): { readonly flowed: number } {
    const state = { flowed: 0 };
    const stream = async () => {
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        await bandwidth.take(bytes);
        state.flowed += bytes;
      }
    };
    for (let number = 0; number < streams; number += 1) void stream();
    return state;
  }

  it.each([
    ['many small files', 8, 500, 10],
    ['a few large chunks', 2, 4, 5000],
    ['one stream alone', 1, 400, 100],
  ])('is one bucket for all streams: %s (case 30)', async (_, streams, chunks, bytes) => {
    const rate = 1000;
    const state = flow(limitedBandwidth(rate), streams, chunks, bytes);
    for (let second = 1; second <= 10; second += 1) {
      await jest.advanceTimersByTimeAsync(1000);
      // A bucket's worth flows at the start, at most one chunk's share waits to be whole.
      expect(state.flowed).toBeLessThanOrEqual(rate * (second + 1));
      expect(state.flowed).toBeGreaterThanOrEqual(Math.min(rate * second, streams * chunks * bytes) - streams * bytes);
    }
  });

  it('lets a chunk through that is larger than a second’s worth, in its time', async () => {
    const state = flow(limitedBandwidth(1000), 1, 1, 3500);
    await jest.advanceTimersByTimeAsync(2400);
    expect(state.flowed).toBe(0);
    await jest.advanceTimersByTimeAsync(1700);
    expect(state.flowed).toBe(3500);
  });

  it('is shared fairly: no stream waits for another’s whole file', async () => {
    const bandwidth = limitedBandwidth(1000);
    const large = flow(bandwidth, 1, 1000, 500);
    const small = flow(bandwidth, 1, 10, 10);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(small.flowed).toBe(100);
    expect(large.flowed).toBeGreaterThan(5000);
  });

  it('without a limit never waits', async () => {
    const state = flow(UNLIMITED, 4, 100, 2 ** 40);
    await jest.advanceTimersByTimeAsync(0);
    expect(state.flowed).toBe(4 * 100 * 2 ** 40);
    expect(jest.getTimerCount()).toBe(0);
  });
});
