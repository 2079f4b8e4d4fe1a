import { Context } from '@temporalio/activity';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { SyncActivities } from '../../activities/activities.ts';
import { temporalTestServerBinary } from '../../lab/temporal-binary.ts';
import { play } from './fake-activities.ts';
import { FakeDagWorld } from './fake-dag-activities.ts';
import { bundle, type Handle, quietRuntime } from './test-environment.ts';

const TASK_QUEUE = 'test';
const IDENTITY = 'test';

/** A time-skipping server and a worker with the workflows of DAGs over activities that do what a test says. */
export type DagStage = {
  readonly environment: TestWorkflowEnvironment;
  readonly world: FakeDagWorld;
  start(workflow: 'runDag' | 'backfillDag', workflowId: string, input: unknown): Promise<Handle>;
  /** Ends the worker without waiting for what it is at, and starts another one. Of a stage that caches nothing. */
  replaceWorker(): Promise<void>;
  close(): Promise<void>;
};

/**
 * `cached: false` for workers that are to be lost: the test server never takes a task back from the queue that a worker's
 * cache has. Such a worker replays the history at every step; and the test server hands updates to it that come amid that.
 */
export async function openDagStage({ cached = true, open = timeSkipping } = {}): Promise<DagStage> {
  quietRuntime();
  const [environment, workflowBundle] = await Promise.all([open(), bundle()]);
  const world = new FakeDagWorld(environment.client);
  const activities = { ...syncActivities(), ...world.activities(), stubborn: () => stubborn(world) };
  const { nativeConnection: connection, client } = environment;
  const work = async () => {
    const worker = await Worker.create({
      connection,
      identity: IDENTITY,
      taskQueue: TASK_QUEUE,
      workflowBundle,
      activities,
      maxHeartbeatThrottleInterval: '50ms',
      ...(cached ? {} : { maxCachedWorkflows: 0 }),
      shutdownGraceTime: 0,
    });
    return { worker, running: worker.run() };
  };
  let current = await work();
  const end = async () => {
    current.worker.shutdown();
    await current.running;
  };
  return {
    environment,
    world,
    async start(workflow, workflowId, input) {
      return await client.workflow.start(workflow, { args: [input], taskQueue: TASK_QUEUE, workflowId });
    },
    async replaceWorker() {
      await end();
      current = await work();
    },
    async close() {
      world.held.clear();
      await end();
      await environment.teardown();
    },
  };
}

async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: await temporalTestServerBinary() } as const;
  return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable }, client: { identity: IDENTITY } });
}

/** A sync goes well, but that of a table `hanging`, which loads until it is cancelled. */
function syncActivities(): SyncActivities {
  const well = play({}).activities;
  const hanging = play({ loads: { 'load-2': 'until-cancelled' } }).activities;
  return {
    ...well,
    loadNode: (input) => (input.spec.source.table === 'hanging' ? hanging : well).loadNode(input),
  };
}

/** Goes on, cancelled or not, until it is taken out of the held ones. */
async function stubborn(world: FakeDagWorld): Promise<void> {
  while (world.held.has('stubborn')) {
    Context.current().heartbeat();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const PATIENCE = 50_000;

/** Waits, in real time, until something holds; throws when it does not come to hold. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`this has not come to hold: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
