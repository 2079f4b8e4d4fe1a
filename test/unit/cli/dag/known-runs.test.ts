import { expect, it } from '@jest/globals';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { knownRuns, runsInTemporal } from '../../../../cli/dag/known-runs.ts';
import { dagRunId } from '../../../../workflows/dag-messages.ts';

const interval = { start: '2026-11-24T00:00:00Z', end: '2026-11-25T00:00:00Z' };
const ID = dagRunId('d', interval.end);

/** A Temporal that knows one run, of this status by its number and by its name, that nobody answers for. */
function clientOf(status: number, name: string): Client {
  const getHandle = (workflowId: string) => ({
    describe: async () => {
      if (workflowId !== ID) throw new WorkflowNotFoundError('no', workflowId, undefined);
      return { status: { name } };
    },
  });
  const listWorkflowExecutions = async () => ({
    executions: [{ execution: { workflowId: ID, runId: 'r' }, status }],
    nextPageToken: null,
  });
  return { workflow: { getHandle }, workflowService: { listWorkflowExecutions } } as unknown as Client;
}

it.each([
  [1, 'RUNNING', { open: { workflowId: ID, state: 'running' } }],
  [8, 'PAUSED', { open: { workflowId: ID, state: 'running' } }],
  [99, 'UNKNOWN', { open: { workflowId: ID, state: 'running' } }],
  [3, 'FAILED', { ended: { workflowId: ID, runId: 'r', state: 'failed' } }],
  [5, 'TERMINATED', { ended: { workflowId: ID, runId: 'r', state: 'cancelled' } }],
])('the run of an interval, of the status %s (%s)', async (status, name, known) => {
  const temporal = { client: clientOf(status, name), address: 'a', namespace: 'ferry', close: async () => {} };
  const sources = { temporal, signal: new AbortController().signal };
  const runs = await knownRuns('d', [interval], await runsInTemporal(temporal, 'd'), sources);
  expect(runs).toEqual([{ interval, records: [], ...known }]);
});
