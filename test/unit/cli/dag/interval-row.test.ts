import { describe, expect, it } from '@jest/globals';
import { intervalRow } from '../../../../cli/dag/interval-row.ts';
import { day, record, task, view } from './values.ts';

const interval = day(1);
const FAILED = record({ outcome: 'failed', runId: 'r1', endedAt: '2026-11-02T01:00:00.000Z' }, [
  { taskId: 'orders', state: 'failed', instances: { success: 3, failed: 1 } },
]);
const SUCCEEDED = record({ runId: 'r2', endedAt: '2026-11-02T02:00:00.000Z' }, [
  { taskId: 'orders', state: 'success' },
]);

describe('what an interval shows', () => {
  it('is unknown when nobody knows a run of it', () => {
    expect(intervalRow({ interval, records: [] })).toEqual({ interval, state: 'unknown' });
  });

  it('is the run that goes on, before all that has ended', () => {
    const tasks = [
      task('list', 'success'),
      task('each', 'success', { mapIndex: 0 }),
      task('each', 'running', { mapIndex: 1 }),
    ];
    const open = { workflowId: 'dag/x', state: 'running', view: view(tasks, { phase: 'paused' }) } as const;
    expect(intervalRow({ interval, open, records: [SUCCEEDED] })).toEqual({
      interval,
      state: 'paused',
      workflowId: 'dag/x',
      tasks: [
        { taskId: 'list', state: 'success' },
        { taskId: 'each', state: 'running' },
      ],
    });
  });

  it('is what the gate says of a run where no worker tells more', () => {
    const open = { workflowId: 'dag/x', state: 'waiting' } as const;
    expect(intervalRow({ interval, open, records: [FAILED] })).toEqual({ interval, ...open });
  });

  it('is the remembered run that counts, with its tasks', () => {
    const { workflowId } = SUCCEEDED.outcome;
    const both = intervalRow({ interval, records: [FAILED, SUCCEEDED] });
    expect(both).toEqual({ interval, state: 'success', workflowId, runId: 'r2', tasks: SUCCEEDED.tasks });
    expect(intervalRow({ interval, records: [FAILED] })).toEqual({
      interval,
      state: 'failed',
      workflowId,
      runId: 'r1',
      tasks: [{ taskId: 'orders', state: 'failed' }],
      failures: [],
    });
  });

  it('is what Temporal has left, where no memory knows better', () => {
    const ended = { workflowId: 'dag/x', runId: 'r', state: 'cancelled' } as const;
    expect(intervalRow({ interval, records: [], ended })).toEqual({ interval, ...ended });
    expect(intervalRow({ interval, records: [FAILED], ended }).state).toBe('failed');
  });
});
