import type { TriggerRule } from './trigger-rules.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A DAG once it is built: plain JSON of at most 256 KiB, which a run pins in its history. The words are Airflow's.
 * Texts in `input` fields are templates, rendered when their task starts; nothing else is.
 */
export type DagSpec = {
  readonly schemaVersion: 1;
  readonly dagId: string;
  readonly description?: string;
  /** A cron of five fields or a preset such as '@daily'; left out: runs are started by hand. */
  readonly schedule?: string;
  /** The IANA zone of the schedule and of `ds`. */
  readonly timezone: string;
  /** The first interval starts here or later: RFC 3339, UTC. */
  readonly startDate?: string;
  /** No interval starts after it: RFC 3339, UTC. */
  readonly endDate?: string;
  /** true: every interval since startDate is run; false: only the newest complete one. */
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  readonly maxActiveTasks: number;
  /** Defaults of `{{ params.x }}`; a run may give others of the same names. */
  readonly params: Readonly<Record<string, Json>>;
  readonly tags: readonly string[];
  /** What a failed task that nothing catches does to its run: 'fail' ends it, 'wait' keeps it open for `clear`. */
  readonly onFailure: 'fail' | 'wait';
  /** A user's activity that is told how the run ended. */
  readonly onEnd?: { readonly activity: string; readonly input: Json };
  /** In topological order; tasks of one rank sorted by id. */
  readonly tasks: readonly TaskSpec[];
};

export type TaskSpec = {
  readonly taskId: string;
  readonly action: Action;
  /** Task ids, sorted. */
  readonly upstream: readonly string[];
  readonly triggerRule: TriggerRule;
  /** Tries after the first one. */
  readonly retries: number;
  readonly retryDelaySeconds: number;
  /** The factor between two delays; 1: they stay the same. */
  readonly retryBackoff: number;
  readonly maxRetryDelaySeconds: number;
  /** For one try; left out: the action's own limits. */
  readonly executionTimeoutSeconds?: number;
  readonly expand?: Expand;
};

/** What a task does: start an activity, start a workflow, or choose among its downstream tasks. `operator` is the name users know. */
export type Action =
  | { readonly kind: 'activity'; readonly operator: string; readonly activity: string; readonly input: Json }
  | { readonly kind: 'workflow'; readonly operator: string; readonly workflow: 'syncTable'; readonly input: Json }
  | { readonly kind: 'choose'; readonly operator: 'branch' | 'shortCircuit'; readonly input: Json };

/**
 * Dynamic mapping: one instance of the task for each item of a list, literal or the XCom of an upstream task. Templates
 * see `item` and `map_index`. An empty list skips the task.
 */
export type Expand = { readonly over: readonly Json[] | { readonly xcom: string } };

/** [start, end) in RFC 3339, UTC: the data that a run is about. */
export type DataInterval = { readonly start: string; readonly end: string };

export type RunType = 'scheduled' | 'manual' | 'backfill';

/** What the templates of a run's tasks see, besides `item`, `map_index` and the XComs of upstream tasks. */
export type RunContext = {
  readonly dagId: string;
  readonly runId: string;
  readonly runType: RunType;
  readonly interval: DataInterval;
  readonly timezone: string;
  readonly params: Readonly<Record<string, Json>>;
};
