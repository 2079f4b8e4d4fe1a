import { expect, it } from '@jest/globals';
import { type Health, healthOf, type WorkerAtWork } from '../../../workers/health.ts';

const RUNNING: WorkerAtWork = {
  taskQueue: 'hive-ferry',
  workflows: true,
  runState: 'RUNNING',
  workflowPollerState: 'POLLING',
  activityPollerState: 'POLLING',
  numInFlightActivities: 2,
};
/** As the SDK tells of a worker that takes no workflow tasks. */
const COPIES: WorkerAtWork = { ...RUNNING, taskQueue: 'copies', workflows: false, workflowPollerState: 'SHUTDOWN' };

it.each<[Health['status'], string, readonly WorkerAtWork[]]>([
  ['starting', 'there is no worker yet', []],
  ['starting', 'it has not begun', [{ ...RUNNING, runState: 'INITIALIZED' }]],
  ['running', 'it takes work', [RUNNING]],
  ['running', 'its copy queue has activities only', [RUNNING, COPIES]],
  ['failed', 'its workflow poller has ended', [{ ...RUNNING, workflowPollerState: 'SHUTDOWN' }]],
  ['failed', 'its activity poller has failed', [{ ...RUNNING, activityPollerState: 'FAILED' }]],
  ['failed', 'the copy queue is not served', [RUNNING, { ...COPIES, activityPollerState: 'SHUTDOWN' }]],
  ['failed', 'it failed', [{ ...RUNNING, runState: 'FAILED' }]],
  ['draining', 'it was told to stop', [{ ...RUNNING, runState: 'STOPPING', activityPollerState: 'SHUTDOWN' }]],
  ['draining', 'what is in hand goes on', [{ ...RUNNING, runState: 'DRAINING' }]],
  ['draining', 'its queues end one after the other', [{ ...RUNNING, runState: 'DRAINED' }, COPIES]],
  ['stopped', 'it has ended', [{ ...RUNNING, runState: 'STOPPED' }]],
])('%s: %s', (status, _, workers) => {
  expect(healthOf(workers).status).toBe(status);
});

it('tells each worker, with the workflow poller where it has one', () => {
  expect(healthOf([RUNNING, COPIES]).workers).toEqual([
    { taskQueue: 'hive-ferry', state: 'RUNNING', activityPoller: 'POLLING', workflowPoller: 'POLLING', activities: 2 },
    { taskQueue: 'copies', state: 'RUNNING', activityPoller: 'POLLING', activities: 2 },
  ]);
});
