import { describe, expect, it } from '@jest/globals';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { startOrFind } from '../../../cli/start-or-find.ts';

/** A Temporal in which the id is taken for as long as `statuses` last; `calls`: what it was asked, in order. */
function clientOf(statuses: readonly string[]): { readonly client: Client; readonly calls: string[] } {
  const calls: string[] = [];
  const left = [...statuses];
  const getHandle = (workflowId: string, runId?: string, { firstExecutionRunId = '' } = {}) => ({
    workflowId,
    runId,
    describe: async () => {
      const name = left.shift();
      calls.push(`describe: ${name}`);
      return {
        workflowId,
        runId: 'r2',
        memo: {},
        status: { name },
        raw: { workflowExecutionInfo: { firstRunId: 'r1' } },
      };
    },
    cancel: async () => void calls.push(`cancel: ${runId ?? `what began as ${firstExecutionRunId}`}`),
  });
  const start = async (type: string, { workflowId }: { workflowId: string }) => {
    calls.push('start');
    if (left.length > 0) throw new WorkflowExecutionAlreadyStartedError('taken', workflowId, type);
    return { workflowId, firstExecutionRunId: 'r9' };
  };
  return { client: { workflow: { start, getHandle } } as unknown as Client, calls };
}

const OPTIONS = { workflowId: 'w', taskQueue: 'q', args: [] };

describe('startOrFind', () => {
  it.each(['RUNNING', 'PAUSED', 'UNKNOWN'])('finds the run that goes on: %s', async (status) => {
    const { client, calls } = clientOf([status]);
    expect(await startOrFind(client, 'syncTable', OPTIONS)).toMatchObject({ kind: 'found', runId: 'r2' });
    expect(calls).toEqual(['start', `describe: ${status}`]);
  });

  it('starts another one after a run that ended meanwhile, and does not press the server', async () => {
    const { client, calls } = clientOf(['COMPLETED', 'TERMINATED']);
    const from = performance.now();
    expect(await startOrFind(client, 'syncTable', OPTIONS)).toMatchObject({ kind: 'started', runId: 'r9' });
    expect(calls).toEqual(['start', 'describe: COMPLETED', 'start', 'describe: TERMINATED', 'start']);
    expect(performance.now() - from).toBeGreaterThan(300);
  });

  it('gives a handle that cancels what the run continues as', async () => {
    const { client, calls } = clientOf(['RUNNING']);
    await (await startOrFind(client, 'runDag', OPTIONS)).handle.cancel();
    expect(calls.at(-1)).toBe('cancel: what began as r1');
  });
});
