import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { type Deployment, NO_FILE_NOTE } from '../../dag/deployment.ts';
import { lastCompleteInterval } from '../../dag/interval.ts';
import type { BackfillOutcome, DagRunOutcome, FinishedTask } from '../../dag/run.ts';
import { timetableOf } from '../../dag/timetable.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { backfillId, dagRunId, gateId, RUN_DAG } from '../../workflows/dag-messages.ts';
import { documentOf, ferry, type Ran, startFerryInTerminal } from './ferry.ts';
import { labFiles } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';

jest.setTimeout(240_000);

const QUEUE = 'dag-deploy-tests';
const CONFIG = ['--config', 'test/lab/dag-deploy/temporal.config.ts', '--task-queue', QUEUE];
const FILES = '/tmp/ferry-dag-deploy';
const [DAILY, YEARLY, ALL, HAND] = ['deploy_daily', 'deploy_yearly', 'deploy_all', 'deploy_by_hand'] as const;

const folder = mkdtempSync(join(tmpdir(), 'ferry-dag-deploy-'));
const env = { FERRY_TEST_DAGS: folder, FERRY_TEST_DAGS_KEY: 'known to those who deploy' };
const b = labFiles('b');
const newest = lastCompleteInterval(timetableOf('@yearly', 'UTC'), new Date().toISOString());
let temporal: Awaited<ReturnType<typeof labTemporal>>;
let client: Client;
let worker: WorkerProcess;

/** A DAG of one task, which looks for a file or folder. */
function write(dagId: string, options: object, path: string = FILES): void {
  const words = [
    `import { dag, fileSensor } from 'hive-ferry';`,
    `export default dag('${dagId}', ${JSON.stringify(options)}, (d) => {`,
    `  d.task('seen', fileSensor({ cluster: 'b', path: '${path}', every: '1s' }));`,
    '});',
  ];
  writeFileSync(join(folder, `${dagId}.ts`), words.join('\n'));
}

/** Its newest complete interval is beyond its end: nothing of it runs by itself. */
const PAST = { schedule: '0 3 * * *', startDate: '2026-11-01', endDate: '2026-11-24', maxActiveRuns: 1 };
const CAUGHT_UP = { schedule: '0 3 * * *', startDate: '2026-11-01', endDate: '2026-11-03', catchup: true };

beforeAll(async () => {
  temporal = await labTemporal();
  ({ client } = temporal);
  await clean();
  await b.mkdirs(`${FILES}/2026-11-24`);
  write(DAILY, PAST, `${FILES}/{{ ds }}`);
  write(YEARLY, { schedule: '@yearly' });
  write(ALL, CAUGHT_UP);
  write(HAND, {});
  worker = await startWorker({ name: QUEUE, args: CONFIG, env });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await clean();
  await b.close();
  await temporal?.close();
  rmSync(folder, { recursive: true });
});

/** Nothing of an earlier run of this suite is left, in Temporal neither. */
async function clean(): Promise<void> {
  for (const dagId of [DAILY, YEARLY, ALL, HAND]) {
    await client.schedule.getHandle(`dag/${dagId}`).delete().catch(absent);
    for (const prefix of [`dag/${dagId}-`, `dag-backfill/${dagId}/`, gateId(dagId)])
      for await (const { workflowId, runId, status } of client.workflow.list({
        query: `WorkflowId STARTS_WITH '${prefix}'`,
      })) {
        if (status.name === 'RUNNING') await client.workflow.getHandle(workflowId, runId).terminate('cleaned up');
        const { namespace } = client.options;
        await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } });
      }
    await b.delete(`/user/root/hive-ferry/runs/${dagId}`);
  }
  await b.delete(FILES);
}

function absent(error: unknown): void {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
}

type Told = {
  readonly deployments: readonly (Pick<Deployment, 'dagId' | 'action' | 'reasons' | 'catchUp'> & {
    readonly backfill?: string;
  })[];
};

function deploy(...args: readonly string[]): Promise<Ran> {
  return ferry(['dag', 'deploy', ...args, ...CONFIG], env);
}

/** Deploys, and tells what was done with each DAG. */
async function deployed(...args: readonly string[]): Promise<Readonly<Record<string, Told['deployments'][number]>>> {
  const ran = await deploy('--yes', '--json', ...args);
  const { deployments } = documentOf<Told>(ran);
  expect(ran.exitCode).toBe(0);
  return Object.fromEntries(deployments.map((each) => [each.dagId, each]));
}

function actions(of: Awaited<ReturnType<typeof deployed>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(of).map(([dagId, { action }]) => [dagId, action]));
}

async function states(): Promise<Readonly<Record<string, string>>> {
  const told = documentOf<{ readonly dags: readonly { readonly dagId: string; readonly state: string }[] }>(
    await ferry(['dag', 'list', '--json', ...CONFIG], env),
  );
  return Object.fromEntries(told.dags.map(({ dagId, state }) => [dagId, state]));
}

/** Has the schedule start the run of a nominal time, as if that time passed now. */
async function fire(dagId: string, nominal: string): Promise<string> {
  const at = new Date(nominal);
  await client.schedule.getHandle(`dag/${dagId}`).backfill({ start: at, end: at, overlap: 'ALLOW_ALL' });
  return await there(dagRunId(dagId, nominal));
}

/** Waits until a workflow of this id is known. */
async function there(workflowId: string): Promise<string> {
  for (;;) {
    try {
      await client.workflow.getHandle(workflowId).describe();
      return workflowId;
    } catch {
      await sleep(200);
    }
  }
}

async function outcomeOf(workflowId: string): Promise<DagRunOutcome> {
  return (await client.workflow.getHandle(workflowId).result()) as DagRunOutcome;
}

/** Which path the sensor of a run has looked for. */
async function pathOf(workflowId: string): Promise<unknown> {
  const [seen] = await client.workflow.getHandle(workflowId).query<readonly FinishedTask[]>(RUN_DAG.finished);
  return (seen?.xcom as { readonly path?: unknown } | undefined)?.path;
}

/** The current details of a run as the Temporal UI shows them: Markdown, its escapes taken away. */
async function detailsOf(workflowId: string): Promise<string> {
  const handle = client.workflow.getHandle(workflowId);
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails.replaceAll('\\', '');
}

describe('ferry dag deploy, over the lab', () => {
  it('changes nothing with --dry-run, and nothing where nobody can be asked', async () => {
    const dry = await deploy('--dry-run', '--exit-code');
    expect(dry.exitCode).toBe(10);
    expect(dry.stdout).toContain('3 create, 1 by-hand');
    expect(await deploy()).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('Say --yes, or --dry-run.') });
    const asked = startFerryInTerminal(['dag', 'deploy', ...CONFIG], env);
    await asked.untilSaid('[y/N]');
    asked.type('n\r');
    expect(await asked.ended).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('Nothing was changed.') });
    expect(new Set(Object.values(await states()))).toEqual(new Set(['not deployed', 'by hand']));
  });

  it('case 54: tells all that is wrong with all files in one error, with what to write instead, and deploys none', async () => {
    write('gap', { schedule: '30 2 * * *', timezone: 'Europe/Berlin' });
    writeFileSync(join(folder, 'broken.ts'), 'export default 1 +;');
    const { exitCode, stderr } = await deploy('--yes');
    for (const name of ['gap', 'broken']) rmSync(join(folder, `${name}.ts`));
    expect(exitCode).toBe(64);
    expect(stderr).toContain('Nothing was deployed, 2 problems');
    expect(stderr).toContain('broken.ts');
    expect(stderr).toMatch(
      /gap\.ts: .*due at 02:30, which the clocks skip on .*; write "30 3 \* \* \*", or timezone: "UTC"/,
    );
    expect(Object.values(await states())).not.toContain('deployed');
  });

  it('creates what is missing, and finds nothing to do when it is called again', async () => {
    const first = await deployed();
    expect(actions(first)).toEqual({ [ALL]: 'create', [DAILY]: 'create', [HAND]: 'by-hand', [YEARLY]: 'create' });
    const second = await deployed();
    expect(actions(second)).toEqual({
      [ALL]: 'unchanged',
      [DAILY]: 'unchanged',
      [HAND]: 'by-hand',
      [YEARLY]: 'unchanged',
    });
    expect(Object.values(second).filter(({ catchUp }) => catchUp !== undefined)).toEqual([]);
    expect(await states()).toEqual({ [ALL]: 'deployed', [DAILY]: 'deployed', [HAND]: 'by hand', [YEARLY]: 'deployed' });
    const { policies, action } = await client.schedule.getHandle(`dag/${DAILY}`).describe();
    expect(policies).toMatchObject({ overlap: 'ALLOW_ALL', catchupWindow: 86_400_000 });
    expect(action).toMatchObject({ workflowId: `dag/${DAILY}`, taskQueue: QUEUE });
  });

  it('with catchup, every interval since startDate has had its run', async () => {
    const [from, to] = ['2026-11-01T03:00:00Z', '2026-11-03T03:00:00Z'];
    const outcome: BackfillOutcome = await client.workflow.getHandle(backfillId(ALL, from, to)).result();
    expect(outcome).toMatchObject({ dagId: ALL, outcome: 'complete', counts: { success: 3 } });
    expect(outcome.intervals.map(({ workflowId }) => workflowId)).toEqual(
      ['02', '03', '04'].map((day) => dagRunId(ALL, `2026-11-${day}T03:00:00Z`)),
    );
  });

  it('fired at 2026-11-25T03:00Z, 0 3 * * * renders ds 2026-11-24', async () => {
    const run = await fire(DAILY, '2026-11-25T03:00:00Z');
    expect(await outcomeOf(run)).toMatchObject({
      runType: 'scheduled',
      outcome: 'success',
      interval: { start: '2026-11-24T03:00:00Z', end: '2026-11-25T03:00:00Z' },
    });
    expect(await pathOf(run)).toBe(`${FILES}/2026-11-24`);
  });

  it('case 38: a backfill of the schedule itself, as the Temporal UI offers it, drops no interval', async () => {
    const days = ['20', '21', '22'];
    for (const day of ['19', '20', '21']) await b.mkdirs(`${FILES}/2026-11-${day}`);
    const [start, end] = [new Date('2026-11-20T03:00:00Z'), new Date('2026-11-22T03:00:00Z')];
    await client.schedule.getHandle(`dag/${DAILY}`).backfill({ start, end });
    const runs = await Promise.all(days.map((day) => there(dagRunId(DAILY, `2026-11-${day}T03:00:00Z`))));
    for (const run of runs) expect(await outcomeOf(run)).toMatchObject({ runType: 'scheduled', outcome: 'success' });
    expect(await Promise.all(runs.map(pathOf))).toEqual(['19', '20', '21'].map((day) => `${FILES}/2026-11-${day}`));
  });

  describe('for an interval that is done', () => {
    const first = dagRunId(YEARLY, newest.end);
    const expectNothingDone = async (run: string) => {
      expect(await outcomeOf(run)).toMatchObject({
        outcome: 'nothing-to-do',
        interval: newest,
        other: { state: 'succeeded', workflowId: first },
        tasks: {},
      });
      expect(await detailsOf(run)).toContain(first);
      const { events } = await client.workflow.getHandle(run).fetchHistory();
      const started = (events ?? []).flatMap(
        ({ activityTaskScheduledEventAttributes: each }) => each?.activityType?.name ?? [],
      );
      expect(started).not.toContain('fileSensor');
    };

    it("without catchup, only the newest was run when it was deployed; the schedule's Trigger starts no task then", async () => {
      expect(await outcomeOf(await there(first))).toMatchObject({
        runType: 'scheduled',
        outcome: 'success',
        interval: newest,
      });
      const schedule = client.schedule.getHandle(`dag/${YEARLY}`);
      await schedule.trigger();
      const triggered = async (): Promise<string> => {
        const { recentActions } = (await schedule.describe()).info;
        const found = recentActions.map(({ action }) => action.workflow.workflowId).find((id) => id !== first);
        return found ?? sleep(200).then(triggered);
      };
      await expectNothingDone(await triggered());
    });

    it('and a start by hand starts none', async () => {
      const workflowId = `by-hand/${YEARLY}/${Date.now()}`;
      await client.workflow.start('runDag', { workflowId, taskQueue: QUEUE, args: [{ dag: YEARLY }] });
      await expectNothingDone(workflowId);
    });
  });

  it('updates what differs; a run that goes on keeps the DAG it began with', async () => {
    const before = await fire(DAILY, '2026-11-10T03:00:00Z');
    write(DAILY, { ...PAST, tags: ['edited'] }, `${FILES}/edited/{{ ds }}`);
    expect((await states())[DAILY]).toBe('differs');
    const { [DAILY]: told } = await deployed(DAILY);
    expect(told).toMatchObject({ action: 'update' });
    expect(told?.reasons).toEqual([
      'tags: [] -> ["edited"]',
      `tasks.seen.action.input.path: "${FILES}/{{ ds }}" -> "${FILES}/edited/{{ ds }}"`,
    ]);
    await b.mkdirs(`${FILES}/2026-11-09`);
    await b.mkdirs(`${FILES}/edited/2026-11-10`);
    const after = await fire(DAILY, '2026-11-11T03:00:00Z');
    expect(await Promise.all([outcomeOf(before), outcomeOf(after)])).toEqual([
      expect.objectContaining({ outcome: 'success' }),
      expect.objectContaining({ outcome: 'success' }),
    ]);
    expect(await pathOf(before)).toBe(`${FILES}/2026-11-09`);
    expect(await pathOf(after)).toBe(`${FILES}/edited/2026-11-10`);
  });

  it('pauses a DAG whose file is gone, lets it go on when the file is back, and keeps the pause of a person', async () => {
    const schedule = (dagId: string) => client.schedule.getHandle(`dag/${dagId}`);
    const goOn = async () => {
      const paused = await ferry(['dag', 'pause', ALL, ...CONFIG], env);
      const resumed = await ferry(['dag', 'resume', ALL, '--json', ...CONFIG], env);
      expect([paused.exitCode, resumed.exitCode]).toEqual([0, 0]);
      return documentOf<object>(resumed);
    };
    // It has never fired, and what was due before it was made the first deploy had run.
    const never = await goOn();
    expect(never).toMatchObject({ state: 'running' });
    expect(never).not.toHaveProperty('catchUp');
    await fire(ALL, '2026-11-02T03:00:00Z');
    while ((await schedule(ALL).describe()).info.recentActions.length === 0) await sleep(200);

    await schedule(DAILY).pause('the lake is down');
    rmSync(join(folder, `${ALL}.ts`));
    expect(actions(await deployed())).toMatchObject({ [ALL]: 'pause', [DAILY]: 'unchanged' });
    expect((await schedule(ALL).describe()).state).toEqual({ paused: true, note: NO_FILE_NOTE });
    expect(await states()).toMatchObject({ [ALL]: 'no file', [DAILY]: 'paused' });

    write(ALL, CAUGHT_UP);
    const back = await deployed();
    expect(back).toMatchObject({
      [ALL]: { action: 'unpause', backfill: expect.any(String) },
      [DAILY]: { action: 'unchanged' },
    });
    expect((await schedule(ALL).describe()).state.paused).toBe(false);
    expect((await schedule(DAILY).describe()).state).toEqual({ paused: true, note: 'the lake is down' });
    const backfill = client.workflow.getHandle(back[ALL]?.backfill ?? '');
    expect(await backfill.result()).toMatchObject({ outcome: 'nothing-to-do', counts: { skipped: 2 } });

    expect(await goOn()).toMatchObject({
      state: 'running',
      catchUp: { kind: 'all', count: 2 },
      backfill: back[ALL]?.backfill,
    });
  });

  it('removes with --prune what no file has any more', async () => {
    rmSync(join(folder, `${ALL}.ts`));
    expect(actions(await deployed('--prune'))).toMatchObject({ [ALL]: 'remove', [YEARLY]: 'unchanged' });
    await expect(client.schedule.getHandle(`dag/${ALL}`).describe()).rejects.toThrow(ScheduleNotFoundError);
    expect(Object.keys(await states())).toEqual([HAND, DAILY, YEARLY]);
  });
});
