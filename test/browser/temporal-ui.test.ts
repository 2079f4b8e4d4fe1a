import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry } from '../lab/ferry.ts';
import { freshDatabase, makeTables, TABLES } from '../lab/lab-tables.ts';
import { labTemporal } from '../lab/lab-temporal.ts';
import { TemporalUi } from './temporal-ui-page.ts';

jest.setTimeout(90_000);

const DATABASE = 'ferry_ui';
const QUEUE = 'ferry-ui';
/** Some 13 s for the table: long enough to look at the run while it copies. */
const BANDWIDTH = '256KiB';

let ui: TemporalUi;
let worker: WorkerProcess;

/** The sync that is running now, once both of its nodes load. */
async function untilLoading(): Promise<{ readonly workflowId: string; readonly runId: string }> {
  const { client, close } = await labTemporal();
  try {
    const { workflow } = client;
    const query = `TaskQueue = '${QUEUE}' AND ExecutionStatus = 'Running'`;
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
      for await (const { workflowId, runId } of workflow.list({ query })) {
        const { raw } = await workflow.getHandle(workflowId, runId).describe();
        const loads = raw.pendingActivities?.filter(({ activityType }) => activityType?.name === 'loadNode');
        if (loads?.length === 2) return { workflowId, runId };
      }
    }
    throw new Error('no run loads a node');
  } finally {
    await close();
  }
}

beforeAll(async () => {
  await freshDatabase(DATABASE, TABLES);
  await makeTables(DATABASE);
  worker = await startWorker({
    name: 'ui',
    args: ['--task-queue', QUEUE],
    env: { FERRY_LAB_BANDWIDTH: BANDWIDTH },
  });
  ui = await TemporalUi.open();
});

afterAll(async () => {
  await ui?.close();
  await worker?.end('SIGTERM');
});

describe('a run in the Temporal UI', () => {
  const table = `${DATABASE}.orders`;
  let running: ReturnType<typeof ferry>;
  let outcome: Outcome;

  it('tells its steps and nodes while it copies', async () => {
    const args = ['--source', 'a', '--target', 'b', '--nodes', '2', '--memory', '64MiB', '--task-queue', QUEUE];
    running = ferry(['sync', table, ...args, '--json']);
    await ui.openRun(await untilLoading(), 'user-metadata');
    await ui.currentDetails().getByText('load and write').waitFor();
    expect(await ui.currentDetails().locator('p').allTextContents()).toEqual([
      `${table}, a -> b`,
      expect.stringMatching(/^The target table lies at hdfs:.*\/ferry_ui\.db\/orders$/),
    ]);
    expect(await ui.rowsOfDetails()).toEqual([
      ['step', 'state', ''],
      ['plan nodes', 'done', '6 selected: 6 to copy, 0 unchanged · 2 nodes'],
      ['ensure table', 'done', 'created'],
      ['load and write', 'running', 'round 1 of at most 3 · 0 of 2 nodes · 0 of 6 partitions · 0 B'],
      ['refresh metadata', '', ''],
      ['close the run', '', ''],
      ['node', 'state', 'partitions', 'files', 'size'],
      ['1', 'loading', '3', '3', expect.stringMatching(/^1\.\d MiB$/)],
      ['2', 'loading', '3', '3', expect.stringMatching(/^1\.\d MiB$/)],
    ]);
  });

  it('shows all of its details in half a page', async () => {
    const [needed = 0, room = 0] = await ui
      .currentDetails()
      .locator('html')
      .evaluate((html) => [html.scrollWidth, html.clientWidth]);
    expect(room).toBeGreaterThan(0);
    expect(needed).toBeLessThanOrEqual(room);
    await ui.screenshot('temporal-ui-details');
  });

  it('has its table and clusters as summary, its input as details', async () => {
    const [summary, details] = [ui.page.frameLocator('iframe').nth(0), ui.page.frameLocator('iframe').nth(1)];
    expect(await summary.locator('p').textContent()).toBe(`${table}, a -> b`);
    expect(JSON.parse((await details.locator('pre').textContent()) ?? '')).toMatchObject({
      table,
      nodes: { count: 2 },
    });
  });

  it('says in its timeline what each activity is for', async () => {
    outcome = documentOf<Outcome>(await running);
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { published: 6 } });
    await ui.openRun(outcome, 'timeline');
    await ui.page.getByText('Completed', { exact: true }).first().waitFor();
    for (const summary of [
      'resolveInput • check the input, apply the defaults',
      `planNodes • plan nodes · ${table}, a -> b`,
      `ensureTable • ensure table · ${table} on b · 1 change`,
      /^loadNode • node 1\/2 · 3 partitions · 1\.\d MiB$/,
      /^loadNode • node 2\/2 · 3 partitions · 1\.\d MiB$/,
      `refreshMetadata • refresh metadata · ${table} on b`,
      'closeRun • close the run, tell its outcome',
    ])
      await ui.page.getByText(summary).first().waitFor();
    await ui.screenshot('temporal-ui-run');
  });

  it('is where the outcome says that it is', async () => {
    await ui.page.goto(outcome.uiUrl ?? 'the outcome has no uiUrl');
    await ui.page.getByRole('heading', { name: outcome.workflowId }).waitFor();
  });
});

describe('the form "Start Workflow" of the Temporal UI', () => {
  it('starts a sync with a table and two clusters', async () => {
    const input = { table: `${DATABASE}.countries`, source: 'a', target: 'b' };
    await ui.startWorkflow({ workflowId: `ui-${Date.now()}`, taskQueue: QUEUE, type: 'syncTable', input });
    await ui.page.getByText('Completed', { exact: true }).first().waitFor();
    await ui.page.getByText('"outcome": "complete"').waitFor();
  });

  it('shows every problem of a wrong input as the failure of the run', async () => {
    const input = { table: 'orders', source: 'a', target: 'bb', nodes: { count: 0, memory: '1GB' }, publsh: 'swap' };
    await ui.startWorkflow({ workflowId: `ui-${Date.now()}`, taskQueue: QUEUE, type: 'syncTable', input });
    await ui.page.getByText('Failed', { exact: true }).first().waitFor();
    const result = ui.page.locator('main').getByText('This sync cannot start, 5 problems').first();
    await result.waitFor();
    const shown = (await ui.page.locator('main').allTextContents()).join();
    for (const problem of [
      'table: \\"orders\\" is not a table name with its database',
      'nodes.count: 0 is not a whole number from 1 to 1000',
      'nodes.memory: \\"1GB\\" is not a size',
      'publsh: is not a known key; did you mean \\"publish\\"?',
      'target: \\"bb\\" is not a cluster of temporal.config.ts (a, b)',
    ])
      expect(shown).toContain(problem);
  });
});
