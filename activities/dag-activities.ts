import type { Choice } from '../dag/choose.ts';
import type { IntervalDates } from '../dag/decide-interval.ts';
import type { Claim, ClaimAnswer, GateAddress } from '../dag/gate.ts';
import type { BackfillDagInput, DagRunIdentity, DagRunRecord, ResolvedDagRun, RunRef } from '../dag/run.ts';
import type { KnownRun } from '../dag/run-memory.ts';
import type { Action, DataInterval, Json, RunContext } from '../dag/spec.ts';

/** What a task's templates come to: the input of its action, or what a choose action has chosen. */
export type RenderedTask = { readonly kind: 'input'; readonly input: Json } | Choice;

/**
 * The activities of DAG runs, besides those of the operators: one JSON object in, one small value out. A failure is an
 * ApplicationFailure whose type is a code of errors/codes.ts.
 */
export interface DagActivities {
  /**
   * Checks the input of a run, loads its DAG (or checks the signature of the spec that came with it), and decides its
   * interval and its params. A wrong input fails with the whole list of problems.
   */
  resolveDagRun(input: { readonly input: unknown; readonly run: DagRunIdentity }): Promise<ResolvedDagRun>;

  /** What the run memory holds of an interval; `known` is left out when it holds nothing, or the run has no home. */
  lookUpDagRun(input: {
    readonly home?: string;
    readonly dagId: string;
    readonly intervalStart: string;
  }): Promise<{ readonly known?: KnownRun }>;

  /** Sends a claim to the gate of the DAG by update-with-start (id conflict: use the running one), on the task queue of the run. */
  claimDagRun(input: { readonly gate: GateAddress; readonly claim: Claim }): Promise<ClaimAnswer>;

  /** Writes the run into the run memory: `runs/<dag_id>/<interval start>/<run key>.json` on its home. Nothing without a home. */
  recordDagRun(input: {
    readonly home?: string;
    readonly runKey: string;
    readonly record: DagRunRecord;
  }): Promise<{ readonly path?: string }>;

  /**
   * Renders the templates of one task. `xcom`: of those upstream tasks (direct or not) that its input names, by task id.
   * `item` and `mapIndex`: of an instance of a mapped task.
   */
  renderTask(input: {
    readonly context: RunContext;
    readonly taskId: string;
    readonly action: Action;
    readonly xcom: Readonly<Record<string, Json>>;
    readonly item?: Json;
    readonly mapIndex?: number;
  }): Promise<RenderedTask>;

  /**
   * Which of these runs are closed for good: not found, ended without having been continued as new, or a later run of
   * their workflow id has another run key.
   */
  closedRuns(input: { readonly runs: readonly RunRef[] }): Promise<{ readonly closed: readonly RunRef[] }>;

  /**
   * A page of at most 100 intervals of a backfill in the order it runs them, and what is known of each. `after`: the
   * start of the last interval of the page before. `dates`: those of the first page; the DAG is not loaded again, and an
   * edit meanwhile moves no interval.
   */
  listIntervals(input: {
    readonly backfill: BackfillDagInput;
    readonly after?: string;
    readonly dates?: IntervalDates;
  }): Promise<IntervalPage>;
}

export type IntervalPage = {
  readonly dagId: string;
  readonly dates: IntervalDates;
  readonly intervals: readonly { readonly interval: DataInterval; readonly known?: KnownRun }[];
  /** All intervals of the backfill. */
  readonly total: number;
  readonly more: boolean;
};
