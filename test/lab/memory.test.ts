import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry } from './ferry.ts';
import { labFiles } from './lab-tables.ts';
import { MemoryWatch } from './memory-watch.ts';

jest.setTimeout(420_000);

const MIB = 1024 * 1024;
const POOL = 128 * MIB;
const DATABASE = 'ferry_huge';
const FOLDER = `/warehouse/${DATABASE}.db/blobs`;
const FILES = 4;
const FILE_BYTES = 1024 * MIB;

let a: FileSystem;
let b: FileSystem;
let worker: WorkerProcess;

async function clean(): Promise<void> {
  for (const [cluster, files] of [
    ['a', a],
    ['b', b],
  ] as const) {
    await withHive(cluster, (query) => query(`DROP DATABASE IF EXISTS ${DATABASE} CASCADE`));
    await files.delete(`/warehouse/${DATABASE}.db`);
  }
  await b.delete(`/user/root/hive-ferry/tables/${DATABASE}.blobs`);
}

beforeAll(async () => {
  a = labFiles('a');
  b = labFiles('b');
  await clean();
  for (const cluster of ['a', 'b'] as const) await withHive(cluster, (query) => query(`CREATE DATABASE ${DATABASE}`));
  await withHive('a', async (query) => {
    await query(`CREATE EXTERNAL TABLE ${DATABASE}.blobs (line string) PARTITIONED BY (dt string) STORED AS TEXTFILE`);
    await query(`ALTER TABLE ${DATABASE}.blobs ADD PARTITION (dt='1')`);
  });
  const block = randomBytes(4 * MIB);
  for (let file = 0; file < FILES; file += 1) {
    await a.create(`${FOLDER}/dt=1/f${file}`, async function* () {
      for (let sent = 0; sent < FILE_BYTES; sent += block.length) yield block;
    });
  }
  worker = await startWorker({ name: 'memory', args: ['--pool', '128MiB'] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await clean();
  await a.close();
  await b.close();
});

describe('the memory of a worker', () => {
  it('stays under what it has at rest, its pool and a quarter, while a partition of 4 GiB is copied', async () => {
    const watch = new MemoryWatch(worker.pid);
    const ran = await ferry([
      'sync',
      `${DATABASE}.blobs`,
      '--source',
      'a',
      '--target',
      'b',
      '--nodes',
      '1',
      '--memory',
      '128MiB',
      '--json',
    ]);
    watch.end();
    const outcome = documentOf<Outcome>(ran);
    expect(outcome).toMatchObject({ outcome: 'complete', bytes: { copied: FILES * FILE_BYTES } });
    expect(outcome.nodes[0]?.peakMemoryBytes).toBeLessThanOrEqual(POOL);
    expect(watch.peak).toBeLessThan((watch.atRest + POOL) * 1.25);
    expect(watch.peak).toBeGreaterThan(watch.atRest / 2);
  });
});
