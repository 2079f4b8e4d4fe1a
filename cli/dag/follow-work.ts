import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure, TerminatedFailure, WorkflowFailedError } from '@temporalio/client';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { Code } from '../../errors/codes.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { runUrl } from '../../sync/run-url.ts';
import type { Io } from '../io.ts';
import { leaving } from '../leaving.ts';
import { type Drawing, displayOf } from '../progress-display.ts';
import { sayWhenUnserved } from '../started-work.ts';
import { endOfFailure, type SyncHandle } from '../sync-run.ts';
import { type TemporalClient, temporalError } from '../temporal-client.ts';

const EVERY_MS = 1_000;
const ASKED_WITHIN_MS = 5_000;

export type FollowedWork<View, Outcome> = {
  readonly handle: SyncHandle;
  readonly runId: string;
  /** How it came to be followed: 'Started', 'Joined'. */
  readonly how: string;
  /** The query for its view. */
  readonly query: string;
  readonly drawing: Drawing<View>;
  /** What a view says of how the work ended; undefined: it goes on. A cancelled workflow returns nothing. */
  readonly outcomeOf: (view: View) => Outcome | undefined;
};

/** `view`: the last one, where a worker was there to give it. */
export type WorkEnd<View, Outcome> =
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly view?: View }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'detached' }
  | { readonly kind: 'error'; readonly code: Code; readonly message: string };

type Following = { readonly io: Io; readonly temporal: TemporalClient; readonly config: ResolvedConfig };

/**
 * Shows a run of a DAG or a backfill until it ends or this command is told to stop. Ctrl-C in a terminal leaves it alone;
 * SIGTERM, and Ctrl-C without a terminal, cancel it and wait for its end.
 */
export async function followWork<View, Outcome>(
  followed: FollowedWork<View, Outcome>,
  { io, temporal, config }: Following,
): Promise<WorkEnd<View, Outcome>> {
  const { handle, runId, how, query, drawing, outcomeOf } = followed;
  const { ui, taskQueue } = config.temporal;
  const display = displayOf(io.err, drawing);
  const url = ui === undefined ? '' : `\n${runUrl(ui, temporal.namespace, handle.workflowId, runId)}`;
  display.say(`${how}: ${handle.workflowId}${url}`);
  const left = leaving({ handle, owned: true }, display, io.interactive);
  const watching = new AbortController();
  const ask = () =>
    temporal.client.withDeadline(Date.now() + ASKED_WITHIN_MS, () =>
      // A run that has continued as new answers under its id, not under its first run id.
      temporal.client.workflow.getHandle(handle.workflowId).query<View, []>(query),
    );
  void sayWhenUnserved(temporal, taskQueue, display.say, watching.signal, io);
  void watch(ask, display.show, watching.signal);
  // A wait that outlives the connection is tried again by the client, and ends the process with an error.
  const waiting = new AbortController();
  try {
    const ended = temporal.client.withAbortSignal(waiting.signal, () => endOf<Outcome>(handle, temporal, io));
    const end = await Promise.race([ended, left.asked]);
    watching.abort();
    display.stop();
    if (end === 'detach') {
      display.say(`${handle.workflowId} goes on without this terminal.\n  To come back: ${io.again}`);
      return { kind: 'detached' };
    }
    if (end.kind === 'error') return end;
    const view = await ask().catch(() => undefined);
    const outcome = end.kind === 'outcome' ? end.outcome : view && outcomeOf(view);
    if (outcome === undefined) return { kind: 'cancelled' };
    return { kind: 'outcome', outcome, ...(view === undefined ? {} : { view }) };
  } finally {
    waiting.abort();
    watching.abort();
    display.stop();
    left.stop();
  }
}

/** What nobody answers now, somebody may answer the next time. */
async function watch<View>(ask: () => Promise<View>, show: (view: View) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const view = await ask().catch(() => undefined);
    if (view !== undefined && !signal.aborted) show(view);
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

async function endOf<Outcome>(
  handle: SyncHandle,
  temporal: TemporalClient,
  io: Io,
): Promise<
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'error'; readonly code: Code; readonly message: string }
> {
  try {
    return { kind: 'outcome', outcome: (await handle.result()) as Outcome };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) {
      const back = `${handle.workflowId} goes on when it answers; to come back: ${io.again}`;
      throw temporalError(error, `Temporal no longer answers. ${back}`, temporal);
    }
    const { cause } = error;
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) return { kind: 'cancelled' };
    const told = (cause as { readonly details?: readonly unknown[] } | undefined)?.details?.[0];
    if (typeof told === 'object' && told !== null && 'dagId' in told && 'outcome' in told)
      return { kind: 'outcome', outcome: told as Outcome };
    const end = endOfFailure(cause);
    if (end.kind === 'error') return { kind: 'error', code: end.code, message: end.message };
    throw new FerryError('INTERNAL', `${handle.workflowId} ended as a sync does`, { cause: error });
  }
}
