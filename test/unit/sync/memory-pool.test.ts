import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../../errors/ferry-error.ts';
import { type Lease, MemoryPool } from '../../../sync/memory-pool.ts';
import { refusal } from './two-clusters.ts';

const MIB = 2 ** 20;

describe('the memory pool', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Asks for memory and notes the name when it is granted. */
  function asker(pool: MemoryPool) {
    const granted: string[] = [];
    const ask = (name: string, bytes: number, options?: Parameters<MemoryPool['take']>[1]) =>
      pool.take(bytes, options).then((lease) => {
        granted.push(name);
        return lease;
      });
    return { granted, ask };
  }

  it('gives what is free at once, and takes it back', async () => {
    const pool = new MemoryPool(100 * MIB);
    const one = await pool.take(60 * MIB);
    const two = await pool.take(40 * MIB);
    expect([one.budgetBytes, two.budgetBytes, pool.freeBytes]).toEqual([60 * MIB, 40 * MIB, 0]);
    one.release();
    two.release();
    expect(pool.freeBytes).toBe(100 * MIB);
  });

  it('tells how much is in use, whenever that changes', async () => {
    const used: number[] = [];
    const pool = new MemoryPool(100, (bytes) => used.push(bytes));
    const one = await pool.take(60);
    const waiting = pool.take(50);
    one.release();
    (await waiting).release();
    expect(used).toEqual([60, 0, 50, 0]);
  });

  it('takes a budget back once, however often it is released', async () => {
    const pool = new MemoryPool(100);
    const one = await pool.take(60);
    await pool.take(40);
    one.release();
    one.release();
    expect(pool.freeBytes).toBe(60);
  });

  it('says POOL_BUSY when nothing was free for so long, and not before', async () => {
    const pool = new MemoryPool(64 * MIB);
    const held = await pool.take(64 * MIB);
    const told = jest.fn();
    const late = refusal(pool.take(MIB, { waitMs: 500 })).finally(told);
    await jest.advanceTimersByTimeAsync(499);
    expect(told).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    const error = await late;
    expect(codeOf(error)).toBe('POOL_BUSY');
    expect(error.message).toContain('1MiB');
    held.release();
    expect(pool.freeBytes).toBe(64 * MIB);
  });

  it('waits two seconds unless told otherwise', async () => {
    const pool = new MemoryPool(1);
    await pool.take(1);
    const told = jest.fn();
    const late = refusal(pool.take(1)).finally(told);
    await jest.advanceTimersByTimeAsync(1999);
    expect(told).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(codeOf(await late)).toBe('POOL_BUSY');
  });

  it('serves whoever came first, a small one behind a large one too', async () => {
    const pool = new MemoryPool(100);
    const held = await pool.take(80);
    const { granted, ask } = asker(pool);
    const large = ask('large', 100);
    const small = ask('small', 10);
    await jest.advanceTimersByTimeAsync(100);
    expect(granted).toEqual([]);
    held.release();
    (await large).release();
    await small;
    expect(granted).toEqual(['large', 'small']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('serves the next when the first one gives up', async () => {
    const pool = new MemoryPool(100);
    await pool.take(80);
    const { granted, ask } = asker(pool);
    const large = refusal(ask('large', 100, { waitMs: 100 }));
    const small = ask('small', 10, { waitMs: 1000 });
    await jest.advanceTimersByTimeAsync(100);
    expect(codeOf(await large)).toBe('POOL_BUSY');
    await small;
    expect([granted, pool.freeBytes]).toEqual([['small'], 10]);
  });

  it('passes an abort through untouched, while waiting and before', async () => {
    const pool = new MemoryPool(100);
    const held = await pool.take(100);
    const why = new Error('stopped');
    const stop = new AbortController();
    const waiting = pool.take(50, { signal: stop.signal });
    const next = pool.take(60);
    stop.abort(why);
    await expect(waiting).rejects.toBe(why);
    await expect(pool.take(1, { signal: stop.signal })).rejects.toBe(why);
    held.release();
    await next;
    expect(pool.freeBytes).toBe(40);
  });

  it('is not moved by an abort or a clock after it has given', async () => {
    const pool = new MemoryPool(100);
    const held = await pool.take(100);
    const stop = new AbortController();
    const waiting = pool.take(50, { signal: stop.signal, waitMs: 100 });
    held.release();
    const lease = await waiting;
    stop.abort();
    await jest.advanceTimersByTimeAsync(200);
    expect(pool.freeBytes).toBe(50);
    lease.release();
    expect(pool.freeBytes).toBe(100);
  });

  it('refuses a node that will never fit', async () => {
    const pool = new MemoryPool(64 * MIB);
    const error = await refusal(pool.take(65 * MIB));
    expect(codeOf(error)).toBe('NODE_TOO_LARGE');
    expect(error.message).toMatch(/65MiB.*64MiB/);
    expect((await pool.take(64 * MIB)).budgetBytes).toBe(64 * MIB);
  });

  it('never gives more than it has, and has all of it in the end', async () => {
    const step = fc.record({ bytes: fc.integer({ min: 1, max: 100 }), keep: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const pool = new MemoryPool(100);
        const held: Lease[] = [];
        const asked = steps.map(async ({ bytes, keep }) => {
          const lease = await pool.take(bytes, { waitMs: 50 }).catch(() => undefined);
          if (lease) held.push(lease);
          expect(held.reduce((sum, each) => sum + each.budgetBytes, 0) + pool.freeBytes).toBeLessThanOrEqual(100);
          expect(pool.freeBytes).toBeGreaterThanOrEqual(0);
          if (!keep && lease) {
            held.splice(held.indexOf(lease), 1);
            lease.release();
          }
        });
        await jest.advanceTimersByTimeAsync(60);
        await Promise.all(asked);
        for (const lease of held) lease.release();
        expect(pool.freeBytes).toBe(100);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a lease', () => {
  it('knows the most that was held at once', async () => {
    const lease = await new MemoryPool(100).take(100);
    expect(lease.peakBytes).toBe(0);
    lease.hold(30);
    lease.hold(20);
    lease.letGo(30);
    lease.hold(10);
    lease.letGo(30);
    expect(lease.peakBytes).toBe(50);
  });
});
