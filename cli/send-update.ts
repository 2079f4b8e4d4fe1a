import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
} from '@temporalio/client';
import { CODES, type Code } from '../errors/codes.ts';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { hasPollers, type TemporalClient, temporalError } from './temporal-client.ts';

/** A run that takes messages: its workflow, and the queue that its workers ask for work. */
export type MessagedRun = { readonly workflowId: string; readonly runId: string; readonly taskQueue: string };

/** A worker takes a message in milliseconds; one that is busy, or starting, in some seconds. */
const TAKEN_WITHIN_MS = 15_000;
/** A worker that has just started is not known to ask for work yet. */
const SERVED_WITHIN_MS = 3_000;

/**
 * Sends an update to a run and waits for its answer, which comes when what was asked for is done.
 * @throws FerryError with the code of the refusal (RUN_CLOSED where it has none); UNREACHABLE when no worker takes the message.
 */
export async function sendUpdate<Answer>(
  temporal: TemporalClient,
  { workflowId, runId, taskQueue }: MessagedRun,
  message: string,
  ...args: [] | [argument: unknown]
): Promise<Answer> {
  const { client, namespace } = temporal;
  const nobody = (cause?: unknown) =>
    new FerryError(
      'UNREACHABLE',
      `No worker takes the message for ${workflowId} (task queue "${taskQueue}", namespace ${namespace}). Without a worker nothing is copied either.`,
      { cause },
    );
  try {
    if (!(await isServed(temporal, taskQueue))) throw nobody();
    const run = client.workflow.getHandle(workflowId, runId);
    const waitForStage = WorkflowUpdateStage.ACCEPTED;
    const handle = await client.withDeadline(Date.now() + TAKEN_WITHIN_MS, () =>
      args.length === 0
        ? run.startUpdate<Answer, []>(message, { waitForStage })
        : run.startUpdate<Answer, [unknown]>(message, { args, waitForStage }),
    );
    return await handle.result();
  } catch (error) {
    if (error instanceof FerryError) throw error;
    if (error instanceof WorkflowUpdateFailedError)
      throw new FerryError(refusalCode(error.cause), `${workflowId}: ${messageOf(error.cause ?? error)}`, {
        cause: error,
      });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw nobody(error);
    throw temporalError(error, `${workflowId} did not take the message`, temporal);
  }
}

function refusalCode(cause: unknown): Code {
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return typeof type === 'string' && Object.hasOwn(CODES, type) ? (type as Code) : 'RUN_CLOSED';
}

async function isServed(temporal: TemporalClient, taskQueue: string): Promise<boolean> {
  for (const end = Date.now() + SERVED_WITHIN_MS; ; await sleep(250)) {
    if (await hasPollers(temporal, taskQueue, Date.now())) return true;
    if (Date.now() > end) return false;
  }
}
