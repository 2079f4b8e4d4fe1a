import type { IntervalRow } from '../../../../cli/dag/interval-row.ts';
import type { DagRunOutcome, DagRunRecord, DagRunView, TaskInstance } from '../../../../dag/run.ts';
import type { DataInterval } from '../../../../dag/spec.ts';

/** The day of November 2026 as an interval. */
export function day(of: number): DataInterval {
  const text = (date: number) => new Date(Date.UTC(2026, 10, date)).toISOString().replace('.000Z', 'Z');
  return { start: text(of), end: text(of + 1) };
}

export function outcome(over: Partial<DagRunOutcome> = {}): DagRunOutcome {
  return {
    schemaVersion: 1,
    workflowId: 'dag/orders_daily-2026-11-02T00:00:00Z',
    runId: 'run-1',
    dagId: 'orders_daily',
    runType: 'manual',
    interval: day(1),
    outcome: 'success',
    tasks: { success: 2 },
    failures: [],
    startedAt: '2026-11-02T00:00:00.000Z',
    endedAt: '2026-11-02T00:01:05.000Z',
    seconds: 65,
    ...over,
  };
}

export function record(over: Partial<DagRunOutcome>, tasks: DagRunRecord['tasks'] = []): DagRunRecord {
  return { outcome: outcome(over), tasks };
}

export function task(
  taskId: string,
  state: TaskInstance['state'],
  over: Partial<TaskInstance> = {},
): DagRunView['tasks'][number] {
  return { taskId, state, tries: 1, operator: 'syncTable', upstream: [], ...over };
}

export function view(tasks: DagRunView['tasks'], over: Partial<DagRunView> = {}): DagRunView {
  return {
    schemaVersion: 1,
    dagId: 'orders_daily',
    workflowId: 'dag/orders_daily-2026-11-02T00:00:00Z',
    runType: 'manual',
    interval: day(1),
    params: {},
    phase: 'running',
    tasks,
    ...over,
  };
}

/** A row whose tasks are given as 'arrived=success orders=failed'. */
export function row(of: number, state: IntervalRow['state'], tasks = ''): IntervalRow {
  const states = tasks.split(' ').flatMap((pair) => {
    const [taskId = '', taskState = ''] = pair.split('=');
    return taskId === '' ? [] : [{ taskId, state: taskState as TaskInstance['state'] }];
  });
  return { interval: day(of), state, ...(states.length === 0 ? {} : { tasks: states }) };
}
