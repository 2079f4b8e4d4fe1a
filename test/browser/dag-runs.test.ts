import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import type { DagRunView } from '../../dag/run.ts';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { freshDatabase, labFiles } from '../lab/lab-tables.ts';
import { labTemporal } from '../lab/lab-temporal.ts';
import { TemporalUi } from './temporal-ui-page.ts';

jest.setTimeout(150_000);

const DATABASE = 'ferry_ui_dag';
const QUEUE = 'ferry-ui-dags';
const DAG = 'orders_daily';
/** Some 13 s for a day: long enough to look at the run while it copies. */
const BANDWIDTH = '128KiB';

type Run = { readonly workflowId: string; readonly runId: string };

let ui: TemporalUi;
let worker: WorkerProcess;
let temporal: Awaited<ReturnType<typeof labTemporal>>;
let client: Client;

/** The table on a, without a day; nothing of it on b, and no memory of its runs. */
async function freshTable(): Promise<void> {
  await freshDatabase(DATABASE, ['orders']);
  for (const cluster of ['a', 'b'] as const) {
    const files = labFiles(cluster);
    // Other tests have runs of a DAG of this name for days that are long gone.
    for (const days of [0, 1, 2, 3]) {
      const day = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
      await files.delete(`/user/root/hive-ferry/runs/${DAG}/${day}T030000Z`);
    }
    await files.close();
  }
  await withHive('a', (query) =>
    query(
      `CREATE EXTERNAL TABLE ${DATABASE}.orders (order_id bigint, customer string, note string)
       PARTITIONED BY (dt string, region string) STORED AS ORC`,
    ),
  );
}

/** What the job that writes a day does. */
async function writeDay(day: string): Promise<void> {
  await withHive('a', (query) =>
    query(
      `INSERT OVERWRITE TABLE ${DATABASE}.orders PARTITION (dt = '${day}', region)
       SELECT order_id, customer, note, region FROM sales.orders WHERE dt = '2026-11-01'`,
    ),
  );
}

/** What is left when that job has gone wrong. */
async function registerEmptyDay(day: string): Promise<void> {
  await withHive('a', (query) =>
    query(`ALTER TABLE ${DATABASE}.orders ADD PARTITION (dt = '${day}', region = 'emea')`),
  );
}

/** Starts runDag through the form Start Workflow. */
async function startInUi(input: unknown): Promise<Run> {
  const workflowId = `ui-dag-${Date.now()}`;
  await ui.startWorkflow({ workflowId, taskQueue: QUEUE, type: 'runDag', input });
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  return { workflowId, runId };
}

async function activitiesOf({ workflowId, runId }: Run): Promise<readonly unknown[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? []);
}

beforeAll(async () => {
  temporal = await labTemporal();
  ({ client } = temporal);
  await freshTable();
  worker = await startWorker({
    name: QUEUE,
    args: ['--task-queue', QUEUE, '--config', join(__dirname, 'temporal.config.ts')],
    env: { FERRY_LAB_BANDWIDTH: BANDWIDTH },
  });
  ui = await TemporalUi.open();
});

afterAll(async () => {
  await ui?.close();
  await worker?.end('SIGTERM');
  await temporal?.close();
});

describe('a DAG run in the Temporal UI', () => {
  let first: Run;
  let day: string;

  it('is started by the name of its DAG alone, for the last complete interval', async () => {
    first = await startInUi({ dag: DAG });
    await ui.untilDetailsSay(first, 'running');
    expect(await ui.rowsOfDetails()).toEqual([
      ['task', 'state', 'operator', ''],
      ['arrived', 'running', 'partitionSensor', ''],
      ['orders', 'none', 'syncTable', ''],
      ['checked', 'none', 'hiveCheck', ''],
    ]);
    const { interval } = await client.workflow.getHandle(first.workflowId).query<DagRunView, []>('state');
    const end = Date.parse(interval.end);
    expect(end).toBeLessThanOrEqual(Date.now());
    expect(end).toBeGreaterThan(Date.now() - 86_400_000);
    day = interval.start.slice(0, 10);
  });

  it('shows its grid, with the steps of a sync, while it copies', async () => {
    const written = writeDay(day);
    await ui.untilDetailsSay(first, 'round 1 of at most 3');
    expect(await ui.rowsOfDetails()).toEqual([
      ['task', 'state', 'operator', ''],
      ['arrived', 'success', 'partitionSensor', expect.stringMatching(/^\d+s$/)],
      ['orders', 'running', 'syncTable', ''],
      ['- plan nodes', 'done', '', '3 selected: 3 to copy, 0 unchanged · 3 nodes'],
      ['- ensure table', 'done', '', 'created'],
      ['- load and write', 'running', '', expect.stringMatching(/^round 1 of at most 3 · \d of 3 nodes/)],
      ['- refresh metadata', '', '', ''],
      ['checked', 'none', 'hiveCheck', ''],
    ]);
    await ui.screenshot('temporal-ui-dag', 840);
    await written;
  });

  it('shows how it ended', async () => {
    await ui.untilDetailsSay(first, 'success');
    await client.workflow.getHandle(first.workflowId).result();
    await ui.openRun(first, 'user-metadata');
    await ui.currentDetails().getByText('checked').waitFor();
    const rows = await ui.rowsOfDetails();
    expect(rows.filter(([, , operator]) => operator !== '').map(([task, state]) => [task, state])).toEqual([
      ['task', 'state'],
      ['arrived', 'success'],
      ['orders', 'success'],
      ['checked', 'success'],
    ]);
    expect(await ui.currentDetails().locator('p').last().textContent()).toBe('success');
  });

  it('runs nothing for an interval that is done, and names the first run', async () => {
    const second = await startInUi({ dag: DAG });
    await ui.page.getByText('Completed', { exact: true }).first().waitFor();
    await ui.untilDetailsSay(second, 'nothing-to-do');
    expect(await ui.currentDetails().locator('p').last().textContent()).toContain(
      `This interval has succeeded already: ${first.workflowId} (run ${first.runId}), at `,
    );
    expect(await activitiesOf(second)).toEqual(['resolve', 'look-up-1']);
  });

  it('that has failed says why, and the command that goes on', async () => {
    const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    await registerEmptyDay(before);
    const failed = await startInUi({ dag: DAG, interval: before });
    await expect(client.workflow.getHandle(failed.workflowId).result()).rejects.toThrow(WorkflowFailedError);
    await ui.page.getByText('Failed', { exact: true }).first().waitFor();
    const shown = ui.page.locator('main').getByText(`${DAG}, ${before}T03:00:00Z to ${day}T03:00:00Z: failed.`).first();
    await shown.waitFor();
    const text = (await ui.page.locator('main').allTextContents()).join();
    expect(text).toContain('checked: CHECK_FAILED');
    expect(text).toContain(`ferry dag clear ${failed.workflowId} checked`);
    await ui.screenshot('temporal-ui-dag-failed', 620);
  });
});

describe('the form "Start Workflow" for a DAG', () => {
  it('shows every problem of a wrong input as the failure of the run', async () => {
    await startInUi({ dag: DAG, interval: 'yesterday', rerun: 'yes', parms: { region: 'eu' } });
    await ui.page.getByText('Failed', { exact: true }).first().waitFor();
    await ui.page.locator('main').getByText('This DAG run cannot start, 3 problems').first().waitFor();
    const shown = (await ui.page.locator('main').allTextContents()).join();
    for (const problem of [
      'interval: \\"yesterday\\" is not a date such as \\"2026-11-01\\"',
      'rerun: \\"yes\\" is not true or false',
      'parms: is not a known key; did you mean \\"params\\"?',
    ])
      expect(shown).toContain(problem);
  });

  it('names the DAGs that there are when it knows none of the name', async () => {
    await startInUi({ dag: 'orders_dayly' });
    await ui.page.getByText('Failed', { exact: true }).first().waitFor();
    await ui.page.locator('main').getByText('did you mean \\"orders_daily\\"?').first().waitFor();
  });
});
