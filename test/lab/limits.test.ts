import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkerConfig } from '../../config/config.ts';
import type { WorkerProcess } from '../../lab/worker-process.ts';
import { concurrently } from '../../sync/concurrently.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { ConfigOverLab } from './config-over-lab.ts';
import { FaultySync } from './faulty-sync.ts';
import { documentOf, startFerry } from './ferry.ts';
import { labTemporal } from './lab-temporal.ts';

jest.setTimeout(240_000);

const QUEUE = 'limits-tests';
const DATABASE = 'ferry_limits';
const KIB = 1024;
const FILE = 16 * KIB;
const FILES_A_PARTITION = 16;
/** Of both partitions, one a node, in files that are small each. */
const BYTES = 2 * FILES_A_PARTITION * FILE;
const POOL = { pool: '128MiB' };

let world: FaultySync;
let temporal: Awaited<ReturnType<typeof labTemporal>>;
let worker: WorkerProcess;
const config = new ConfigOverLab({ worker: { ...POOL, bandwidth: '32KiB' } });

beforeAll(async () => {
  temporal = await labTemporal();
  world = await FaultySync.start(DATABASE);
  const { table } = world;
  await table.a.delete(`${table.folder()}/p=1/large`);
  for (const p of ['p=1', 'p=2']) {
    await table.a.delete(`${table.folder()}/${p}/small`);
    const names = Array.from({ length: FILES_A_PARTITION }, (_, place) => `f${place}`);
    await concurrently(names, 8, (name) => table.write(p, name, `${name}${'x'.repeat(FILE - name.length - 1)}\n`));
  }
  worker = await world.worker(QUEUE, '--config', config.path);
});
afterAll(async () => {
  await worker?.end('SIGKILL');
  await world?.close();
  await temporal?.close();
  config.delete();
});

/** Gives the worker another config, and waits until it has told what it read. */
async function reread(limits: WorkerConfig): Promise<string> {
  const told = () =>
    readFileSync(worker.log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('Config read again'));
  const before = told().length;
  config.write({ worker: { ...POOL, ...limits } });
  process.kill(worker.pid, 'SIGHUP');
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const line = told()[before];
    if (line !== undefined) return line;
  }
  throw new Error(`the worker did not read its config again; its output is in ${worker.log}`);
}

function start(table: string): ReturnType<typeof startFerry> {
  const sides = ['--source', 'a', '--target', 'b', '--target-table', `${DATABASE}.${table}`];
  const nodes = ['--nodes', '2', '--memory', '64MiB'];
  return startFerry(['sync', `${DATABASE}.lines`, ...sides, ...nodes, '--task-queue', QUEUE, '--json']);
}

/** The outcome of a run that copied all of the table, by two nodes. */
async function completed(running: ReturnType<typeof startFerry>): Promise<Outcome> {
  const outcome = documentOf<Outcome>(await running.ended);
  const files = { copied: 2 * FILES_A_PARTITION, reused: 0 };
  expect(outcome).toMatchObject({ outcome: 'complete', rounds: 1, files, bytes: { copied: BYTES } });
  expect(outcome.nodes.map(({ bytes }) => bytes)).toEqual([BYTES / 2, BYTES / 2]);
  return outcome;
}

/** When the nodes of a run began and ended their loads, by the clock of the Temporal server, in seconds. */
async function loadsOf({
  workflowId,
  runId,
}: Outcome): Promise<{ readonly begun: number[]; readonly ended: number[] }> {
  const { events = [] } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const loads = new Set(
    (events ?? [])
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'loadNode')
      .map((event) => String(event.eventId)),
  );
  const times = (attributes: 'activityTaskStartedEventAttributes' | 'activityTaskCompletedEventAttributes') =>
    (events ?? [])
      .filter((event) => loads.has(String(event[attributes]?.scheduledEventId)))
      .map(({ eventTime }) => Number(eventTime?.seconds) + Number(eventTime?.nanos) / 1e9);
  return {
    begun: times('activityTaskStartedEventAttributes'),
    ended: times('activityTaskCompletedEventAttributes'),
  };
}

/** The seconds that so much takes at least: a second's worth may have been saved up, and the last may be owed. */
function leastSeconds(amount: number, perSecond: number, last: number): number {
  return (amount - last) / perSecond - 1;
}

describe('case 30: the limits of a worker', () => {
  it('worker.bandwidth is what its nodes have together, also for files that are small', async () => {
    const { begun, ended } = await loadsOf(await completed(start('slow')));
    expect(Math.max(...begun)).toBeLessThan(Math.min(...ended));
    expect(Math.max(...ended) - Math.min(...begun)).toBeGreaterThan(leastSeconds(BYTES, 32 * KIB, FILE));
  });

  it('another worker.bandwidth and SIGHUP: the run under way goes on at the new one', async () => {
    expect(await reread({ bandwidth: '2KiB' })).toContain('bandwidth 2KiB a second');
    const running = start('raised');
    await running.untilSaid('copying');
    const startedAt = Date.now();
    await sleep(3_000);
    expect(await reread({})).toContain('no limit of bandwidth');
    await completed(running);
    expect((Date.now() - startedAt) / 1000).toBeLessThan(leastSeconds(BYTES, 2 * KIB, FILE) / 4);
  });

  it("worker.namenodeCalls is what its nodes have together at a cluster's namenode", async () => {
    const perSecond = 20;
    expect(await reread({ namenodeCalls: perSecond })).toContain('20 namenode calls a second');
    world.reset();
    const { workflowId, runId } = await completed(start('called'));
    const { length: calls } = world.b.namenode.calls;
    const run = await temporal.client.workflow.getHandle(workflowId, runId).describe();
    const seconds = (Number(run.closeTime) - Number(run.startTime)) / 1000;
    // A file is made and moved at the least.
    expect(calls).toBeGreaterThan(4 * FILES_A_PARTITION);
    expect(seconds).toBeGreaterThan(leastSeconds(calls, perSecond, 1));
  });
});
