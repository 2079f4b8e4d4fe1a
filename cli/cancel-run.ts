import type { WorkflowExecutionDescription } from '@temporalio/client';
import { isFerryError } from '../errors/ferry-error.ts';
import { isOpenStatus } from '../sync/runs.ts';
import { EXIT } from './exit-code.ts';
import type { Io } from './io.ts';
import { runHandle } from './run-handle.ts';
import { cancelSync } from './sync-run.ts';
import { type TemporalClient, temporalError } from './temporal-client.ts';

/**
 * Cancels the run that was found, and what it has continued as since; gives what it is a while later. Of one that Temporal has
 * paused it says that it waits. Throws RUN_CLOSED when the server says that it has ended; UNREACHABLE.
 */
export async function cancelRun(
  temporal: TemporalClient,
  run: WorkflowExecutionDescription,
  { err }: Pick<Io, 'err'>,
): Promise<WorkflowExecutionDescription> {
  const { workflowId } = run;
  try {
    const later = await cancelSync(runHandle(temporal.client, run));
    if (later.status.name === 'PAUSED')
      err.stream.write(
        `Temporal has paused ${workflowId}; it ends when it may go on: temporal workflow unpause --namespace ${temporal.namespace} --workflow-id ${workflowId}\n`,
      );
    return later;
  } catch (error) {
    throw isFerryError(error) ? error : temporalError(error, `${workflowId} could not be cancelled`, temporal);
  }
}

/** Whether a run has ended, and not by having been told to. */
export function endedOfItself({ status: { name } }: Pick<WorkflowExecutionDescription, 'status'>): boolean {
  return !isOpenStatus(name) && !['CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW'].includes(name);
}

/** How a run ended of itself, by its own exit code. */
const OF_ITSELF: Readonly<Record<number, string>> = {
  [EXIT.all]: 'with all of it done',
  [EXIT.none]: 'as failed',
  [EXIT.some]: 'with some of it done',
};

/**
 * The exit code of a command that has cancelled a run, by that of the run's end. One that ended otherwise ended before the
 * cancellation took hold, which is said.
 */
export function exitOfCancel(exit: number, name: string, { err }: Pick<Io, 'err'>): number {
  if (exit === EXIT.cancelled) return EXIT.all;
  const how = OF_ITSELF[exit];
  if (how === undefined) return exit;
  err.stream.write(`${name} was not cancelled: it ended before that took hold, ${how}.\n`);
  return EXIT.refused;
}
