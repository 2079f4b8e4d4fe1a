import { describe, expect, it } from '@jest/globals';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { findRunning, isOfTable } from '../../../cli/find-run.ts';
import { statusOf } from '../../../cli/list-runs.ts';
import type { TemporalClient } from '../../../cli/temporal-client.ts';

const ID = 'sync/b/lake.o/0123456789ab';

/** A Temporal that knows one run, of this status, and lists it where it lists what is open. */
function temporalOf(name: string): { readonly temporal: TemporalClient; readonly queries: string[] } {
  const queries: string[] = [];
  const getHandle = (workflowId: string) => ({
    describe: async () => {
      if (workflowId !== ID) throw new WorkflowNotFoundError('no', workflowId, undefined);
      return { workflowId, runId: 'r', type: 'syncTable', status: { name } };
    },
  });
  const listWorkflowExecutions = async ({ query }: { query: string }) => {
    queries.push(query);
    return { executions: [{ execution: { workflowId: ID } }], nextPageToken: null };
  };
  const client = {
    workflow: { getHandle },
    workflowService: { listWorkflowExecutions },
    options: { loadedDataConverter: { payloadCodecs: [] } },
  };
  const temporal = { client: client as unknown as Client, address: 'a', namespace: 'ferry', close: async () => {} };
  return { temporal, queries };
}

describe('a run that goes on', () => {
  it.each(['RUNNING', 'PAUSED', 'UNKNOWN'])('is found by its id: %s', async (status) => {
    expect(await findRunning(temporalOf(status).temporal, ID)).toMatchObject({ workflowId: ID });
  });

  it.each(['COMPLETED', 'CANCELLED', 'TIMED_OUT'])('is not one that is %s', async (status) => {
    const message = `${ID} has ended: ${status.toLowerCase()}.`;
    await expect(findRunning(temporalOf(status).temporal, ID)).rejects.toMatchObject({ code: 'RUN_CLOSED', message });
  });

  it('is asked for by its table as one that is not closed, paused by Temporal or not', async () => {
    const { temporal, queries } = temporalOf('PAUSED');
    expect(await findRunning(temporal, 'lake.o')).toMatchObject({ workflowId: ID });
    expect(queries).toEqual(["WorkflowType = 'syncTable' AND CloseTime IS NULL"]);
  });

  it.each([
    [1, 'RUNNING'],
    [7, 'TIMED_OUT'],
    [8, 'PAUSED'],
    [99, 'UNKNOWN'],
  ])('is listed by the number of its status: %s, %s', (status, name) => {
    expect(statusOf({ status } as Parameters<typeof statusOf>[0])).toBe(name);
  });
});

describe('a run is found by its table', () => {
  const memo = { 'hive-ferry.spec': { table: 'sales.orders', source: 'a', target: { cluster: 'b', table: 'lake.o' } } };

  it.each<[string, { workflowId: string; memo?: Record<string, unknown> }, string, boolean]>([
    ['the target table in its id', { workflowId: 'sync/b/lake.o/0123456789ab' }, 'lake.o', true],
    ['another table', { workflowId: 'sync/b/lake.o/0123456789ab' }, 'lake.other', false],
    ['a table that only begins alike', { workflowId: 'sync/b/lake.o_2/0123456789ab' }, 'lake.o', false],
    ['the target table of its memo', { workflowId: 'by hand', memo }, 'lake.o', true],
    ['the source table of its memo', { workflowId: 'sync/b/lake.o/0123456789ab', memo }, 'sales.orders', true],
    ['an id of another kind', { workflowId: 'dag/b/lake.o/1' }, 'lake.o', false],
  ])('%s', (_, run, table, found) => {
    expect(isOfTable(run, table)).toBe(found);
  });
});
