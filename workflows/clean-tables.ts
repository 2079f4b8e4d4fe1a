import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { CleaningActivities } from '../activities/cleaning-activities.ts';
import type { CleanResult } from '../sync/clean-tables.ts';
import { STEP } from './activity-options.ts';
import { refusedInput } from './fail.ts';

const activities = proxyActivities<CleaningActivities>(STEP);

/**
 * Cleans after the runs of one table of a target, or of all: {"target": "b", "table": "sales.orders"}, {"target": "b"}. Made
 * to be started by a schedule; a second one beside it does no harm. A wrong input fails with the error's code as its type.
 */
export async function cleanTables(input: unknown): Promise<CleanResult> {
  try {
    return await activities.cleanTables.executeWithOptions(
      { activityId: 'clean', summary: 'clean after closed runs' },
      [{ input }],
    );
  } catch (error) {
    throw isCancellation(error) ? error : refusedInput(error);
  }
}
