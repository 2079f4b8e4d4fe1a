import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dropTarget } from '../../lab/fresh-target.ts';
import { SEED } from '../../lab/seed/orders-and-countries.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { foldLedger, readLedger } from '../../sync/ledger.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry } from './ferry.ts';
import { filesBelow, labFiles } from './lab-tables.ts';

jest.setTimeout(240_000);

const FOLDER = '/warehouse/sales.db/orders';
const ALL = SEED.days * SEED.regions.length;
const env = { FERRY_LAB_BANDWIDTH: '3MiB' };

let b: FileSystem;
let worker: WorkerProcess | undefined;

beforeAll(() => {
  b = labFiles('b');
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await b.close();
});

/** The partition folders that a reader of the target finds now, with their identities. */
async function publishedFolders(): Promise<ReadonlyMap<string, string>> {
  const lines = await filesBelow(b, FOLDER);
  const folders = lines.map((line) => line.split(' ')).filter(([path]) => /\/region=[^/]+$/.test(path ?? ''));
  return new Map(folders.map(([path = '', , , fileId = '']) => [path, fileId]));
}

async function untilPublished(count: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    if ((await publishedFolders()).size >= count) return;
  }
  throw new Error(`${count} partitions were not published in time`);
}

describe('a worker killed in the middle of a copy, and another one', () => {
  it('case 14, 15, 27, 35: the run ends complete, what was published is not copied again, no staging is left', async () => {
    await dropTarget('sales', 'orders');
    worker = await startWorker({ name: 'kill-1', env });
    const running = ferry([
      'sync',
      'sales.orders',
      '--source',
      'a',
      '--target',
      'b',
      '--nodes',
      '3',
      '--memory',
      '128MiB',
      '--json',
    ]);
    await untilPublished(6);
    await worker.end('SIGKILL');
    const atKill = await publishedFolders();
    expect(atKill.size).toBeLessThan(ALL);
    worker = await startWorker({ name: 'kill-2', env });

    const outcome = documentOf<Outcome>(await running);
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { selected: ALL, published: ALL } });
    const after = await publishedFolders();
    expect(after.size).toBe(ALL);
    for (const [path, fileId] of atKill) expect(`${path} ${after.get(path)}`).toBe(`${path} ${fileId}`);

    const stories = foldLedger(await readLedger(b, outcome.ledger ?? '', new AbortController().signal));
    expect(stories.size).toBe(ALL);
    // Each partition is one file: copied once, by whichever attempt, or taken over from the dead one.
    for (const story of stories.values())
      expect([story.filesCopied, story.filesReused]).toEqual(expect.arrayContaining([1]));
    expect(outcome.files.copied + outcome.files.reused).toBe(ALL);

    const staging = (await filesBelow(b, `${FOLDER}/.hive-ferry`)).filter((line) => !/ 0 \d+ \d+$/.test(line));
    expect(staging).toEqual([]);
  });
});
