import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { filesBelow } from './lab-tables.ts';
import { LinesTable } from './lines-table.ts';
import { MemoryWatch } from './memory-watch.ts';
import { syncRuns } from './sync-runs.ts';

jest.setTimeout(300_000);

const MIB = 1024 * 1024;
const FILE_BYTES = 300 * MIB;
const CHUNKS = 5;
const POOL = 128 * MIB;
const QUEUE = 'chunks-test';

const table = new LinesTable('ferry_chunks');
const { sync } = syncRuns(QUEUE);
let worker: WorkerProcess | undefined;

function start(name: string, bandwidth: string): Promise<WorkerProcess> {
  const env = { FERRY_TASK_QUEUE: QUEUE, FERRY_LAB_BANDWIDTH: bandwidth };
  return startWorker({ name, args: ['--pool', '128MiB'], env });
}

/** Lengths of the verified chunks that lie on the target. */
async function chunks(): Promise<readonly number[]> {
  const lines = await filesBelow(table.b, `${table.folder()}/.hive-ferry`);
  return lines.flatMap((line) => {
    const [, length] = /\/n1-[^/]+\/chunks\/\w+\/\d+ (\d+) /.exec(line) ?? [];
    return length === undefined ? [] : [Number(length)];
  });
}

async function untilChunks(count: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    if ((await chunks()).length >= count) return;
  }
  throw new Error(`${count} chunks were not copied in time`);
}

beforeAll(async () => {
  await table.make();
  const piece = randomBytes(4 * MIB);
  const body = async function* () {
    for (let sent = 0; sent < FILE_BYTES; sent += piece.length) yield piece;
  };
  await table.a.create(`${table.folder()}/p=1/huge`, body, { blockSize: 16 * MIB });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await table.drop();
  await table.b.delete('/user/root/hive-ferry/tables/ferry_chunks.lines');
  await table.close();
});

describe('a worker killed in the middle of a file of 300 MiB that is copied in chunks of 64 MiB', () => {
  it('cases 5, 26: costs the chunks under way, no other; the file is joined to one with the source’s checksum', async () => {
    worker = await start('chunks-1', '32MiB');
    const running = sync(
      'ferry_chunks.lines',
      '--nodes',
      '1',
      '--memory',
      '64MiB',
      '--chunk',
      '64MiB',
      '--partition',
      'p=1',
    );
    await untilChunks(1);
    await worker.end('SIGKILL');
    const kept = await chunks();
    expect(kept.length).toBeLessThan(CHUNKS);
    worker = await start('chunks-2', '1GiB');
    const watch = new MemoryWatch(worker.pid);

    const { outcome } = await running;
    watch.end();
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
    const small = (await filesBelow(table.a, `${table.folder()}/p=1`)).length - 1;
    expect(outcome.files.copied + outcome.files.reused).toBe(small + 1);
    const keptBytes = kept.reduce((sum, length) => sum + length, 0);
    expect(outcome.bytes.copied).toBeLessThan(FILE_BYTES - keptBytes + MIB);
    expect(outcome.bytes.copied).toBeGreaterThanOrEqual(FILE_BYTES - keptBytes);
    expect(watch.peak).toBeLessThan((watch.atRest + POOL) * 1.25);
    expect(outcome.nodes[0]?.peakMemoryBytes).toBeLessThanOrEqual(64 * MIB);

    const path = `${table.folder()}/p=1/huge`;
    const [source, copy] = [await table.a.status(path), await table.b.status(path)];
    expect(copy).toMatchObject({ length: FILE_BYTES, modificationTime: source?.modificationTime, blockSize: 16 * MIB });
    const sum = await table.a.checksum(path);
    expect(await table.b.checksum(path)).toEqual(sum);
    expect(sum).toMatchObject({ algorithm: 'MD5-of-32768MD5-of-512CRC32C' });
    expect(await chunks()).toEqual([]);
  });
});
