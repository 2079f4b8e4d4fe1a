import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { BackfillPlan } from '../../cli/dag/backfill-plan.ts';
import type { IntervalRow } from '../../cli/dag/interval-row.ts';
import type { PlayedDag } from '../../cli/dag/play-dag.ts';
import type { BackfillOutcome, DagRunOutcome, DagRunView } from '../../dag/run.ts';
import { withHive } from '../../lab/hive-session.ts';
import { SEED } from '../../lab/seed/orders-and-countries.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry, startFerry } from './ferry.ts';
import { filesBelow, labFiles } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';

jest.setTimeout(240_000);

const QUEUE = 'dag-commands-tests';
const CONFIG = ['--config', 'test/lab/dag-commands/temporal.config.ts', '--task-queue', QUEUE];
const DAG = 'commands_daily';
const GATED = 'commands_gated';
const DATABASE = 'ferry_dag';
const FILES = '/tmp/ferry-dag';

const b = labFiles('b');
let temporal: Awaited<ReturnType<typeof labTemporal>>;
let client: Client;
let worker: WorkerProcess;

beforeAll(async () => {
  temporal = await labTemporal();
  ({ client } = temporal);
  await clean();
  worker = await work();
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await clean();
  await b.close();
  await temporal?.close();
});

function work(): Promise<WorkerProcess> {
  return startWorker({ name: QUEUE, args: [...CONFIG, '--bandwidth', '1MiB'] });
}

/** Nothing of an earlier run of this suite is left, in Temporal neither. */
async function clean(): Promise<void> {
  for (const dagId of [DAG, GATED]) {
    for (const { workflowId, runId, running } of await runsOf(dagId))
      if (running) await client.workflow.getHandle(workflowId, runId).terminate('cleaned up');
    await deleteClosed(dagId);
    await b.delete(`/user/root/hive-ferry/runs/${dagId}`);
  }
  await withHive('b', (query) => query(`DROP DATABASE IF EXISTS ${DATABASE} CASCADE`));
  for (const folder of [`/warehouse/${DATABASE}.db`, FILES]) await b.delete(folder);
  for (const table of ['orders', 'gated']) await b.delete(`/user/root/hive-ferry/tables/${DATABASE}.${table}`);
}

async function dag<T>(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly told: T }> {
  const ran = await ferry(['dag', ...args, '--json', ...CONFIG]);
  return { exitCode: ran.exitCode, told: documentOf<T>(ran) };
}

type Run = { readonly workflowId: string; readonly runId: string; readonly running: boolean };

/** The runs of a DAG and of its backfills that Temporal has. */
async function runsOf(dagId: string, type?: string): Promise<readonly Run[]> {
  const found: Run[] = [];
  for (const prefix of [`dag/${dagId}-`, `dag-backfill/${dagId}/`])
    for await (const each of client.workflow.list({ query: `WorkflowId STARTS_WITH '${prefix}'` })) {
      const { workflowId, runId, status } = each;
      if (type === undefined || each.type === type)
        found.push({ workflowId, runId, running: status.name === 'RUNNING' });
    }
  return found;
}

/** Deletes every closed run of a DAG from the namespace, as the end of its retention does. */
async function deleteClosed(dagId: string): Promise<void> {
  for (let left = await runsOf(dagId); left.length > 0; left = await runsOf(dagId)) {
    for (const { workflowId, runId } of left) {
      const workflowExecution = { workflowId, runId };
      const { namespace } = client.options;
      await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution }).catch(() => undefined);
    }
    await sleep(500);
  }
}

async function partitions(table: string): Promise<readonly string[]> {
  const rows = await withHive('b', (query) => query(`SHOW PARTITIONS ${DATABASE}.${table}`));
  return rows.map((row) => String(Object.values(row)[0])).sort();
}

function day(of: number): string {
  return new Date(Date.UTC(2026, 10, of)).toISOString().replace('.000Z', 'Z');
}

/** A day's partitions of the seed. */
function ofDay(of: number): readonly string[] {
  return SEED.regions.map((region) => `dt=2026-11-0${of}/region=${region}`);
}

const RANGE = ['--from', '2026-11-01', '--to', '2026-11-03'];

describe('ferry dag, over the lab', () => {
  it('a dry run says how many runs, and starts none', async () => {
    const { exitCode, told } = await dag<BackfillPlan>('backfill', DAG, ...RANGE, '--dry-run');
    expect([exitCode, told.total, told.runs]).toEqual([0, 3, 3]);
    expect(await runsOf(DAG)).toEqual([]);
  });

  it('case 38: a backfill of three days makes exactly three runs, one a day', async () => {
    const { exitCode, told } = await dag<BackfillOutcome>('backfill', DAG, ...RANGE);
    expect([exitCode, told.outcome, told.counts]).toEqual([0, 'complete', { success: 3 }]);
    const ids = (await runsOf(DAG, 'runDag')).map(({ workflowId }) => workflowId).sort();
    expect(ids).toEqual([2, 3, 4].map((end) => `dag/${DAG}-${day(end)}`));
    expect(await partitions('orders')).toEqual([1, 2, 3].flatMap(ofDay).sort());
  });

  it('triggered for an interval that is done: no task starts, the first run is named', async () => {
    const ran = await ferry(['dag', 'trigger', DAG, '--interval', '2026-11-02', ...CONFIG]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain('nothing-to-do');
    expect(ran.stdout).toContain(`It has succeeded already: dag/${DAG}-${day(3)} (run `);
    expect(ran.stdout).toContain(`dag trigger ${DAG} --interval ${day(2)} --rerun`);
  });

  it('triggered once more, it copies only what is missing', async () => {
    const gone = `dt=2026-11-01/region=${SEED.regions[0]}`;
    const [dt, region] = gone.split('/').map((pair) => pair.replace('=', "='"));
    await withHive('b', (query) => query(`ALTER TABLE ${DATABASE}.orders DROP PARTITION (${dt}', ${region}')`));
    await b.delete(`/warehouse/${DATABASE}.db/orders/${gone}`);
    const { exitCode, told } = await dag<DagRunOutcome>('trigger', DAG, '--interval', '2026-11-01', '--rerun');
    expect([exitCode, told.outcome, told.tasks]).toEqual([0, 'success', { success: 1 }]);
    const child: Outcome = await client.workflow.getHandle(`${told.workflowId}/orders`).result();
    expect(child.partitions).toMatchObject({ selected: SEED.regions.length, published: 1 });
    expect(child.files).toEqual({ copied: 1, reused: 0 });
    expect(await partitions('orders')).toContain(gone);
  });

  it('all closed runs are deleted from the namespace: none is missing, and a backfill of the range starts none', async () => {
    await deleteClosed(DAG);
    const missing = await dag<{ missing: readonly unknown[]; due: number }>('runs', DAG, '--missing', ...RANGE);
    expect(missing).toEqual({ exitCode: 0, told: expect.objectContaining({ due: 3, missing: [] }) });
    const { exitCode, told } = await dag<BackfillOutcome>('backfill', DAG, ...RANGE);
    expect([exitCode, told.outcome, told.counts]).toEqual([0, 'nothing-to-do', { skipped: 3 }]);
    expect(await runsOf(DAG, 'runDag')).toEqual([]);
  });

  it('lists the holes, and the backfill that fills them', async () => {
    const { exitCode, told } = await dag<{ missing: readonly { start: string }[] }>('runs', DAG, '--missing');
    expect(exitCode).toBe(1);
    expect(told.missing.map(({ start }) => start)).toEqual([day(4), day(5), day(6)]);
    const { stdout } = await ferry(['dag', 'runs', DAG, '--missing', ...CONFIG]);
    expect(stdout).toContain(`dag backfill ${DAG} --from ${day(4)} --to ${day(6)}`);
  });

  it('case 27, 38: goes on when its worker is killed in the middle, and without the command that started it', async () => {
    const range = ['backfill', DAG, '--from', '2026-11-04', '--to', '2026-11-06', '--max-active', '1'];
    const { told: begun } = await dag<{ workflowId: string; state: string }>(...range, '--detach');
    expect(begun.state).toBe('started');
    const handle = client.workflow.getHandle(begun.workflowId);
    for (;;) {
      const { counts } = await handle.query<BackfillOutcome>('progress');
      if (counts.success === 1 && counts.running === 1) break;
      await sleep(200);
    }
    await worker.end('SIGKILL');
    worker = await work();
    const { exitCode, told } = await dag<BackfillOutcome>(...range);
    expect([exitCode, told.outcome, told.counts]).toEqual([0, 'complete', { success: 3 }]);
    expect((await runsOf(DAG, 'runDag')).map(({ workflowId }) => workflowId).sort()).toEqual(
      [5, 6, 7].map((end) => `dag/${DAG}-${day(end)}`),
    );
    expect(await partitions('orders')).toEqual([1, 2, 3, 4, 5, 6].flatMap(ofDay).sort());
  });

  it('shows tasks by intervals, without escape codes where there is no terminal', async () => {
    const { stdout, exitCode } = await ferry(['dag', 'runs', DAG, ...CONFIG]);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(2, 6)).toEqual([
      '        Nov',
      '        01 02 03 04 05 06',
      'run      ✓  ✓  ✓  ✓  ✓  ✓',
      'orders   ✓  ✓  ✓  ✓  ✓  ✓',
    ]);
    expect(stdout).not.toContain('\u001b');
  });

  it('tests a DAG file over the clusters without Temporal, and remembers nothing', async () => {
    const file = 'test/lab/dag-commands/dags/commands-daily.ts';
    const before = await filesBelow(b, `/user/root/hive-ferry/runs/${DAG}`);
    await withHive('b', (query) => query(`ALTER TABLE ${DATABASE}.orders DROP PARTITION (dt='2026-11-06')`));
    await b.delete(`/warehouse/${DATABASE}.db/orders/dt=2026-11-06`);
    const { exitCode, told } = await dag<PlayedDag>(
      ...['test', file, '--interval', '2026-11-06', '--address', '127.0.0.1:1'],
    );
    expect([exitCode, told.outcome.outcome]).toEqual([0, 'success']);
    expect(told.tasks).toMatchObject([
      { taskId: 'orders', state: 'success', input: { where: "dt = '2026-11-06'" }, xcom: { outcome: 'complete' } },
    ]);
    expect(await partitions('orders')).toEqual([1, 2, 3, 4, 5, 6].flatMap(ofDay).sort());
    expect(await filesBelow(b, `/user/root/hive-ferry/runs/${DAG}`)).toEqual(before);
  });

  it('a failed task is cleared: it and what depends on it run again, the finished one does not', async () => {
    const failed = await ferry(['dag', 'trigger', GATED, '--interval', '2026-11-01', ...CONFIG]);
    expect(failed.exitCode).toBe(1);
    const id = `dag/${GATED}-${day(2)}`;
    expect(failed.stdout).toContain(`dag clear ${id} approved`);
    await b.mkdirs(`${FILES}/2026-11-01`);
    const { exitCode, told } = await dag<DagRunOutcome>('clear', GATED, 'approved', '--interval', '2026-11-01');
    expect([exitCode, told.outcome, told.tasks]).toEqual([0, 'success', { success: 3 }]);
    expect(told.workflowId).toBe(id);
    const ran = await runsOf(GATED, 'syncTable');
    expect(ran.map(({ workflowId }) => workflowId)).toEqual([`${id}/orders`]);
    const { tasks } = await client.workflow.getHandle(id).query<DagRunView>('state');
    expect(tasks.map(({ taskId, tries }) => [taskId, tries])).toEqual([
      ['orders', 0],
      ['approved', 1],
      ['there', 1],
    ]);
  });

  it('pauses a run and lets it go on; clear answers for a task that cannot be cleared', async () => {
    const run = startFerry(
      ['dag', 'trigger', GATED, '--interval', '2026-11-02', '--params', 'timeout=3m', '--json', ...CONFIG],
      { FERRY_PROGRESS_SECONDS: '0.5' },
    );
    await run.untilSaid('· approved');
    const running = await dag<{ error: { code: string; message: string } }>(
      ...['clear', GATED, 'approved', '--interval', '2026-11-02', '--detach'],
    );
    expect([running.exitCode, running.told.error.code]).toEqual([64, 'SPEC_INVALID']);
    expect(running.told.error.message).toContain('approved: is running');

    const interval = ['--interval', '2026-11-02'];
    expect(await dag('pause', GATED, ...interval)).toMatchObject({ exitCode: 0, told: { phase: 'paused' } });
    await b.mkdirs(`${FILES}/2026-11-02`);
    await run.untilSaid('paused: 1 scheduled');
    const { told } = await dag<{ intervals: readonly IntervalRow[] }>('runs', GATED, '--from', '2026-11-02');
    expect(told.intervals[0]).toMatchObject({
      state: 'paused',
      tasks: [{ state: 'success' }, { state: 'success' }, { taskId: 'there', state: 'scheduled' }],
    });
    expect(await dag('resume', GATED, ...interval)).toMatchObject({ exitCode: 0, told: { phase: 'running' } });
    const { exitCode, stdout } = await run.ended;
    expect([exitCode, JSON.parse(stdout).outcome]).toEqual([0, 'success']);
    const closed = await dag<{ error: { code: string } }>('pause', GATED, ...interval);
    expect([closed.exitCode, closed.told.error.code]).toEqual([3, 'RUN_CLOSED']);
  });

  it('cancels a run and a backfill, and says so of one that has ended', async () => {
    const waiting = ['--params', 'timeout=3m'];
    const run = startFerry(['dag', 'trigger', GATED, '--interval', '2026-11-03', ...waiting, '--json', ...CONFIG], {
      FERRY_PROGRESS_SECONDS: '0.5',
    });
    await run.untilSaid('· approved');
    const cancelled = await dag<DagRunOutcome>('cancel', GATED, '--interval', '2026-11-03');
    expect([cancelled.exitCode, cancelled.told.outcome, cancelled.told.tasks.success]).toEqual([0, 'cancelled', 1]);
    expect((await run.ended).exitCode).toBe(5);
    const id = `dag/${GATED}-${day(4)}`;
    expect(cancelled.told.workflowId).toBe(id);
    expect((await client.workflow.getHandle(id).describe()).status.name).toBe('CANCELLED');
    const closed = await dag<{ error: { code: string } }>('cancel', id);
    expect([closed.exitCode, closed.told.error.code]).toEqual([3, 'RUN_CLOSED']);

    const backfill = startFerry(
      ['dag', 'backfill', GATED, '--from', '2026-11-04', '--to', '2026-11-05', ...waiting, '--json', ...CONFIG],
      { FERRY_PROGRESS_SECONDS: '0.5' },
    );
    await backfill.untilSaid(' running');
    const [driver] = (await runsOf(GATED, 'backfillDag')).filter(({ running }) => running);
    const ended = await dag<BackfillOutcome>('cancel', driver?.workflowId ?? '');
    expect([ended.exitCode, ended.told.outcome]).toEqual([0, 'cancelled']);
    expect((await backfill.ended).exitCode).toBe(5);
    expect((await runsOf(GATED, 'runDag')).filter(({ running }) => running)).toEqual([]);
    const sync = await dag<{ error: { code: string } }>('cancel', `${id}/orders`);
    expect([sync.exitCode, sync.told.error.code]).toEqual([64, 'SPEC_INVALID']);
  });

  it("pauses and resumes a DAG's schedule", async () => {
    const scheduleId = `dag/${GATED}`;
    const action = { type: 'startWorkflow', workflowType: 'runDag', taskQueue: QUEUE, args: [{ dag: GATED }] } as const;
    const schedule = await client.schedule.create({ scheduleId, spec: {}, action });
    try {
      expect(await dag('pause', GATED, '--note', 'moving')).toMatchObject({ exitCode: 0, told: { state: 'paused' } });
      expect((await schedule.describe()).state).toMatchObject({ paused: true, note: 'moving' });
      expect(await dag('resume', GATED)).toMatchObject({ exitCode: 0, told: { state: 'running' } });
      expect((await schedule.describe()).state.paused).toBe(false);
    } finally {
      await schedule.delete();
    }
    expect(await dag('pause', GATED)).toMatchObject({ exitCode: 64 });
  });
});
