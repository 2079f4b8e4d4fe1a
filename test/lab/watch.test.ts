import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry, type Ran } from './ferry.ts';

jest.setTimeout(180_000);

const QUEUE = 'watch-tests';
const DATABASE = 'ferry_watch';
const SYNC = [
  ...['sync', 'sales.orders', '--source', 'a', '--target', 'b', '--target-table', `${DATABASE}.orders`],
  ...['--create-database', '--last', '3', '--nodes', '1', '--memory', '64MiB', '--task-queue', QUEUE, '--json'],
];

let worker: WorkerProcess;

const dropTarget = () => withHive('b', (query) => query(`DROP DATABASE IF EXISTS ${DATABASE} CASCADE`));

beforeAll(async () => {
  await dropTarget();
  // Slow enough to be watched.
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE, '--bandwidth', '160KiB'] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await dropTarget();
});

function idOf({ stderr }: Ran): string {
  const id = /^(?:Started|Watching|Already running, joined): (\S+)$/m.exec(stderr)?.[1];
  if (id === undefined) throw new Error(`no workflow id in: ${stderr}`);
  return id;
}

describe('ferry watch, over the lab', () => {
  it('shows a run of another terminal until its end, and a run that has ended at once; both tell the same outcome', async () => {
    // The same sync in two terminals has one id, which the one that joins shows.
    const first = ferry(SYNC);
    await sleep(4_000);
    const joined = await ferry(SYNC);
    const started = await first;
    const id = idOf(joined);
    expect(id).toBe(idOf(started));
    const outcome = documentOf<Outcome>(started);
    const after = await ferry(['watch', id, '--task-queue', QUEUE, '--json', '--run-id', outcome.runId]);
    expect(documentOf<Outcome>(after)).toEqual(outcome);
    expect(after.exitCode).toBe(started.exitCode);
    expect(after.stderr).toContain(`Watching: ${id}`);
  });

  it('follows a run that is under way', async () => {
    await dropTarget();
    const first = ferry(SYNC);
    await sleep(4_000);
    // Refused, because its options differ; its document names the run that is there.
    const id = documentOf<{ workflowId: string }>(await ferry([...SYNC, '--rounds', '2'])).workflowId;
    const watched = await ferry(['watch', id], { FERRY_PROGRESS_SECONDS: '0.5' });
    const started = await first;
    expect(watched.stdout).toContain('complete');
    expect(watched.stderr.trim().split('\n').length).toBeGreaterThan(3);
    expect(watched.exitCode).toBe(started.exitCode);
  });

  it('a workflow id that is none is a mistake of the command', async () => {
    const { exitCode, stderr } = await ferry(['watch', 'sync/b/no.such/000000000000']);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('There is no workflow sync/b/no.such/000000000000');
  });
});
