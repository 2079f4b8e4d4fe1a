import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { filesBelow } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';
import { LinesTable } from './lines-table.ts';
import { MemoryWatch } from './memory-watch.ts';
import { type SyncRan, syncRuns } from './sync-runs.ts';

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

function syncInChunks(partition: string): Promise<SyncRan> {
  const how = ['--nodes', '1', '--memory', '64MiB', '--chunk', '64MiB'];
  return sync('ferry_chunks.lines', ...how, '--partition', partition);
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

/** The chunks that were kept were not copied again; beside the huge file lie a few small ones. */
function expectRest({ bytes }: Outcome, kept: readonly number[]): void {
  const rest = FILE_BYTES - kept.reduce((sum, length) => sum + length, 0);
  expect(bytes.copied).toBeGreaterThanOrEqual(rest);
  expect(bytes.copied).toBeLessThan(rest + MIB);
}

async function expectSame(partition: string): Promise<void> {
  const path = `${table.folder()}/${partition}/huge`;
  const [source, copy] = [await table.a.status(path), await table.b.status(path)];
  expect(copy).toMatchObject({ length: FILE_BYTES, modificationTime: source?.modificationTime, blockSize: 16 * MIB });
  const sum = await table.a.checksum(path);
  expect(await table.b.checksum(path)).toEqual(sum);
  expect(sum).toMatchObject({ algorithm: 'MD5-of-32768MD5-of-512CRC32C' });
  expect(await chunks()).toEqual([]);
}

/** Ends all runs over the table as an operator would who gives them up. */
async function terminateRuns(): Promise<void> {
  const { client, close } = await labTemporal();
  for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    if (workflowId.includes('/ferry_chunks.lines/')) await client.workflow.getHandle(workflowId).terminate('given up');
  }
  await close();
}

beforeAll(async () => {
  await table.make();
  const piece = randomBytes(4 * MIB);
  const body = async function* () {
    for (let sent = 0; sent < FILE_BYTES; sent += piece.length) yield piece;
  };
  for (const p of ['p=1', 'p=2']) await table.a.create(`${table.folder()}/${p}/huge`, body, { blockSize: 16 * MIB });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await table.drop();
  await table.b.delete('/user/root/hive-ferry/tables/ferry_chunks.lines');
  await table.close();
});

describe('a worker killed in the middle of a file of 300 MiB that is copied in chunks of 64 MiB', () => {
  it('case 5, 26: costs the chunks under way, no other; the file is joined to one with the source’s checksum', async () => {
    worker = await start('chunks-1', '32MiB');
    const running = syncInChunks('p=1');
    await untilChunks(1);
    await worker.end('SIGKILL');
    const kept = await chunks();
    expect(kept.length).toBeLessThan(CHUNKS);
    worker = await start('chunks-2', '1GiB');
    const watch = new MemoryWatch(worker.pid);

    const { outcome } = await running;
    watch.end();
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
    expectRest(outcome, kept);
    expect(watch.peak).toBeLessThan((watch.atRest + POOL) * 1.25);
    expect(outcome.nodes[0]?.peakMemoryBytes).toBeLessThanOrEqual(64 * MIB);

    await expectSame('p=1');
  });
});

describe('a run that was terminated in the middle of such a file', () => {
  it('case 47: leaves its verified chunks to the next run, which copies the rest', async () => {
    await worker?.end('SIGTERM');
    worker = await start('chunks-3', '32MiB');
    const running = syncInChunks('p=2').catch((error: unknown) => error);
    await untilChunks(1);
    await terminateRuns();
    await worker.end('SIGTERM');
    await running;
    const kept = await chunks();
    expect(kept.length).toBeGreaterThan(0);
    worker = await start('chunks-4', '1GiB');

    const { outcome } = await syncInChunks('p=2');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
    expectRest(outcome, kept);
    await expectSame('p=2');
    const left = await filesBelow(table.b, `${table.folder()}/.hive-ferry`);
    expect(left.filter((line) => !/\/[^/]+ 0 \d+ \d+$/.test(line))).toEqual([]);
  });
});
