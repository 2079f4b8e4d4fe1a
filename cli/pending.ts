import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/client';
import type { NodeProgress } from '../sync/outcome.ts';
import type { PendingActivity } from './run-progress.ts';

type RawActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** PENDING_ACTIVITY_STATE_STARTED and _CANCEL_REQUESTED: a worker has it. */
const AT_WORK = [2, 3];
/** PENDING_WORKFLOW_TASK_STATE_SCHEDULED: no worker has taken it. */
const SCHEDULED = 1;

/** The activities of a run that have not ended, with what their workers last said of them. */
export function pendingActivities({ raw }: WorkflowExecutionDescription): readonly PendingActivity[] {
  return (raw.pendingActivities ?? []).map(pendingActivity);
}

/** Since when the run waits for a worker to take it on, in milliseconds since the epoch; undefined: it does not. */
export function waitingSince({ raw }: WorkflowExecutionDescription): number | undefined {
  const task = raw.pendingWorkflowTask;
  if (task?.state !== SCHEDULED) return undefined;
  return Number((task.originalScheduledTime ?? task.scheduledTime)?.seconds ?? 0) * 1000;
}

function pendingActivity(activity: RawActivity): PendingActivity {
  const { activityId, activityType, state, attempt, heartbeatDetails, lastFailure } = activity;
  const payload = heartbeatDetails?.payloads?.[0];
  const progress = payload ? defaultPayloadConverter.fromPayload<unknown>(payload) : undefined;
  // A full memory pool is a queue, not a failure.
  const failed =
    lastFailure && lastFailure.applicationFailureInfo?.type !== 'POOL_BUSY' ? failureText(lastFailure) : undefined;
  return {
    id: activityId ?? '',
    type: activityType?.name ?? '',
    running: AT_WORK.includes(Number(state)),
    attempt: attempt ?? 1,
    ...(isNodeProgress(progress) ? { progress } : {}),
    ...(failed === undefined ? {} : { lastFailure: failed }),
  };
}

function failureText({ message, applicationFailureInfo }: NonNullable<RawActivity['lastFailure']>): string {
  const type = applicationFailureInfo?.type;
  return `${type ? `${type}: ` : ''}${(message ?? '').split('\n')[0]}`;
}

function isNodeProgress(value: unknown): value is NodeProgress {
  return typeof value === 'object' && value !== null && 'partitions' in value && 'bytes' in value && 'index' in value;
}
