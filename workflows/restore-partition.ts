import { isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { CleaningActivities } from '../activities/cleaning-activities.ts';
import type { Restoration } from '../sync/restore-partition.ts';
import { STEP } from './activity-options.ts';
import { refusedInput } from './fail.ts';

const activities = proxyActivities<CleaningActivities>(STEP);

/**
 * Brings a replaced or pruned partition back: {"target": "b", "table": "sales.orders", "partition": "dt=2026-01-01"}. Its run
 * key is the workflow's, so that what it leaves is known as a run's. Fails with the error's code as the type.
 */
export async function restorePartition(input: unknown): Promise<Restoration> {
  const { originalExecutionRunId: runKey, workflowId } = workflowInfo();
  try {
    return await activities.restorePartition.executeWithOptions(
      { activityId: 'restore', summary: 'bring the partition back' },
      [{ input, run: { runKey, workflowId } }],
    );
  } catch (error) {
    throw isCancellation(error) ? error : refusedInput(error);
  }
}
