import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TokenBucket } from '../../../storage/token-bucket.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Takers that take one amount after the other; gives what they were given by now. */
function flow(bucket: TokenBucket, takers: number, times: number, amount: number): { readonly given: number } {
  const state = { given: 0 };
  const taker = async () => {
    for (let time = 0; time < times; time += 1) {
      await bucket.take(amount);
      state.given += amount;
    }
  };
  for (let number = 0; number < takers; number += 1) void taker();
  return state;
}

describe('case 30: a limit is one bucket for all who take from it', () => {
  it.each([
    ['many small amounts', 8, 500, 10],
    ['a few large amounts', 2, 10, 5000],
    ['one taker alone', 1, 400, 100],
  ])('%s', async (_, takers, times, amount) => {
    const rate = 1000;
    const state = flow(new TokenBucket(rate), takers, times, amount);
    for (let second = 1; second <= 10; second += 1) {
      await jest.advanceTimersByTimeAsync(1000);
      // What was given last may still be owed.
      expect(state.given).toBeLessThanOrEqual(rate * second + amount);
      expect(state.given).toBeGreaterThanOrEqual(Math.min(rate * second, takers * times * amount) - amount);
    }
  });

  it('saves up one second’s worth and no more', async () => {
    const bucket = new TokenBucket(1000);
    await jest.advanceTimersByTimeAsync(60_000);
    const state = flow(bucket, 1, 100, 100);
    await jest.advanceTimersByTimeAsync(0);
    expect(state.given).toBe(1100);
  });

  it('lets an amount through that is larger than a second’s worth, and those after it wait for their time', async () => {
    const bucket = new TokenBucket(1000);
    const large = flow(bucket, 1, 1, 3500);
    const next = flow(bucket, 1, 1, 1);
    await jest.advanceTimersByTimeAsync(3400);
    expect([large.given, next.given]).toEqual([3500, 0]);
    await jest.advanceTimersByTimeAsync(200);
    expect(next.given).toBe(1);
  });

  it('is fair: nobody waits for another’s whole', async () => {
    const bucket = new TokenBucket(1000);
    const large = flow(bucket, 1, 1000, 500);
    const small = flow(bucket, 1, 10, 10);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(small.given).toBe(100);
    expect(large.given).toBeGreaterThan(5000);
  });

  it('without a limit nobody waits', async () => {
    const state = flow(new TokenBucket(), 4, 100, 2 ** 40);
    await jest.advanceTimersByTimeAsync(0);
    expect(state.given).toBe(4 * 100 * 2 ** 40);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a wait', () => {
  it('ends when its signal is aborted, with its reason, and those behind it move up', async () => {
    const bucket = new TokenBucket(10);
    await bucket.take(20);
    const stopping = new AbortController();
    const aborted = bucket.take(1000, stopping.signal);
    const behind = flow(bucket, 1, 1, 1);
    const reason = new Error('cancelled');
    stopping.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await jest.advanceTimersByTimeAsync(2100);
    expect(behind.given).toBe(1);
    await expect(bucket.take(1, stopping.signal)).rejects.toBe(reason);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('that nobody waits for any longer leaves no timer', async () => {
    const bucket = new TokenBucket(10);
    await bucket.take(20);
    const stopping = new AbortController();
    const aborted = bucket.take(1, stopping.signal);
    expect(jest.getTimerCount()).toBe(1);
    stopping.abort(new Error('cancelled'));
    await expect(aborted).rejects.toThrow('cancelled');
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each<[string, number | undefined, number]>([
    ['a higher rate', 1000, 100],
    ['no limit', undefined, 0],
  ])('follows %s', async (_, rate, milliseconds) => {
    const bucket = new TokenBucket(1);
    await bucket.take(100);
    const state = flow(bucket, 1, 1, 1);
    await jest.advanceTimersByTimeAsync(1000);
    bucket.setRate(rate);
    await jest.advanceTimersByTimeAsync(milliseconds);
    expect(state.given).toBe(1);
  });

  it('follows a lower rate', async () => {
    const bucket = new TokenBucket(1000);
    await bucket.take(1000);
    const state = flow(bucket, 1, 1, 1);
    bucket.setRate(100);
    await jest.advanceTimersByTimeAsync(9000);
    expect(state.given).toBe(0);
    await jest.advanceTimersByTimeAsync(1100);
    expect(state.given).toBe(1);
  });
});
