import { concurrently } from '../sync/concurrently.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';

const AT_ONCE = 8;

/** Asks Temporal for each run. One that it does not know is closed: a gate only asks for runs that have claimed from it. */
export function closedRuns(shared: Shared): DagActivities['closedRuns'] {
  return activity('closedRuns', shared, async ({ runs: known, signal }, { runs }) => {
    const states = await concurrently(runs, AT_ONCE, (run) => known.stateOf(run, signal));
    return { closed: runs.filter((_run, place) => states[place] !== 'open') };
  });
}
