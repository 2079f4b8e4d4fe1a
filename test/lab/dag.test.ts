import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ApplicationFailure, type Client, WorkflowFailedError } from '@temporalio/client';
import type { DagRunOutcome, DagRunView, RunDagInput } from '../../dag/run.ts';
import { dropTarget } from '../../lab/fresh-target.ts';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { gateId } from '../../workflows/dag-messages.ts';
import { labFiles } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';

jest.setTimeout(240_000);

const QUEUE = 'dag-tests';
/** Of the DAG of examples/dags/orders-daily.ts, which this repository's config names. */
const DAG = 'orders_daily';
const INTERVAL = { start: '2026-11-01T03:00:00Z', end: '2026-11-02T03:00:00Z' };
const MEMORY = `/user/root/hive-ferry/runs/${DAG}`;

const b = labFiles('b');
let worker: WorkerProcess;
let temporal: Awaited<ReturnType<typeof labTemporal>>;
let client: Client;

beforeAll(async () => {
  temporal = await labTemporal();
  ({ client } = temporal);
  await dropTarget('sales', 'orders');
  await b.delete(MEMORY);
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await dropTarget('sales', 'orders');
  await b.delete(MEMORY);
  await b.close();
  await temporal?.close();
});

function start(input: RunDagInput) {
  return client.workflow.start('runDag', { workflowId: `dag-test/${randomUUID()}`, taskQueue: QUEUE, args: [input] });
}

async function failureOf(run: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause;
  throw error ?? new Error('it did not fail');
}

describe('runDag, over the lab', () => {
  let first: string;

  it('waits for a partition, syncs the day and checks it', async () => {
    const run = await start({ dag: DAG, interval: '2026-11-01' });
    first = run.workflowId;
    const outcome: DagRunOutcome = await run.result();
    expect(outcome).toMatchObject({
      dagId: DAG,
      runType: 'manual',
      interval: INTERVAL,
      outcome: 'success',
      failures: [],
    });
    expect(outcome.tasks).toEqual({ success: 3 });
    const { tasks } = await run.query<DagRunView>('state');
    expect(tasks.map(({ taskId, state, tries }) => [taskId, state, tries])).toEqual([
      ['arrived', 'success', 1],
      ['orders', 'success', 1],
      ['checked', 'success', 1],
    ]);
    expect(tasks[1]?.steps?.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    const days = await withHive('b', (query) => query('SELECT DISTINCT dt FROM sales.orders'));
    expect(days.map((row) => Object.values(row)[0])).toEqual(['2026-11-01']);
  });

  it('starts no task for an interval that has succeeded, and names the run that did', async () => {
    const run = await start({ dag: DAG, interval: INTERVAL.start });
    const outcome: DagRunOutcome = await run.result();
    expect(outcome).toMatchObject({ outcome: 'nothing-to-do', other: { state: 'succeeded', workflowId: first } });
    expect(outcome.tasks).toEqual({});
  });

  it('copies nothing again when the interval is run again on request', async () => {
    const run = await start({ dag: DAG, interval: '2026-11-01', rerun: true });
    expect(await run.result()).toMatchObject({ outcome: 'success' });
    const { tasks } = await run.query<DagRunView>('state');
    const child = await client.workflow.getHandle(tasks[1]?.child?.workflowId ?? '').result();
    expect(child).toMatchObject({ outcome: 'nothing-to-do', bytes: { copied: 0 } });
  });

  it('starts the gate of its DAG anew when that stands on a task queue which no worker asks', async () => {
    const [workflowId, taskQueue] = [gateId(DAG), `nobody-${randomUUID()}`];
    await client.workflow.getHandle(workflowId).terminate();
    await client.workflow.start('dagGate', { workflowId, taskQueue, args: [{ dagId: DAG }] });
    const run = await start({ dag: DAG, interval: '2026-11-01', rerun: true });
    expect(await run.result()).toMatchObject({ outcome: 'success' });
    expect((await client.workflow.getHandle(workflowId).describe()).taskQueue).toBe(QUEUE);
  });

  it('fails for a wrong input with the whole list of problems', async () => {
    const failure = await failureOf((await start({ dag: DAG, rerun: 'yes', interval: 'x' } as never)).result());
    expect(failure).toMatchObject({ type: 'SPEC_INVALID', message: expect.stringContaining('2 problems') });
    const unknown = await failureOf((await start({ dag: 'orders_dayly' })).result());
    expect(unknown.message).toContain('did you mean "orders_daily"?');
  });

  it('runs no spec that nobody signed', async () => {
    const task = { taskId: 't', action: { kind: 'activity', operator: 'hiveQuery', activity: 'hiveQuery' } };
    const input = { cluster: 'b', query: 'drop table sales.orders' };
    const spec = { schemaVersion: 1, dagId: 'stranger', tasks: [{ ...task, action: { ...task.action, input } }] };
    const failure = await failureOf((await start({ spec } as never)).result());
    expect(failure.message).toContain('spec: it comes without a signature');
  });
});
