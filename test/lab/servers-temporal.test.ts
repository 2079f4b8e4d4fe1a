import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { killTemporal, restartTemporal } from '../../lab/restart.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf } from './ferry.ts';
import { mendLab } from './mend-lab.ts';
import { PARTITIONS, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

const copy = new SlowCopy('servers_temporal');

beforeAll(async () => {
  await copy.reset();
  await copy.worker();
});
afterAll(async () => {
  await mendLab();
  await copy.close();
});

it('a Temporal server that is killed in the middle of a copy and comes back: worker and waiting command go on, the run ends complete', async () => {
  const running = copy.start('--json');
  await copy.untilPublished(1);
  await killTemporal();
  const published = (await copy.published()).length;
  expect(published).toBeLessThan(PARTITIONS);
  await sleep(3_000);
  await restartTemporal();

  const ended = await running.ended;
  const outcome = documentOf<Outcome>(ended);
  expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: PARTITIONS } });
  expect(ended.exitCode).toBe(0);
  // What an attempt had published or verified when the server took it for dead is not copied again.
  expect(outcome.files.copied + outcome.files.reused).toBe(PARTITIONS);
  expect(await copy.staging()).toEqual([]);
});
