import { Context } from '@temporalio/activity';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { SyncActivities } from '../../activities/activities.ts';
import { temporalTestServerBinary } from '../../lab/temporal-binary.ts';
import { workflowsPath } from '../../workers/bundle.ts';
import { type Played, play, type Script } from './fake-activities.ts';

export const TASK_QUEUE = 'test';
/** Histories are kept; the machine they were recorded on is nobody's business. */
const IDENTITY = 'test';
export const COPY_QUEUE = 'test-copies';

/** A time-skipping server and workers that play the script a run was started with. */
export type Stage = {
  readonly environment: TestWorkflowEnvironment;
  /** Starts syncTable over activities that follow the script. */
  start(script: Script, input?: unknown): Promise<{ readonly played: Played; readonly handle: Handle }>;
  close(): Promise<void>;
};

export type Handle = Awaited<ReturnType<TestWorkflowEnvironment['client']['workflow']['start']>>;

let quiet = false;

/** Only what is wrong is told; a failed activity is told on every attempt, which these tests cause on purpose. Once a process. */
export function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
}

export async function bundle(): Promise<WorkflowBundle> {
  return await bundleWorkflowCode({ workflowsPath: workflowsPath(), logger: new DefaultLogger('ERROR') });
}

export async function openStage(): Promise<Stage> {
  quietRuntime();
  const [path, workflowBundle] = await Promise.all([temporalTestServerBinary(), bundle()]);
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { identity: IDENTITY },
  });
  const plays = new Map<string, Played>();
  const activities = Object.fromEntries(
    (Object.keys(play({}).activities) as (keyof SyncActivities)[]).map((name) => [
      name,
      (input: never) => plays.get(Context.current().info.workflowExecution?.workflowId ?? '')?.activities[name](input),
    ]),
  );
  const shared = {
    identity: IDENTITY,
    connection: environment.nativeConnection,
    activities,
    maxHeartbeatThrottleInterval: '50ms',
  };
  const workers = [
    await Worker.create({ ...shared, taskQueue: TASK_QUEUE, workflowBundle }),
    await Worker.create({ ...shared, taskQueue: COPY_QUEUE }),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    environment,
    async start(script, input = { table: 'sales.orders', source: 'a', target: 'b' }) {
      const played = play(script);
      const workflowId = `sync/b/sales.orders/${plays.size + 1}`;
      plays.set(workflowId, played);
      const options = { args: [input], taskQueue: TASK_QUEUE, workflowId };
      return { played, handle: await environment.client.workflow.start('syncTable', options) };
    },
    async close() {
      for (const worker of workers) worker.shutdown();
      await running;
      await environment.teardown();
    },
  };
}
