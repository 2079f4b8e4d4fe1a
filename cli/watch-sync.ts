import { setTimeout as sleep } from 'node:timers/promises';
import { codecsOf, decodedDescription, decodedEvents } from './decoded.ts';
import { pendingActivities, waitingSince } from './pending.ts';
import type { ProgressDisplay } from './progress-display.ts';
import { runFacts } from './run-history.ts';
import { foldProgress, NO_FACTS, NO_PROGRESS, type PendingActivity, viewProgress } from './run-progress.ts';
import type { SyncHandle } from './sync-run.ts';
import { hasPollers, type TemporalClient } from './temporal-client.ts';

const EVERY_MS = 500;
/** A history of a thousand nodes is some megabytes. */
const HISTORY_EVERY_MS = 1_000;
const POLLERS_EVERY_MS = 2_000;
const PATIENCE_MS = 4_000;

export type Watched = {
  readonly temporal: TemporalClient;
  readonly handle: SyncHandle;
  readonly taskQueue: string;
  /** The command that starts a worker. */
  readonly workerCommand: string;
  /** The command that lets the run go on when it is paused. */
  readonly resumeCommand: string;
};

/** Shows how the run goes until the signal is aborted. What Temporal does not answer now, it may answer the next time. */
export async function watchSync(watched: Watched, display: ProgressDisplay, signal: AbortSignal): Promise<void> {
  const codecs = codecsOf(watched.temporal.client);
  let state = NO_PROGRESS;
  let facts = NO_FACTS;
  let [read, readAt] = [0, Number.NEGATIVE_INFINITY];
  let [asked, told] = [Number.NEGATIVE_INFINITY, false];
  while (!signal.aborted) {
    const now = Date.now();
    try {
      const description = await decodedDescription(await watched.handle.describe(), codecs);
      const pending = pendingActivities(description);
      if (signal.aborted) return;
      const { historyLength } = description;
      if (historyLength !== read && now - readAt >= HISTORY_EVERY_MS) {
        const before = facts.pause;
        facts = runFacts(await decodedEvents((await watched.handle.fetchHistory()).events ?? [], codecs));
        [read, readAt] = [historyLength, now];
        if (facts.pause === 'paused' && before !== 'paused')
          display.say(`The run is paused; nothing is copied. To go on: ${watched.resumeCommand}`);
      }
      state = foldProgress(state, pending, facts, now);
      display.show(viewProgress(state));
      const since = waitingSince(description);
      if (!waitsForWorker(since, pending)) {
        told = false;
      } else if (!told && now - asked >= POLLERS_EVERY_MS) {
        asked = now;
        const notice = workerNotice(
          watched,
          await hasPollers(watched.temporal, watched.taskQueue, now),
          since === undefined ? 0 : now - since,
        );
        if (notice !== undefined) display.say(notice);
        told = notice !== undefined;
      }
    } catch {
      // The wait for the result is what tells that Temporal is gone.
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

function waitsForWorker(since: number | undefined, pending: readonly PendingActivity[]): boolean {
  return since !== undefined || pending.some((activity) => !activity.running && activity.lastFailure === undefined);
}

/** What to say when a run waits for a worker; undefined: give it a little longer. */
export function workerNotice(
  {
    temporal,
    taskQueue,
    workerCommand,
  }: Pick<Watched, 'taskQueue' | 'workerCommand'> & { readonly temporal: Pick<TemporalClient, 'namespace'> },
  polled: boolean,
  waitingMs: number,
): string | undefined {
  const start = `Start one in another terminal: ${workerCommand}`;
  if (!polled)
    return `No worker asks for work on the task queue "${taskQueue}" (namespace ${temporal.namespace}); the run waits for one. ${start}`;
  if (waitingMs < PATIENCE_MS) return undefined;
  return `No worker has taken the run for ${Math.round(waitingMs / 1000)} s (task queue "${taskQueue}"); those that were there may have stopped. ${start}`;
}
