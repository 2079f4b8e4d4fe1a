import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { SyncHandle } from './sync-run.ts';

/**
 * A handle of the run that was found: it tells of this one and its end, and cancels what goes on for it. Between the two it
 * may have continued as new, or have been reset, and the run that was found can no longer be cancelled.
 */
export function runHandle(
  { workflow }: Pick<Client, 'workflow'>,
  { workflowId, runId, raw }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId' | 'raw'>,
): SyncHandle {
  const run = workflow.getHandle(workflowId, runId);
  const firstExecutionRunId = raw.workflowExecutionInfo?.firstRunId;
  if (!firstExecutionRunId) return run;
  const chain = workflow.getHandle(workflowId, undefined, { firstExecutionRunId });
  return { ...run, cancel: () => chain.cancel(), terminate: (reason) => chain.terminate(reason) };
}
