import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { isOpenStatus, type LatestExecution, type Runs, stateOfRun } from '../sync/runs.ts';

/** The runs of the namespace that the activity's own worker works for. */
export function temporalRuns(context: Context): Runs {
  return {
    async stateOf(run, signal) {
      signal.throwIfAborted();
      return stateOfRun(run, await latestOf(context, run.workflowId));
    },
  };
}

/** undefined: the namespace has no execution under this workflow id any more. */
async function latestOf({ client }: Context, workflowId: string): Promise<LatestExecution | undefined> {
  try {
    const { status, runId, raw } = await client.workflow.getHandle(workflowId).describe();
    const firstRunId = raw.workflowExecutionInfo?.firstRunId;
    return { running: isOpenStatus(status.name), runId, ...(firstRunId ? { firstRunId } : {}) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw new FerryError('UNREACHABLE', `Temporal does not tell of ${workflowId}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
