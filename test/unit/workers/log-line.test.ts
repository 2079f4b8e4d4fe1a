import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { LogEntry } from '@temporalio/worker';
import { logLine } from '../../../workers/log-line.ts';

const ACTIVITY = {
  sdkComponent: 'activity',
  taskQueue: 'hive-ferry',
  isLocal: false,
  attempt: 2,
  namespace: 'default',
  taskToken: 'CiQwMWEyMTQ5Ni1mOWJi',
  activityId: 'load-3',
  activityType: 'loadNode',
  workflowId: 'sync/b/sales.orders/1',
  workflowRunId: 'run-1',
  workflowType: 'syncTable',
};

function entry(over: Partial<LogEntry>): LogEntry {
  const meta = { ...ACTIVITY, table: 'sales.orders', node: 3, partition: 'dt=2026-01-01', files: 1 };
  return { level: 'INFO', message: 'partition published', timestampNanos: 1_795_640_795_235_000_000n, meta, ...over };
}

describe('logLine', () => {
  it('writes a line of JSON with what a log is searched by', () => {
    expect(JSON.parse(logLine(entry({}), true) ?? '')).toEqual({
      time: '2026-11-25T21:06:35.235Z',
      level: 'INFO',
      message: 'partition published',
      taskQueue: 'hive-ferry',
      attempt: 2,
      activityId: 'load-3',
      workflowId: 'sync/b/sales.orders/1',
      runId: 'run-1',
      table: 'sales.orders',
      node: 3,
      partition: 'dt=2026-01-01',
      files: 1,
    });
  });

  it('writes a line for people', () => {
    expect(logLine(entry({}), false)).toBe(
      '2026-11-25T21:06:35.235Z INFO  partition published activityId=load-3 workflowId=sync/b/sales.orders/1 table=sales.orders node=3 partition=dt=2026-01-01 files=1',
    );
  });

  it('tells an error by its code and message, on one line', () => {
    const error = ApplicationFailure.nonRetryable('the quota is exceeded\nRaise it.', 'QUOTA_EXCEEDED');
    const failed = entry({ level: 'WARN', message: 'Activity failed', meta: { sdkComponent: 'worker', error } });
    expect(logLine(failed, false)).toBe(
      '2026-11-25T21:06:35.235Z WARN  Activity failed code=QUOTA_EXCEEDED error="the quota is exceeded\\nRaise it."',
    );
    expect(JSON.parse(logLine(failed, true) ?? '')).toMatchObject({ code: 'QUOTA_EXCEEDED', error: error.message });
  });

  it.each([
    ['of the worker', { sdkComponent: 'worker' }],
    ['of the SDK', undefined],
  ])('leaves out the talk %s of its own doings, and keeps its warnings', (_, meta) => {
    const talk = { message: 'Worker state changed', ...(meta === undefined ? { meta: {} } : { meta }) };
    expect(logLine(entry(talk), true)).toBeUndefined();
    expect(logLine(entry({ ...talk, level: 'ERROR' }), true)).toContain('Worker state changed');
  });
});
