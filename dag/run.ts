import type { DagSpec, DataInterval, Json, RunContext, RunType } from './spec.ts';

/**
 * What starts the workflow `runDag`, as little as {"dag": "orders_daily"}. Either `dag`, the name of a DAG that the
 * worker's configuration lists, or `spec`, with the signature that `ferry dag deploy` gave it.
 */
export type RunDagInput = {
  readonly dag?: string;
  readonly spec?: DagSpec;
  readonly signature?: string;
  readonly params?: Readonly<Record<string, Json>>;
  /** The interval, or its start; left out: the one whose schedule fired, else the last complete one. */
  readonly interval?: string | DataInterval;
  /** Runs an interval that has succeeded already once more. */
  readonly rerun?: boolean;
  readonly runType?: RunType;
  readonly continued?: ContinuedRun;
};

/** Tasks that an earlier run of the same interval has finished: what clearing tasks of a closed run starts a new one with. */
export type ContinuedRun = {
  readonly from: RunRef;
  /** Those that succeeded are taken over; everything else is decided anew. */
  readonly tasks: readonly FinishedTask[];
  /** Of the tasks taken over, those to run again. */
  readonly clear?: ClearInput;
};

export type FinishedTask = TaskProgress & { readonly taskId: string; readonly xcom?: Json };

/** Which tasks to run again; `downstream` (the default) takes with them all that depend on them. */
export type ClearInput = { readonly tasks: readonly string[]; readonly downstream?: boolean };

/** A run by its workflow id and its key, the run id of its first execution, which continue-as-new and reset keep. */
export type RunRef = { readonly workflowId: string; readonly runKey: string };

/** What `runDag` is told by Temporal; handed to the first activity. */
export type DagRunIdentity = RunRef & {
  readonly runId: string;
  /** When the workflow started: the "now" of the last complete interval. RFC 3339, UTC. */
  readonly startedAt: string;
  /** The search attribute TemporalScheduledStartTime: the nominal time of a schedule. RFC 3339, UTC. */
  readonly scheduledFor?: string;
};

/** All that a run goes by; in history, so that nothing later reads configuration or a DAG file. */
export type ResolvedDagRun = RunRef & {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly uiUrl?: string;
  readonly spec: DagSpec;
  /** `context.runId` is the workflow id. Interval times carry no fractions of a second where they have none. */
  readonly context: RunContext;
  readonly rerun: boolean;
  /** The cluster whose control root keeps the run memory; left out: this DAG's runs are not remembered. */
  readonly home?: string;
};

/**
 * Airflow's states. none: its rule does not hold yet; scheduled: it holds, and maxActiveTasks or a pause keeps the task
 * back. cancelled: not ended when its run was cancelled.
 */
export type TaskState =
  | 'none'
  | 'scheduled'
  | 'running'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'upstream_failed'
  | 'cancelled';

/** Where the scheduler sees a task: its state and, once it is mapped, those of its instances by map index. */
export type TaskProgress = {
  readonly state: TaskState;
  /** Of a task with `expand`, once its rule holds. */
  readonly instances?: readonly TaskState[];
  /** The length of its XCom where that is a list. */
  readonly items?: number;
  /** The tasks that a branch or short circuit has skipped, whatever their rule says. */
  readonly skips?: readonly string[];
  /** Of a task that ended without having been started: why, where its state does not say it. */
  readonly reason?: string;
};

/** `code`: of errors/codes.ts, or the type of a user's own failure. At most 500 characters of its message. */
export type TaskFailure = { readonly code: string; readonly message: string };

/** One instance of a task as people see it. */
export type TaskInstance = {
  readonly taskId: string;
  readonly mapIndex?: number;
  readonly state: TaskState;
  /** From 1; 0: not started. */
  readonly tries: number;
  /** Set between two tries: when the next one starts. */
  readonly nextTryAt?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly failure?: TaskFailure;
  /** The workflow of a syncTable task. */
  readonly child?: { readonly workflowId: string; readonly runId?: string };
  /** The steps of a syncTable task, in order. */
  readonly steps?: readonly TaskStep[];
};

export type TaskStep = { readonly step: string; readonly state: string; readonly text: string };

/**
 * queued: waits for a slot of its DAG's gate. waiting: ended with failed tasks, kept open for `clear` by onFailure 'wait'.
 */
export type DagRunPhase = 'queued' | 'running' | 'paused' | 'waiting' | 'ended';

/** The answer of the query `state`: the grid as data. */
export type DagRunView = {
  readonly schemaVersion: 1;
  readonly dagId: string;
  readonly workflowId: string;
  readonly runType: RunType;
  readonly interval: DataInterval;
  readonly params: Readonly<Record<string, Json>>;
  readonly phase: DagRunPhase;
  /** In the order of the spec; a mapped task has one row an instance once it is mapped. */
  readonly tasks: readonly (TaskInstance & { readonly operator: string; readonly upstream: readonly string[] })[];
  readonly outcome?: DagRunOutcome;
};

/** nothing-to-do: the interval has succeeded already, or another run is at it; `other` names that run. */
export type DagRunOutcomeKind = 'success' | 'failed' | 'nothing-to-do' | 'cancelled';

/** The result of a run: what `runDag` returns, or carries as details[0] of its failure. */
export type DagRunOutcome = {
  readonly schemaVersion: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly uiUrl?: string;
  readonly dagId: string;
  readonly runType: RunType;
  readonly interval: DataInterval;
  readonly outcome: DagRunOutcomeKind;
  readonly other?: OtherRun;
  /** Instances by state; states that none is in are left out. */
  readonly tasks: Readonly<Partial<Record<TaskState, number>>>;
  /** At most 100. */
  readonly failures: readonly (TaskFailure & { readonly taskId: string; readonly mapIndex?: number })[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
};

export type OtherRun = {
  readonly state: 'running' | 'succeeded';
  readonly workflowId: string;
  readonly runId?: string;
  readonly endedAt?: string;
};

/** What the run memory keeps of a run. */
export type DagRunRecord = {
  readonly outcome: DagRunOutcome;
  /** In the order of the spec; of a mapped task its instances by state. */
  readonly tasks: readonly {
    readonly taskId: string;
    readonly state: TaskState;
    readonly instances?: Readonly<Partial<Record<TaskState, number>>>;
  }[];
};

/** Starts the workflow `backfillDag`: every interval that starts in [from, to], both inclusive. */
export type BackfillDagInput = {
  readonly dag?: string;
  readonly spec?: DagSpec;
  readonly signature?: string;
  readonly params?: Readonly<Record<string, Json>>;
  readonly from: string;
  readonly to: string;
  /** Runs at a time; 3 where it is left out. The DAG's maxActiveRuns holds besides. */
  readonly maxActive?: number;
  /** Left out: an interval that ran is reported only. failed: those that did not succeed run again; all: every one. */
  readonly rerun?: 'failed' | 'all';
  /** The newest interval first. */
  readonly reverse?: boolean;
};

/** What became of one interval of a backfill. `skipped`: it was not started, and `reason` says why. */
export type BackfillInterval = {
  readonly interval: DataInterval;
  readonly state: 'running' | 'skipped' | DagRunOutcomeKind;
  readonly workflowId?: string;
  readonly reason?: string;
};

/** The result of `backfillDag`, and the answer of its query `progress`. */
export type BackfillOutcome = {
  readonly schemaVersion: 1;
  readonly dagId: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: 'running' | 'complete' | 'partial' | 'failed' | 'nothing-to-do' | 'cancelled';
  /** Of all intervals, also of those that were not come to yet. */
  readonly total: number;
  /** Intervals by state; one that was not come to is in none. */
  readonly counts: Readonly<Partial<Record<BackfillInterval['state'], number>>>;
  /** In the order of the backfill; of more than 200 those that run or failed, then the latest others. */
  readonly intervals: readonly BackfillInterval[];
};
