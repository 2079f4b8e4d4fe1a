import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Outcome } from '../../sync/outcome.ts';
import { ConfigOverLab } from './config-over-lab.ts';
import { documentOf, startFerry } from './ferry.ts';
import { PARTITIONS, SLOW, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

const copy = new SlowCopy('shutdown');
/** Less than a copy takes. */
const GRACE_MS = 2_000;
const FORCE_MS = 20_000;
/** For the process itself on a busy machine. */
const LEEWAY_MS = 10_000;
const config = new ConfigOverLab({ worker: { ...SLOW, shutdownGrace: '2s', shutdownForce: '20s' } });

beforeEach(() => copy.reset());
afterAll(async () => {
  await copy.close();
  config.delete();
});

describe('ferry worker, told to stop in mid-copy', () => {
  it('gives what is in hand its grace, cancels it and leaves; the next worker goes on where it was', async () => {
    const first = await copy.worker('--config', config.path);
    const running = copy.start('--json');
    await running.untilSaid('copying');
    const since = Date.now();
    await first.end('SIGTERM');
    const took = Date.now() - since;
    expect(took).toBeGreaterThan(GRACE_MS - 500);
    expect(took).toBeLessThan(GRACE_MS + FORCE_MS + LEEWAY_MS);
    const published = await copy.published();
    expect(published.length).toBeLessThan(PARTITIONS);

    await copy.worker();
    const ended = await running.ended;
    const outcome = documentOf<Outcome>(ended);
    expect(ended.exitCode).toBe(0);
    expect(outcome).toMatchObject({ outcome: 'complete', rounds: 1, partitions: { published: PARTITIONS } });
    // A partition is one file.
    expect(outcome.files.copied + outcome.files.reused).toBe(PARTITIONS);
    expect(await copy.staging()).toEqual([]);
  });

  it('leaves at once, with 130, when it is told a second time', async () => {
    const worker = startFerry(['worker', '--task-queue', `${copy.name}-twice`, '--config', config.path]);
    await worker.untilSaid('task queue');
    worker.signal('SIGTERM');
    worker.signal('SIGINT');
    const { exitCode, stderr } = await worker.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('Stopping: no new work is taken');
  });
});
