import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalBinary } from '../../lab/temporal-binary.ts';
import type { Script } from '../workflow/fake-activities.ts';
import { endOf, untilStarted } from '../workflow/run-end.ts';
import { type Handle, TASK_QUEUE } from '../workflow/test-environment.ts';

const SCRIPTED_WORKER = new URL('scripted-worker.ts', import.meta.url).pathname;

/**
 * Plays a sync whose worker gets SIGKILL while it loads, and that another worker takes up when the heartbeats of the load have
 * run out. On a real server, since the time-skipping one takes no task back from the queue of a dead worker's cache.
 */
export async function withKilledRun(keep: (handle: Handle, ended: string) => Promise<void>): Promise<void> {
  const executable = { type: 'existing-path', path: await temporalBinary() } as const;
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable },
    client: { identity: 'test' },
  });
  const work = (script: Script) => {
    const args = ['--import', 'tsx', SCRIPTED_WORKER, environment.address, TASK_QUEUE, JSON.stringify(script)];
    return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  };
  let worker = work({ loads: { 'load-2': 'until-cancelled' } });
  try {
    const handle: Handle = await environment.client.workflow.start('syncTable', {
      args: [{ table: 'sales.orders', source: 'a', target: 'b' }],
      taskQueue: TASK_QUEUE,
      workflowId: 'sync/b/sales.orders/killed',
    });
    await untilStarted(handle, 'load-2');
    await kill(worker);
    // Its activities know nothing of what the first worker loaded.
    worker = work({ outcome: { outcome: 'complete' } });
    const { kind } = await endOf(handle);
    await keep(handle, kind);
  } finally {
    await kill(worker);
    await environment.teardown();
  }
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill('SIGKILL');
  await exited;
}
