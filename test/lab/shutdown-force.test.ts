import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Outcome } from '../../sync/outcome.ts';
import { ConfigOverLab } from './config-over-lab.ts';
import { documentOf, startFerry } from './ferry.ts';
import { SLOW, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

/** One a node. */
const PARTITIONS = 2;
const GRACE_MS = 1_000;
const FORCE_MS = 3_000;
/** For the process itself on a busy machine. */
const LEEWAY_MS = 10_000;

const copy = new SlowCopy('force');
const folder = mkdtempSync(join(tmpdir(), 'ferry-force-'));
const stuck = join(folder, 'stuck');
const codec = join(folder, 'codec.ts');
const config = new ConfigOverLab({
  worker: { ...SLOW, shutdownGrace: '1s', shutdownForce: '3s' },
  temporal: { codec },
});

beforeAll(async () => {
  // Once the file is there nothing that the worker has in hand can end: not even an activity that was cancelled has its answer written.
  writeFileSync(
    codec,
    `import { existsSync } from 'node:fs';
export default {
  encode: (payloads) => (existsSync(${JSON.stringify(stuck)}) ? new Promise(() => {}) : Promise.resolve(payloads)),
  decode: async (payloads) => payloads,
};
`,
  );
  await copy.reset();
});
afterAll(async () => {
  await copy.close();
  config.delete();
  rmSync(folder, { recursive: true });
});

it('a worker whose work does not end when it is cancelled leaves without it, with 130, and the next worker takes it up', async () => {
  const worker = startFerry(['worker', '--task-queue', copy.name, '--config', config.path]);
  await worker.untilSaid('task queue');
  const running = copy.start('--last', String(PARTITIONS), '--json');
  await running.untilSaid('copying');
  writeFileSync(stuck, '');
  const since = Date.now();
  worker.signal('SIGTERM');
  const { exitCode, stderr } = await worker.ended;
  const took = Date.now() - since;
  expect(stderr).toContain('Not all that was in hand has ended in time');
  expect(exitCode).toBe(130);
  expect(took).toBeGreaterThan(GRACE_MS + FORCE_MS - 500);
  expect(took).toBeLessThan(GRACE_MS + FORCE_MS + LEEWAY_MS);

  await copy.worker();
  const outcome = documentOf<Outcome>(await running.ended);
  expect(outcome).toMatchObject({ outcome: 'complete', rounds: 1, partitions: { published: PARTITIONS } });
  expect(await copy.staging()).toEqual([]);
});
