import { expect, it } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { endForsakenGate } from '../../../activities/forsaken-gate.ts';
import { temporalRuns } from '../../../activities/temporal-runs.ts';

type Described = { readonly status: string; readonly runId?: string; readonly taskQueue?: string } | Error;

/** A worker's Temporal that knows one execution, whose task queue nobody asks; `ended`: the runs that were terminated. */
function contextOf(known: Described): { readonly context: Context; readonly ended: string[] } {
  const ended: string[] = [];
  const getHandle = (workflowId: string, runId?: string) => ({
    describe: async () => {
      if (known instanceof Error) throw known;
      const { status, runId: latest = 'k', taskQueue = 'left' } = known;
      return {
        status: { name: status },
        runId: latest,
        taskQueue,
        raw: { workflowExecutionInfo: { firstRunId: 'k' } },
      };
    },
    terminate: async () => void ended.push(`${workflowId} ${runId}`),
  });
  const workflowService = { describeTaskQueue: async () => ({ pollers: [] }) };
  const client = { workflow: { getHandle }, workflowService, options: { namespace: 'ferry' } };
  return { context: { client, info: { taskQueue: 'served' } } as unknown as Context, ended };
}

const stateOf = (known: Described) =>
  temporalRuns(contextOf(known).context).stateOf({ workflowId: 'w', runKey: 'k' }, new AbortController().signal);

it.each([
  ['RUNNING', 'open'],
  ['PAUSED', 'open'],
  ['UNKNOWN', 'open'],
  ['COMPLETED', 'closed'],
  ['TERMINATED', 'closed'],
])('a run whose status is %s is %s', async (status, state) => {
  expect(await stateOf({ status })).toBe(state);
});

it('a run that Temporal does not know is unknown; silence is an error', async () => {
  expect(await stateOf(new WorkflowNotFoundError('gone', 'w', 'k'))).toBe('unknown');
  await expect(stateOf(new ServiceError('14 UNAVAILABLE'))).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

it.each([
  ['RUNNING', 'left', 'left'],
  ['PAUSED', 'left', 'left'],
  ['RUNNING', 'served', undefined],
  ['COMPLETED', 'left', undefined],
])('a gate whose status is %s, on the queue "%s", is ended: %s', async (status, taskQueue, left) => {
  const { context, ended } = contextOf({ status, taskQueue });
  expect(await endForsakenGate(context, 'gate/x')).toBe(left);
  expect(ended).toEqual(left === undefined ? [] : ['gate/x k']);
});
