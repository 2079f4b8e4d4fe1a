import { describe, expect, it, jest } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { activity, type Shared } from '../../../activities/activity.ts';
import { Metrics } from '../../../activities/metrics.ts';
import { FerryError } from '../../../errors/ferry-error.ts';
import { TokenBucket } from '../../../storage/token-bucket.ts';
import { UNLIMITED } from '../../../sync/bandwidth.ts';
import type { Engine } from '../../../sync/engine.ts';
import { MemoryPool } from '../../../sync/memory-pool.ts';

const shared: Shared = {
  open: () => {
    throw new FerryError('CLUSTER_UNKNOWN', 'no clusters here');
  },
  pool: new MemoryPool(1024),
  bandwidth: UNLIMITED,
  metrics: new Metrics(),
};

/** Runs an activity's work in a context like a worker's. */
function run<Output>(
  work: (engine: Engine) => Promise<Output>,
  heartbeatTimeoutMs: number | undefined = 30_000,
  of = shared,
) {
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs }, { logger: new DefaultLogger('ERROR') });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details) => beats.push(details));
  const result = environment.run(
    activity('loadNode', of, (engine) => work(engine)),
    undefined,
  );
  return { environment, beats, result };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const progress = (done: number) => ({
  index: 1,
  of: 2,
  partitions: { done, total: 9 },
  files: { done, total: 9 },
  bytes: { done, total: 9 },
  current: 'dt=1',
});

describe('activity', () => {
  it('hands the work what the worker shares, and its result out', async () => {
    const { result } = run(async (engine) => ({ free: engine.pool.freeBytes, uuid: engine.uuid().length }));
    await expect(result).resolves.toEqual({ free: 1024, uuid: 36 });
  });

  it('turns what the work throws into a failure', async () => {
    const { result } = run(async (engine) => engine.open('a'));
    await expect(result).rejects.toMatchObject({ type: 'CLUSTER_UNKNOWN', nonRetryable: true });
    await expect(result).rejects.toBeInstanceOf(ApplicationFailure);
  });

  it('case 34: lets no result out that is too large to travel', async () => {
    const { result } = run(async () => 'x'.repeat(256 * 1024));
    await expect(result).rejects.toMatchObject({ type: 'INTERNAL', nonRetryable: true });
    await expect(result).rejects.toThrow('the result of loadNode is 262146 bytes, more than the 262144');
  });

  it('beats while it waits for its bandwidth', async () => {
    jest.useFakeTimers();
    try {
      const slow = { ...shared, bandwidth: new TokenBucket(1) };
      const { beats, result } = run(
        async (engine) => {
          engine.heartbeat(progress(1));
          await engine.bandwidth.take(60);
          await engine.bandwidth.take(1);
        },
        30_000,
        slow,
      );
      await jest.advanceTimersByTimeAsync(60_000);
      await result;
      // Within any thirty seconds.
      expect(beats.length).toBeGreaterThan(6);
      expect(beats.at(-1)).toEqual(progress(1));
    } finally {
      jest.useRealTimers();
    }
  });

  it('beats at once, then as the work goes on, with the latest progress, but not for every chunk', async () => {
    const { beats, result } = run(async (engine) => {
      for (let done = 1; done <= 50; done += 1) engine.heartbeat(progress(done));
      await pause(120);
      engine.heartbeat();
    });
    await result;
    expect(beats).toEqual([undefined, progress(50)]);
  });

  it('does not beat where nobody listens', async () => {
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    let beats = 0;
    environment.on('heartbeat', () => {
      beats += 1;
    });
    await environment.run(
      activity('resolveInput', shared, async (engine) => {
        await pause(110);
        engine.heartbeat(progress(1));
      }),
      undefined,
    );
    expect(beats).toBe(0);
  });

  it('hands a cancellation to the work, and back untouched', async () => {
    const { environment, result } = run(async (engine) => {
      await engine.sleep(60_000, engine.signal);
    });
    environment.cancel('CANCELLED');
    await expect(result).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('says in every line of the log which table and node it is about', async () => {
    const lines: LogEntry[] = [];
    const logger = new DefaultLogger('INFO', (entry) => lines.push(entry));
    const orders = { database: 'sales', table: 'orders' };
    const input = {
      spec: { source: { cluster: 'a', ...orders }, target: { cluster: 'b', ...orders } },
      node: { index: 3 },
    };
    await new MockActivityEnvironment({}, { logger }).run(
      activity('loadNode', shared, async (engine) => engine.log.info('partition published', { partition: 'dt=1' })),
      input,
    );
    expect(lines.map(({ message, meta }) => [message, meta])).toEqual([
      ['partition published', expect.objectContaining({ table: 'sales.orders', node: 3, partition: 'dt=1' })],
    ]);
  });

  it('sleeps as long as it is told', async () => {
    const before = performance.now();
    await run(async (engine) => engine.sleep(30, engine.signal)).result;
    expect(performance.now() - before).toBeGreaterThanOrEqual(25);
  });
});
