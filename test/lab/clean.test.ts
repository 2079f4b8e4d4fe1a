import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { DoctorDocument } from '../../cli/doctor/report.ts';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { withHive } from '../../lab/hive-session.ts';
import { readLabState } from '../../lab/state.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { CleanResult } from '../../sync/clean-tables.ts';
import type { OpenCluster } from '../../sync/cluster.ts';
import type { Outcome } from '../../sync/outcome.ts';
import type { Restoration } from '../../sync/restore-partition.ts';
import { Crash } from '../crash/gate.ts';
import { documentOf, ferry } from './ferry.ts';
import { labConfig } from './lab-config.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, runInProcess } from './run-in-process.ts';

jest.setTimeout(240_000);

const DATABASE = 'ferry_clean';
const TABLE = `${DATABASE}.lines`;
const QUEUE = 'clean-tests';

const lines = new LinesTable(DATABASE);
const hidden = `${lines.folder()}/.hive-ferry`;
let worker: WorkerProcess;

async function forgetRuns(): Promise<void> {
  for (const table of ['lines', 'versions']) await lines.b.delete(`/user/root/hive-ferry/tables/${DATABASE}.${table}`);
}

beforeAll(async () => {
  await lines.make();
  await forgetRuns();
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await lines.drop();
  await forgetRuns();
  await lines.close();
});

async function call<T>(...args: string[]): Promise<T> {
  return documentOf<T>(await ferry([...args, '--target', 'b', '--task-queue', QUEUE, '--json']));
}

function sync(...args: string[]): Promise<Outcome> {
  return call('sync', TABLE, '--source', 'a', '--nodes', '1', '--memory', '64MiB', ...args);
}

const clean = (...args: string[]) => call<CleanResult>('clean', TABLE, ...args);

/** The rows of a partition, as Hive on the target reads them. */
async function rows(partition: string, table = TABLE): Promise<readonly unknown[]> {
  const [key, value] = partition.split('=');
  return await withHive('b', async (query) => {
    const found = await query(
      `SELECT line FROM ${table} WHERE ${key} = '${value}' AND length(line) < 100 ORDER BY line`,
    );
    return found.map((row) => Object.values(row)[0]);
  });
}

/** Names below a folder of cluster b, hidden ones too. */
async function names(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of (await lines.b.list(folder)) ?? []) found.push(...page.map(({ name }) => name));
  return found;
}

async function retired(): Promise<readonly string[]> {
  const closed = (await names(hidden)).filter((name) => name.includes('.closed'));
  return (await Promise.all(closed.map((name) => names(`${hidden}/${name}/retired`)))).flat();
}

/** The clusters of the lab. The process dies, as far as cluster b can tell, when it has renamed this folder. */
function dyingAfterRenaming(folder: string): { readonly open: OpenCluster; close(): Promise<void> } {
  const clusters = openClusters(resolveConfig(labConfig('root')));
  let dead = false;
  const files = new Proxy(clusters.open('b').files, {
    get: (target, property) => {
      const member = Reflect.get(target, property, target) as unknown;
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        if (dead) throw new Crash(String(property));
        const answer = (await member.apply(target, args)) as unknown;
        dead = property === 'rename' && args[0] === folder;
        if (dead) throw new Crash('rename');
        return answer;
      };
    },
  });
  const open: OpenCluster = (name) => (name === 'a' ? clusters.open(name) : { ...clusters.open(name), files });
  return { open, close: () => clusters.close() };
}

async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const lab = readLabState();
  const connection = await Connection.connect({ address: lab?.temporal.address ?? '' });
  try {
    return await work(new Client({ connection, namespace: lab?.temporal.namespace ?? '' }));
  } finally {
    await connection.close();
  }
}

// The tests go on from each other's state, as the days of a table do.
describe('cleaning and restoring, over the lab', () => {
  it('a replaced version is kept for its time, and deleted after', async () => {
    expect(await sync()).toMatchObject({ outcome: 'complete', partitions: { published: 2 } });
    await lines.write('p=1', 'small', 'second\n');
    expect(await sync('--retain', '1h')).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
    expect(await clean()).toMatchObject({ total: { runs: { closed: 2, open: 0 }, deleted: 0, retained: 1, kept: 0 } });
    expect(await retired()).toHaveLength(1);

    await lines.write('p=1', 'small', 'third\n');
    expect(await sync('--retain', '1s')).toMatchObject({ outcome: 'complete' });
    await sleep(1_500);
    expect((await clean('--dry-run')).total).toMatchObject({ deleted: 1, retained: 1 });
    expect(await retired()).toHaveLength(2);
    expect((await clean()).total).toMatchObject({ deleted: 1, retained: 1 });
    expect(await retired()).toHaveLength(1);
    expect(await rows('p=1')).toEqual(['third']);
  });

  it('a replaced version comes back, and the one that it replaces can come back after it', async () => {
    const first = await call<Restoration>('restore', TABLE, '--partition', 'p=1');
    expect(first).toMatchObject({ kind: 'restored', was: 'replaced', to: `${lines.folder()}/p=1` });
    expect(await rows('p=1')).toEqual(['hello']);
    const second = await call<Restoration>('restore', TABLE, '--partition', 'p=1');
    expect(second).toMatchObject({ kind: 'restored' });
    expect(await rows('p=1')).toEqual(['third']);
    expect(await sync()).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('a pruned partition comes back as it was registered', async () => {
    await withHive('a', (query) => query(`ALTER TABLE ${TABLE} DROP PARTITION (p='2')`));
    expect(await sync('--prune', '100')).toMatchObject({ outcome: 'complete', partitions: { pruned: 1 } });
    expect(await rows('p=2')).toEqual([]);
    expect((await clean()).total).toMatchObject({ deleted: 0 });
    const ran = await ferry(['restore', TABLE, '--partition', 'p=2', '--target', 'b', '--task-queue', QUEUE]);
    expect([ran.exitCode, ran.stdout]).toEqual([
      0,
      expect.stringMatching(/^p=2 is back at .*\/p=2, as run \S+ had pruned it\./),
    ]);
    expect(await rows('p=2')).toEqual(['hello']);
    const again = await ferry(['restore', TABLE, '--partition', 'p=2', '--target', 'b', '--task-queue', QUEUE]);
    expect([again.exitCode, again.stdout]).toEqual([1, expect.stringMatching(/^Nothing is aside/)]);
  });

  it('case 47: what a run moved aside comes back when it died between its renames and was terminated', async () => {
    await lines.write('p=1', 'small', 'fourth\n');
    const workflowId = `sync/b/${TABLE}/dies`;
    await withTemporal(async (client) => {
      // A run that Temporal knows, on a queue that nobody serves: its engine is in this process.
      const handle = await client.workflow.start('syncTable', { workflowId, taskQueue: 'nobody', args: [{}] });
      const runKey = handle.firstExecutionRunId;
      const { open, close } = dyingAfterRenaming(`${lines.folder()}/p=1`);
      const spec = labSpec(DATABASE, { runKey, runId: runKey, workflowId });
      await expect(runInProcess(open, spec)).rejects.toThrow(Crash);
      await close();
      expect(await names(lines.folder())).not.toContain('p=1');

      // While Temporal says that it goes on, nobody touches it.
      expect((await clean()).total).toMatchObject({ runs: { open: 1 }, finished: 0, restored: 0 });
      expect(await names(lines.folder())).not.toContain('p=1');
      await handle.terminate('test');
      expect((await clean()).total).toMatchObject({ runs: { open: 0 }, finished: 1, restored: 1 });
      expect((await lines.b.status(`${hidden}/${runKey}`))?.kind).toBe('file');
      expect(await names(hidden)).not.toContain(`${runKey}.closed`);
    });
    expect(await rows('p=1')).toEqual(['third']);
    expect(await sync()).toMatchObject({ outcome: 'complete', failures: [] });
    expect(await rows('p=1')).toEqual(['fourth']);
  });

  it('what a worker leaves that is killed in mid-copy, and its run terminated, is removed', async () => {
    await worker.end('SIGKILL');
    worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE, '--bandwidth', '64KiB'] });
    await lines.write('p=1', 'large', `${'x'.repeat(700 * 1024)}\n`);
    const running = sync();
    const staged = async () => (await names(hidden)).filter((name) => !name.includes('.closed'));
    let run: string | undefined;
    for (const end = Date.now() + 60_000; run === undefined && Date.now() < end; await sleep(200)) {
      for (const name of await staged())
        if ((await names(`${hidden}/${name}`)).some((child) => child.startsWith('n1-'))) run = name;
    }
    expect(run).toBeDefined();
    await worker.end('SIGKILL');
    await withTemporal(async (client) => {
      const running = client.workflow.list({ query: `WorkflowType = 'syncTable' AND ExecutionStatus = 'Running'` });
      for await (const { workflowId, runId } of running) {
        if (runId === run) await client.workflow.getHandle(workflowId).terminate('test');
      }
    });
    expect((await running).outcome).toBe('cancelled');
    worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });

    expect((await clean()).total).toMatchObject({ finished: 1 });
    expect((await lines.b.status(`${hidden}/${run}`))?.kind).toBe('file');
    expect(await names(hidden)).not.toContain(`${run}.closed`);
    expect(await sync()).toMatchObject({ outcome: 'complete', failures: [] });
  });

  it('an old folder of relocate is deleted when no location points into it, the others never', async () => {
    const relocate = () => sync('--target-table', `${DATABASE}.versions`, '--publish', 'relocate', '--retain', '1ms');
    expect(await relocate()).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
    const versions = lines.folder('versions-versions');
    const [first] = await lines.names(versions);
    await lines.write('p=1', 'small', 'fifth\n');
    expect(await relocate()).toMatchObject({ outcome: 'complete' });
    expect(await lines.names(versions)).toHaveLength(2);
    const cleaned = await call<CleanResult>('clean', `${DATABASE}.versions`);
    expect(cleaned.deleted).toMatchObject([{ what: 'version', partition: 'p=1', path: `${versions}/${first}/p=1` }]);
    const left = await lines.names(versions);
    expect(left).toHaveLength(1);
    expect(left).not.toContain(first);
    expect((await call<CleanResult>('clean', `${DATABASE}.versions`)).deleted).toEqual([]);
    expect(await rows('p=1', `${DATABASE}.versions`)).toEqual(['fifth']);
  });

  it('ferry doctor names a folder that carries no run of ours, and nobody deletes it', async () => {
    await lines.b.mkdirs(`${hidden}/somebodys`);
    expect((await clean()).kept).toMatchObject([{ path: `${hidden}/somebodys`, why: 'no-run', table: TABLE }]);
    const ran = await ferry(['doctor', '--target', 'b', '--task-queue', QUEUE, '--json']);
    const check = documentOf<DoctorDocument>(ran).checks.find(({ id }) => id === 'leftovers');
    expect(check).toMatchObject({ status: 'warn', subject: 'b' });
    expect(check?.says).toContain(`${TABLE}: ${hidden}/somebodys`);
    expect((await lines.b.status(`${hidden}/somebodys`))?.kind).toBe('folder');
    await lines.b.delete(`${hidden}/somebodys`);
    expect((await clean()).kept).toEqual([]);
  });

  it('a schedule is made, changed, and fires with an overlap policy and a catch-up window', async () => {
    const id = `clean/b/${TABLE}`;
    await withTemporal(async (client) => {
      try {
        expect(await clean('--schedule', '0 4 * * *')).toMatchObject({ schedule: id, made: 'made' });
        expect(await clean('--schedule', '30 4 * * *')).toMatchObject({ schedule: id, made: 'changed' });
        const handle = client.schedule.getHandle(id);
        const { policies, spec, action } = await handle.describe();
        expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000 });
        expect(spec.calendars).toMatchObject([{ hour: [{ start: 4 }], minute: [{ start: 30 }] }]);
        expect(action).toMatchObject({ workflowType: 'cleanTables', taskQueue: QUEUE });
        await handle.trigger();
        let done: unknown;
        for (const end = Date.now() + 60_000; done === undefined && Date.now() < end; await sleep(300)) {
          const [latest] = (await handle.describe()).info.recentActions;
          const started = latest?.action.workflow;
          if (started) done = await client.workflow.getHandle(started.workflowId).result();
        }
        expect(done).toMatchObject({ target: 'b', total: { tables: 1, kept: 0 } });
        const wrong = await ferry(['clean', TABLE, '--target', 'b', '--schedule', 'now and then', '--json']);
        expect([wrong.exitCode, wrong.stderr]).toEqual([64, expect.stringMatching(/--schedule: "now and then"/)]);
      } finally {
        await client.schedule.getHandle(id).delete();
      }
    });
  });
});
