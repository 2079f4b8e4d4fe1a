import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { DagRunOutcome, DagRunView } from '../../dag/run.ts';
import { dropTarget } from '../../lab/fresh-target.ts';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { filesBelow, labFiles } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';

jest.setTimeout(240_000);

const QUEUE = 'example-dags';
const b = labFiles('b');

/** The DAGs of examples/dags, which this repository's config names; orders_daily has a test of its own. */
const DAGS = ['clicks_hourly', 'ledger_monthly', 'wide_database'];
const TABLES = ['web.clicks', 'fin.ledger', 'ref.countries', 'wide.types', 'wide.moments'];

let worker: WorkerProcess;
let temporal: Awaited<ReturnType<typeof labTemporal>>;
let client: Client;

async function clean(): Promise<void> {
  for (const table of TABLES) {
    const [database = '', name = ''] = table.split('.');
    await dropTarget(database, name);
  }
  for (const dag of DAGS) await b.delete(`/user/root/hive-ferry/runs/${dag}`);
}

beforeAll(async () => {
  temporal = await labTemporal();
  ({ client } = temporal);
  await clean();
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await clean();
  await b.close();
  await temporal?.close();
});

/** Runs a DAG for the interval that starts then; the outcome, and each task instance with its state. */
async function run(dag: string, interval: string): Promise<{ outcome: DagRunOutcome; states: readonly string[] }> {
  const options = { workflowId: `example-test/${randomUUID()}`, taskQueue: QUEUE, args: [{ dag, interval }] };
  const handle = await client.workflow.start('runDag', options);
  const outcome: DagRunOutcome = await handle.result();
  const { tasks } = await handle.query<DagRunView>('state');
  const states = tasks.map(({ taskId, mapIndex, state }) =>
    [taskId, ...(mapIndex === undefined ? [] : [mapIndex]), state].join(' '),
  );
  return { outcome, states };
}

/** The first column of a query on b. */
async function column(query: string): Promise<readonly unknown[]> {
  return await withHive('b', async (ask) => (await ask(query)).map((row) => Object.values(row)[0]));
}

describe('the examples of DAGs, over the lab', () => {
  it('clicks_hourly copies the hour that _SUCCESS closes, and no other', async () => {
    const { outcome, states } = await run('clicks_hourly', '2026-11-02T06:00:00Z');
    expect(outcome).toMatchObject({ outcome: 'success', interval: { end: '2026-11-02T07:00:00Z' }, failures: [] });
    expect(states).toEqual(['written success', 'registered success', 'clicks success', 'compared success']);
    expect(await column('show partitions web.clicks')).toEqual(['dt=2026-11-02/hour=6']);
    const paths = await filesBelow(b, '/warehouse/web.db/clicks/dt=2026-11-02');
    expect(paths.filter((line) => line.includes('/_SUCCESS '))).toHaveLength(1);
    expect(await column('select count(*) from web.clicks')).toEqual([60]);
  });

  it('wide_database copies every table that the database has', async () => {
    const { outcome, states } = await run('wide_database', '2026-11-01');
    expect(outcome).toMatchObject({ outcome: 'success', failures: [] });
    expect(states).toEqual([
      'tables success',
      'copies 0 success',
      'copies 1 success',
      'compared 0 success',
      'compared 1 success',
    ]);
    expect(await column('show tables in wide')).toEqual(['moments', 'types']);
    expect(await column('show partitions wide.moments')).toHaveLength(5);
    expect(await column('select count(*) from wide.types')).toEqual([3]);
  });

  it('ledger_monthly copies the books of one month side by side and compares their sums', async () => {
    const { outcome, states } = await run('ledger_monthly', '2026-10-01');
    expect(outcome).toMatchObject({ outcome: 'success', interval: { end: '2026-11-01T00:00:00Z' }, failures: [] });
    expect(states).toEqual([
      'closed success',
      'books success',
      'countries success',
      'ledger 0 success',
      'ledger 1 success',
      'sum_of_source success',
      'sum_of_copy success',
      'same success',
      'statistics success',
    ]);
    expect(await column('show partitions fin.ledger')).toEqual([
      'month=2026-10-01/book=general',
      'month=2026-10-01/book=sales',
    ]);
    expect(await column('select count(*) from ref.countries')).toEqual([250]);
  });
});
