import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { ServiceError, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { cancelRun, endedOfItself, exitOfCancel } from '../../../cli/cancel-run.ts';
import { cancelSync } from '../../../cli/sync-run.ts';
import type { TemporalClient } from '../../../cli/temporal-client.ts';
import { terminal } from '../../../cli/terminal.ts';

type Fake = {
  readonly cancel?: Error;
  readonly terminate?: Error;
  /** After the cancellation. */
  readonly status?: string;
  readonly historyLength?: number;
  /** As the server tells it. */
  readonly firstRunId?: string;
};

const described = ({ status = 'RUNNING', historyLength = 9, firstRunId = 'r2' }: Fake) =>
  ({
    workflowId: 'w',
    runId: 'r2',
    status: { name: status },
    historyLength,
    raw: { workflowExecutionInfo: { firstRunId } },
  }) as unknown as WorkflowExecutionDescription;

/** A Temporal that knows one run, r2; `calls`: what was done to what. */
function temporalOf(fake: Fake): { readonly temporal: TemporalClient; readonly calls: string[] } {
  const calls: string[] = [];
  const getHandle = (workflowId: string, runId?: string, { firstExecutionRunId = '' } = {}) => {
    const which = runId ?? `from ${firstExecutionRunId}`;
    return {
      workflowId,
      describe: async () => described(fake),
      cancel: async () => {
        calls.push(`cancel ${which}`);
        if (fake.cancel !== undefined) throw fake.cancel;
      },
      terminate: async () => {
        calls.push(`terminate ${which}`);
        if (fake.terminate !== undefined) throw fake.terminate;
      },
    };
  };
  const client = { workflow: { getHandle } };
  const temporal = { client, address: 'localhost:7233', namespace: 'ferry', close: async () => {} };
  return { temporal: temporal as unknown as TemporalClient, calls };
}

/** What a command says on stderr. */
function listener() {
  const stream = new PassThrough();
  const err = { ...terminal(process.stderr), stream: stream as unknown as NodeJS.WriteStream };
  return { err, said: () => String(stream.read() ?? '') };
}

const ENDED = new WorkflowNotFoundError('workflow execution already completed', 'w', 'r2');

describe('cancelRun', () => {
  // Each waits to see what comes of it.
  it.concurrent.each<[string, Fake, string[]]>([
    ['the run, and what it continues as', { firstRunId: 'r1' }, ['cancel from r1']],
    ['the run alone, where the server does not tell the first one', { firstRunId: '' }, ['cancel r2']],
    ['one that no worker has taken', { historyLength: 3 }, ['cancel from r2', 'terminate from r2']],
    [
      'one that ends by itself before it is terminated',
      { historyLength: 3, terminate: ENDED },
      ['cancel from r2', 'terminate from r2'],
    ],
    ['one that workers had before it continued as new', { historyLength: 3, firstRunId: 'r1' }, ['cancel from r1']],
    ['one that has ended since', { historyLength: 3, status: 'CANCELLED' }, ['cancel from r2']],
  ])('%s', async (_, fake, done) => {
    const { temporal, calls } = temporalOf(fake);
    await cancelRun(temporal, described(fake), listener());
    expect(calls).toEqual(done);
  });

  it.each<[string, Fake, object]>([
    [
      'RUN_CLOSED of one that ended meanwhile, and how',
      { cancel: ENDED, status: 'COMPLETED' },
      { code: 'RUN_CLOSED', message: 'w has ended: completed.' },
    ],
    [
      'RUN_CLOSED where another run has the id by now',
      { cancel: ENDED, status: 'RUNNING' },
      { code: 'RUN_CLOSED', message: 'w has ended.' },
    ],
    [
      'UNREACHABLE of a Temporal that does not answer',
      { cancel: new ServiceError('x', { cause: new Error('14 UNAVAILABLE: no connection') }) },
      {
        code: 'UNREACHABLE',
        message:
          'w could not be cancelled (Temporal at localhost:7233, namespace ferry): 14 UNAVAILABLE: no connection',
      },
    ],
  ])('%s', async (_, fake, error) => {
    const { temporal } = temporalOf(fake);
    await expect(cancelRun(temporal, described({}), listener())).rejects.toMatchObject(error);
  });

  it.concurrent('says of one that Temporal has paused that it waits', async () => {
    const fake = { status: 'PAUSED' };
    const io = listener();
    const { status } = await cancelRun(temporalOf(fake).temporal, described(fake), io);
    expect(status.name).toBe('PAUSED');
    expect(io.said()).toMatch(/^Temporal has paused w; .* unpause --namespace ferry --workflow-id w\n$/);
  });

  it('says RUN_CLOSED by the handle alone too', async () => {
    const handle = temporalOf({ cancel: ENDED, status: 'FAILED' }).temporal.client.workflow.getHandle('w', 'r2');
    await expect(cancelSync(handle)).rejects.toMatchObject({ code: 'RUN_CLOSED', message: 'w has ended: failed.' });
  });
});

it.each([
  ['RUNNING', false],
  ['PAUSED', false],
  ['CANCELLED', false],
  ['TERMINATED', false],
  ['CONTINUED_AS_NEW', false],
  ['COMPLETED', true],
  ['FAILED', true],
  ['TIMED_OUT', true],
])('a cancelled run that is %s later has ended of itself: %s', (status, itself) => {
  expect(endedOfItself(described({ status }))).toBe(itself);
});

describe('the exit code of a run that was to be cancelled', () => {
  const NOT = (how: string) => `w was not cancelled: it ended before that took hold, ${how}.\n`;

  it.each<[string, number, number, string]>([
    ['cancelled', 5, 0, ''],
    ['whole', 0, 3, NOT('with all of it done')],
    ['failed', 1, 3, NOT('as failed')],
    ['in part', 2, 3, NOT('with some of it done')],
    ['refused', 3, 3, ''],
    ['nobody can tell', 4, 4, ''],
    ['left alone', 130, 130, ''],
  ])('%s: %s is %s', (_, ended, exit, said) => {
    const io = listener();
    expect([exitOfCancel(ended, 'w', io), io.said()]).toEqual([exit, said]);
  });
});
