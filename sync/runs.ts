/** What tells one run from all others: its workflow, and the run key that all its folders carry. */
export type RunName = { readonly workflowId: string; readonly runKey: string };

/** `unknown`: Temporal has forgotten the run (its retention is over), or never had it (another namespace). */
export type RunState = 'open' | 'closed' | 'unknown';

/** The port to whoever runs the runs. Throws UNREACHABLE when that cannot be asked: silence is not an answer. */
export interface Runs {
  stateOf(run: RunName, signal: AbortSignal): Promise<RunState>;
}

/** A worker's long poll lasts a minute; one that has not asked for longer than that is gone. */
const POLLER_FRESH_MS = 70_000;

/** Whether any of those who asked a task queue for work, as Temporal tells them, still does. `now`: milliseconds. */
export function isPolled(
  pollers: readonly { readonly lastAccessTime?: { readonly seconds?: unknown } | null }[] | null | undefined,
  now: number,
): boolean {
  return (pollers ?? []).some(
    ({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1000 < POLLER_FRESH_MS,
  );
}

/** The statuses by which Temporal says that a run has ended, as its client and its server spell them. */
const CLOSED_STATUSES: readonly string[] = [
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CANCELED',
  'TERMINATED',
  'TIMED_OUT',
  'CONTINUED_AS_NEW',
];

/**
 * Whether a run of this status of Temporal goes on. That it has ended is for the server to say: one that Temporal has paused
 * is open, and so is one of a status that nobody here knows.
 */
export function isOpenStatus(name: string): boolean {
  return !CLOSED_STATUSES.includes(name);
}

/** What a workflow id stands for now: its latest execution. */
export type LatestExecution = {
  readonly running: boolean;
  readonly runId: string;
  /** The first run of its chain of resets; undefined: the server does not tell. */
  readonly firstRunId?: string;
};

/**
 * The state of a run, of which only the latest execution under its workflow id is known. One workflow id has one running
 * execution at most, and a reset goes on under a new run id with the run key of old.
 */
export function stateOfRun({ runKey }: RunName, latest: LatestExecution | undefined): RunState {
  if (latest === undefined) return 'unknown';
  if (!latest.running) return 'closed';
  if (latest.runId === runKey) return 'open';
  return latest.firstRunId === undefined || latest.firstRunId === runKey ? 'open' : 'closed';
}

/** No attempt at a step may last longer (workflows/activity-options). */
export const LONGEST_ATTEMPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether a run can be taken as ended: it has, or it began so long ago that one unknown to Temporal must have. */
export function isClosed(state: RunState, begunAt: string, now: Date): boolean {
  return state === 'closed' || (state === 'unknown' && now.getTime() - Date.parse(begunAt) > LONGEST_ATTEMPT_MS);
}

/** Where there is no Temporal to ask. */
export const NO_RUNS_KNOWN: Runs = { stateOf: async () => 'unknown' };
