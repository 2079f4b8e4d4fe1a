import type { RunRef, TaskStep } from '../dag/run.ts';

/** Names by which the workflows of DAGs are reached; plain, for those who have only a client. */
export const RUN_DAG = {
  workflow: 'runDag',
  /** Query: DagRunView. */
  state: 'state',
  /** Query: FinishedTask[], what a run that continues this one takes over. */
  finished: 'finished',
  /** Update, ClearInput: the ids of the tasks that run again. Refused when one of them runs, or the run is about to end. */
  clear: 'clear',
  /** Updates without an argument: nothing more is started; what was held back is. */
  pause: 'pause',
  resume: 'resume',
  /** Signal of the gate: Granted. */
  granted: 'granted',
  /** Signal of a child syncTable whose memo asks for it: ToldSteps. */
  steps: 'steps',
} as const;

export const DAG_GATE = {
  workflow: 'dagGate',
  /** Update, Claim: ClaimAnswer. */
  claim: 'claim',
  /** Signal: Release. */
  release: 'release',
  /** Query: GateView. */
  state: 'state',
} as const;

export const BACKFILL_DAG = {
  workflow: 'backfillDag',
  /** Query: BackfillOutcome. */
  progress: 'progress',
} as const;

/** A slot for the run with this key. */
export type Granted = { readonly runKey: string };

/** The run gives back its slot; with `keepInterval` no other run of its interval starts while it waits for a clear. */
export type Release = { readonly run: RunRef; readonly keepInterval: boolean };

/** The workflow id of a DAG's gate. */
export function gateId(dagId: string): string {
  return `dag-gate/${dagId}`;
}

/** The workflow id of a run of an interval: that of its schedule, and of its backfill. `end`: RFC 3339, UTC. */
export function dagRunId(dagId: string, end: string): string {
  return `dag/${dagId}-${end}`;
}

/** The workflow id of a backfill of a range: a second one of it joins the first. */
export function backfillId(dagId: string, from: string, to: string): string {
  return `dag-backfill/${dagId}/${from}/${to}`;
}

/** The memo of a syncTable that tells its steps to the run that started it; its value is AskedSteps. */
export const STEPS_MEMO = 'hive-ferry.dag-task';

/** The instance of a task that a syncTable runs for. */
export type AskedSteps = { readonly taskId: string; readonly mapIndex?: number };

export type ToldSteps = AskedSteps & { readonly steps: readonly TaskStep[] };
