import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry } from './ferry.ts';

jest.setTimeout(180_000);

const QUEUE = 'plan-file-tests';
const DATABASE = 'ferry_plan';
const TABLE = [
  ...['sales.orders', '--source', 'a', '--target', 'b', '--target-table', `${DATABASE}.orders`],
  ...['--create-database', '--last', '2'],
];

let worker: WorkerProcess;
let folder: string;

const dropTarget = () => withHive('b', (query) => query(`DROP DATABASE IF EXISTS ${DATABASE} CASCADE`));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-plan-'));
  await dropTarget();
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await dropTarget();
  rmSync(folder, { recursive: true, force: true });
});

describe('a plan that is written, looked at and executed, over the lab', () => {
  it('is done exactly; a second time it is stale, and what moved is named', async () => {
    const file = join(folder, 'plan.json');
    const planned = await ferry(['plan', ...TABLE, '--out', file]);
    expect(planned.exitCode).toBe(0);
    expect(planned.stderr).toMatch(/To do exactly this: .*sync --plan .*plan\.json/);

    const held = ['sync', '--plan', file, '--task-queue', QUEUE, '--memory', '64MiB', '--json'];
    const first = await ferry(held);
    expect(documentOf<Outcome>(first)).toMatchObject({
      outcome: 'complete',
      partitions: { published: 2 },
      failures: [],
    });
    expect(first.exitCode).toBe(0);

    const second = await ferry(held);
    expect(documentOf<Outcome>(second)).toMatchObject({ outcome: 'refused', failures: [{ code: 'PLAN_STALE' }] });
    expect(second.exitCode).toBe(3);
    expect(second.stderr).toMatch(/What has moved since .*plan\.json was written:\n/);
    expect(second.stderr).toMatch(/dt=\S+: finding new -> unchanged/);

    const again = join(folder, 'again.json');
    await ferry(['plan', ...TABLE, '--out', again]);
    const third = await ferry(['sync', '--plan', again, '--task-queue', QUEUE, '--json']);
    expect(documentOf<Outcome>(third)).toMatchObject({ outcome: 'nothing-to-do' });
  });
});
