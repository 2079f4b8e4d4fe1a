import { knownRunOf } from '../dag/run-memory.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';

/** Reads the run memory of an interval. */
export function lookUpDagRun(shared: Shared): DagActivities['lookUpDagRun'] {
  return activity('lookUpDagRun', shared, async ({ open, signal }, { home, dagId, intervalStart }) => {
    const known = home === undefined ? undefined : await knownRunOf(open(home), dagId, intervalStart, signal);
    return known === undefined ? {} : { known };
  });
}
