import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { rememberedStarts, rememberRun } from '../../dag/run-memory.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { CleanResult } from '../../sync/clean-tables.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { dagRunRecord } from '../unit/dag/dag-run-record.ts';
import { ConfigOverLab } from './config-over-lab.ts';
import { documentOf, ferry } from './ferry.ts';
import { LinesTable } from './lines-table.ts';

jest.setTimeout(240_000);

const NAME = 'clean-all';
/** Of these tests' own, so that no other test's tables are cleaned. */
const CONTROL_ROOT = '/user/root/ferry-clean-all';
const DAYS = 24 * 60 * 60 * 1000;

const config = new ConfigOverLab({
  clusters: { b: { controlRoot: CONTROL_ROOT } },
  dags: { home: 'b', historyDays: 30 },
});
const tables = [new LinesTable('ferry_clean_one'), new LinesTable('ferry_clean_two')] as const;
const [{ b }] = tables;
let worker: WorkerProcess;

beforeAll(async () => {
  await b.delete(CONTROL_ROOT);
  for (const table of tables) await table.make();
  worker = await startWorker({ name: NAME, args: ['--config', config.path, '--task-queue', NAME] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await b.delete(CONTROL_ROOT);
  for (const table of tables) {
    await table.drop();
    await table.close();
  }
  config.delete();
});

const command = (...args: string[]) => ferry([...args, '--target', 'b', '--config', config.path, '--task-queue', NAME]);
const cleanAll = async (...args: string[]) =>
  documentOf<CleanResult>(await command('clean', '--all', '--json', ...args));

async function sync(database: string): Promise<Outcome> {
  const wide = ['--source', 'a', '--nodes', '1', '--memory', '64MiB', '--retain', '1ms'];
  return documentOf<Outcome>(await command('sync', `${database}.lines`, '--json', ...wide));
}

async function below(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of (await b.list(folder)) ?? []) found.push(...page.map(({ name }) => name));
  return found;
}

// The tests go on from each other's state, as the days of a warehouse do.
describe('ferry clean --all, over the lab', () => {
  const runKeys: string[] = [];

  it('of a target on which no run ever was has nothing to do', async () => {
    expect(await cleanAll()).toMatchObject({ target: 'b', total: { tables: 0 }, forgottenIntervals: 0, failures: [] });
  });

  it('cleans every table that a run wrote, and tells them one by one', async () => {
    for (const table of tables) {
      expect(await sync(table.database)).toMatchObject({ outcome: 'complete', partitions: { published: 2 } });
      await table.write('p=1', 'small', 'second\n');
      const { outcome, runId } = await sync(table.database);
      expect(outcome).toBe('complete');
      runKeys.push(runId);
    }
    const would = await cleanAll('--dry-run');
    expect(would).toMatchObject({ dryRun: true, total: { tables: 2, deleted: 2, runs: { closed: 4, open: 0 } } });
    const done = await cleanAll();
    expect(done.tables.map(({ table, deleted }) => [table, deleted])).toEqual([
      ['ferry_clean_one.lines', 1],
      ['ferry_clean_two.lines', 1],
    ]);
    expect(done.deleted).toEqual(would.deleted);
    const again = await command('clean', '--all');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/^2 tables on b, .*\b0 deleted /)]);
    for (const { database } of tables) expect(await sync(database)).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('one table that was dropped since does not keep the other from being cleaned', async () => {
    const [one, two] = tables;
    await one.write('p=1', 'small', 'third\n');
    await two.write('p=1', 'small', 'third\n');
    for (const { database } of tables) expect((await sync(database)).outcome).toBe('complete');
    await one.dropOnTarget();
    const done = await cleanAll();
    expect(done.total).toMatchObject({ tables: 2, kept: 1 });
    expect(done.kept).toMatchObject([{ table: 'ferry_clean_one.lines', why: 'only-copy', partition: 'p=1' }]);
    expect(done.deleted).toMatchObject([{ table: 'ferry_clean_two.lines', what: 'retired', partition: 'p=1' }]);
  });

  it('the records of a run go after 90 days, with its tombstone, and not before', async () => {
    const [, two] = tables;
    const [, runKey = ''] = runKeys;
    const ended = async (daysAgo: number) =>
      b.setModificationTime(`${CONTROL_ROOT}/${runKey}/outcome.json`, Date.now() - daysAgo * DAYS);
    const tombstone = `${two.folder()}/.hive-ferry/${runKey}`;
    expect((await b.status(tombstone))?.kind).toBe('file');
    await ended(89);
    expect((await cleanAll()).deleted).toEqual([]);
    await ended(91);
    expect((await cleanAll()).deleted).toMatchObject([{ what: 'records', run: runKey }]);
    expect(await b.status(`${CONTROL_ROOT}/${runKey}`)).toBeUndefined();
    expect(await b.status(tombstone)).toBeUndefined();
    expect(await below(`${CONTROL_ROOT}/tables/ferry_clean_two.lines/runs`)).not.toContain(`${runKey}.json`);
    expect(await sync(two.database)).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('forgets the DAG runs that ended longer ago than dags.historyDays', async () => {
    const memory = { files: b, controlRoot: CONTROL_ROOT };
    const { signal } = new AbortController();
    const remember = async (day: string) => {
      const start = `2026-01-${day}T00:00:00Z`;
      const record = dagRunRecord({ dagId: 'orders', interval: { start, end: start } });
      return rememberRun(memory, `key-${day}`, record, { signal, uuid: () => `uuid-${day}` });
    };
    const paths = [await remember('01'), await remember('02')];
    const [old = ''] = paths;
    for (const path of [old, old.slice(0, old.lastIndexOf('/'))])
      await b.setModificationTime(path, Date.now() - 31 * DAYS);
    const would = await command('clean', '--all', '--dry-run');
    expect([would.exitCode, would.stdout]).toEqual([
      0,
      expect.stringContaining('1 interval of DAGs would be forgotten'),
    ]);
    expect(await rememberedStarts(memory, 'orders', signal)).toHaveLength(2);
    expect(await cleanAll()).toMatchObject({ forgottenIntervals: 1 });
    expect(await rememberedStarts(memory, 'orders', signal)).toEqual(['2026-01-02T00:00:00Z']);
    expect(await cleanAll()).toMatchObject({ forgottenIntervals: 0 });
  });
});
