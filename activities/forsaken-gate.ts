import type { Context } from '@temporalio/activity';
import { isOpenStatus, isPolled } from '../sync/runs.ts';

const WORKFLOW_TASKS = 1;

/**
 * Ends a gate that stands on a task queue which no worker asks any more, so that the next claim starts it on another one.
 * The gate of a DAG stays on the task queue of the run that started it; when its workers moved to another, nobody would
 * ever answer. What the gate knew is lost: runs that are still open hold no slot of the next one. Returns the queue of the
 * gate that was ended; undefined: it was left alone.
 */
export async function endForsakenGate({ client, info }: Context, workflowId: string): Promise<string | undefined> {
  const { taskQueue, runId, status } = await client.workflow.getHandle(workflowId).describe();
  if (!isOpenStatus(status.name) || taskQueue === info.taskQueue) return undefined;
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  if (isPolled(pollers, Date.now())) return undefined;
  await client.workflow
    .getHandle(workflowId, runId)
    .terminate(`No worker asks task queue ${taskQueue} for work; ${info.workflowExecution?.workflowId} needs the gate`);
  return taskQueue;
}
