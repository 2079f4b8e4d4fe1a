import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { borrowPort } from '../../lab/ports.ts';
import type { WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import type { Health } from '../../workers/health.ts';
import { documentOf, startFerry } from './ferry.ts';
import { SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

const copy = new SlowCopy('metrics');
/** What SlowCopy gives its workers. */
const POOL = 128 * 2 ** 20;
const LABELS = `source="a",table="${copy.table}",target="b"`;

let listen: string;
let worker: WorkerProcess;

beforeAll(async () => {
  await copy.reset();
  listen = `127.0.0.1:${await borrowPort()}`;
  worker = await copy.worker('--listen', listen);
});
afterAll(async () => {
  await copy.close();
});

async function health(): Promise<{ readonly code: number; readonly body: Health }> {
  const answer = await fetch(`http://${listen}/healthz`);
  return { code: answer.status, body: (await answer.json()) as Health };
}

/** Every sample of the page, by name and labels as they stand there. */
async function metrics(at = listen): Promise<ReadonlyMap<string, number>> {
  const page = await (await fetch(`http://${at}/metrics`)).text();
  const samples = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

/** The sample, once it is there and as it should be. */
async function until(name: string, is: (value: number) => boolean, at = listen): Promise<number> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    const value = (await metrics(at)).get(name);
    if (value !== undefined && is(value)) return value;
  }
  throw new Error(`${name} did not come to be so in time: ${(await metrics(at)).get(name)}`);
}

describe('a worker that listens, over the lab', () => {
  const copiedBytes = `hive_ferry_copied_bytes_total{${LABELS}}`;
  const lastSuccess = `hive_ferry_table_last_success_timestamp_seconds{${LABELS}}`;
  let syncedAt = 0;

  it('is healthy, and tells of its pool and of the SDK, before anything is synced', async () => {
    const queue = { taskQueue: copy.name, state: 'RUNNING', activityPoller: 'POLLING', workflowPoller: 'POLLING' };
    expect(await health()).toEqual({ code: 200, body: { status: 'running', workers: [{ ...queue, activities: 0 }] } });
    const told = await metrics();
    const pool = ['size', 'used'].map((name) => told.get(`hive_ferry_memory_pool_${name}_bytes`));
    expect(pool).toEqual([POOL, 0]);
    expect([...told.keys()].filter((name) => name.startsWith('temporal_worker_start_total{'))).not.toEqual([]);
  });

  it('counts a sync as its outcome does', async () => {
    const done = documentOf<Outcome>(await startFerry(copy.sync('--json', '--last', '1')).ended);
    expect(done).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
    syncedAt = Date.parse(done.endedAt) / 1000;
    expect(await until(lastSuccess, (time) => time >= syncedAt)).toBe(syncedAt);
    const told = await metrics();
    expect(told.get('hive_ferry_memory_pool_used_bytes')).toBe(0);
    expect([told.get(copiedBytes), told.get(`hive_ferry_copied_files_total{${LABELS}}`)]).toEqual([
      done.bytes.copied,
      done.files.copied,
    ]);
    const of = (name: string, outcome: string) => told.get(`hive_ferry_${name}_total{outcome="${outcome}",${LABELS}}`);
    expect([of('syncs', 'complete'), of('partitions', 'published')]).toEqual([1, 1]);
    expect([...told.keys()].filter((name) => name.includes('dt='))).toEqual([]);
  });

  it('is not healthy any more when it is told to stop, while what is in hand goes on', async () => {
    const before = (await metrics()).get(copiedBytes) ?? 0;
    copy.start('--json');
    await until(copiedBytes, (bytes) => bytes > before);
    expect((await metrics()).get('hive_ferry_memory_pool_used_bytes')).toBeGreaterThan(0);
    process.kill(worker.pid, 'SIGTERM');
    let seen = await health();
    for (const end = Date.now() + 10_000; seen.code === 200 && Date.now() < end; seen = await health()) await sleep(50);
    expect(seen).toMatchObject({ code: 503, body: { status: 'draining' } });
    expect(seen.body.workers[0]?.activities).toBeGreaterThan(0);
    expect((await metrics()).get(copiedBytes)).toBeGreaterThan(before);
    await worker.end('SIGKILL');
  });

  it('knows from the records when a table was last synced well, before it has synced anything', async () => {
    const other = `127.0.0.1:${await borrowPort()}`;
    await copy.worker('--listen', other);
    expect(await until(lastSuccess, () => true, other)).toBe(syncedAt);
  });
});
