import { countStates } from '../../dag/grid.ts';
import type { DagRunOutcome, DagRunRecord, DagRunView, TaskState } from '../../dag/run.ts';
import { runThatCounts } from '../../dag/run-memory.ts';
import type { DataInterval } from '../../dag/spec.ts';

/** Where an interval stands. unknown: neither the run memory nor Temporal knows a run of it. */
export type IntervalState =
  | 'queued'
  | 'running'
  | 'paused'
  | 'waiting'
  | 'success'
  | 'failed'
  | 'cancelled'
  | 'unknown';

/** One interval of a DAG, as `ferry dag runs` shows it. */
export type IntervalRow = {
  readonly interval: DataInterval;
  readonly state: IntervalState;
  readonly workflowId?: string;
  readonly runId?: string;
  /** Left out where only the state of the run is known. */
  readonly tasks?: readonly { readonly taskId: string; readonly state: TaskState }[];
  /** Of a run that failed, what it said of its tasks. */
  readonly failures?: DagRunOutcome['failures'];
};

/** A run that goes on. `view`: what it says of itself, where a worker was there to ask. */
export type OpenRun = {
  readonly workflowId: string;
  readonly state: 'queued' | 'running' | 'waiting';
  readonly view?: DagRunView;
};

/** All that is known of the runs of one interval. */
export type KnownRuns = {
  readonly interval: DataInterval;
  readonly open?: OpenRun;
  /** Of the run memory. */
  readonly records: readonly DagRunRecord[];
  /** The latest run of the interval's own workflow id that Temporal still knows, and that has ended. */
  readonly ended?: { readonly workflowId: string; readonly runId: string; readonly state: EndedState };
};

export type EndedState = Extract<IntervalState, 'success' | 'failed' | 'cancelled'>;

/** What an interval shows: the run that goes on; else what the run memory holds; else what Temporal has left. */
export function intervalRow({ interval, open, records, ended }: KnownRuns): IntervalRow {
  if (open !== undefined) {
    const { workflowId, state, view } = open;
    if (view === undefined || view.phase === 'ended') return { interval, state, workflowId };
    return { interval, state: view.phase, workflowId, tasks: tasksOf(view) };
  }
  const counts = runThatCounts(records.map(({ outcome }) => outcome));
  if (counts !== undefined) {
    const { workflowId, runId, outcome: state } = counts;
    const record = records.find(({ outcome }) => outcome.runId === runId);
    const failures = state === 'failed' ? record?.outcome.failures : undefined;
    return {
      interval,
      state,
      workflowId,
      runId,
      ...(record === undefined ? {} : { tasks: record.tasks.map(({ taskId, state: of }) => ({ taskId, state: of })) }),
      ...(failures === undefined ? {} : { failures }),
    };
  }
  if (ended === undefined) return { interval, state: 'unknown' };
  return { interval, ...ended };
}

/** A mapped task is in the state of its instances that needs a look first. */
function tasksOf({ tasks }: DagRunView): IntervalRow['tasks'] {
  const ids = [...new Set(tasks.map(({ taskId }) => taskId))];
  return ids.map((taskId) => {
    const [first] = countStates(tasks.filter((task) => task.taskId === taskId));
    return { taskId, state: first?.[0] ?? 'none' };
  });
}
