import type { DagRunRecord } from '../../../dag/run.ts';

/** What is remembered of a run that succeeded, but for what is said otherwise. */
export function dagRunRecord(over: Partial<DagRunRecord['outcome']>): DagRunRecord {
  const at = '2026-11-25T03:00:00Z';
  return {
    outcome: {
      schemaVersion: 1,
      workflowId: 'dag/orders_daily-2026-11-25T03:00:00Z',
      runId: 'run',
      dagId: 'orders_daily',
      runType: 'scheduled',
      interval: { start: '2026-11-24T03:00:00Z', end: at },
      outcome: 'success',
      tasks: {},
      failures: [],
      startedAt: at,
      endedAt: at,
      seconds: 0,
      ...over,
    },
    tasks: [],
  };
}
