import { setTimeout as sleep } from 'node:timers/promises';
import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
} from '@temporalio/client';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { PAUSE, type PauseState, RESUME } from '../workflows/messages.ts';
import { hasPollers, type TemporalClient, temporalError } from './temporal-client.ts';

/** A run that takes messages: its workflow, and the queue that its workers ask for work. */
export type MessagedRun = { readonly workflowId: string; readonly runId: string; readonly taskQueue: string };

/** A worker takes a message in milliseconds; one that is busy, or starting, in some seconds. */
const TAKEN_WITHIN_MS = 15_000;
/** A worker that has just started is not known to ask for work yet. */
const SERVED_WITHIN_MS = 3_000;

/**
 * Pauses the run; resolves when nothing of it goes on any more. Throws RUN_CLOSED when there is nothing left to pause,
 * UNREACHABLE when no worker takes the message.
 */
export function pauseRun(temporal: TemporalClient, run: MessagedRun): Promise<PauseState> {
  return send(temporal, run, PAUSE);
}

/** Lets a paused run go on; nothing changes for one that is not paused. Throws as pauseRun does. */
export function resumeRun(temporal: TemporalClient, run: MessagedRun): Promise<PauseState> {
  return send(temporal, run, RESUME);
}

async function send(
  temporal: TemporalClient,
  { workflowId, runId, taskQueue }: MessagedRun,
  message: typeof PAUSE | typeof RESUME,
): Promise<PauseState> {
  const { client, namespace } = temporal;
  const nobody = (cause?: unknown) =>
    new FerryError(
      'UNREACHABLE',
      `No worker takes the message for ${workflowId} (task queue "${taskQueue}", namespace ${namespace}). Without a worker nothing is copied either.`,
      { cause },
    );
  try {
    if (!(await isServed(temporal, taskQueue))) throw nobody();
    const handle = await client.withDeadline(Date.now() + TAKEN_WITHIN_MS, () =>
      client.workflow
        .getHandle(workflowId, runId)
        .startUpdate<PauseState, []>(message, { waitForStage: WorkflowUpdateStage.ACCEPTED }),
    );
    return await handle.result();
  } catch (error) {
    if (error instanceof FerryError) throw error;
    if (error instanceof WorkflowUpdateFailedError)
      throw new FerryError('RUN_CLOSED', `${workflowId}: ${messageOf(error.cause ?? error)}`, { cause: error });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw nobody(error);
    throw temporalError(error, `${workflowId} did not take the message`, temporal);
  }
}

async function isServed(temporal: TemporalClient, taskQueue: string): Promise<boolean> {
  for (const end = Date.now() + SERVED_WITHIN_MS; ; await sleep(250)) {
    if (await hasPollers(temporal, taskQueue, Date.now())) return true;
    if (Date.now() > end) return false;
  }
}
