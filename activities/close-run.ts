import { closeRun as run } from '../sync/close-run.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

export function closeRun(shared: Shared): SyncActivities['closeRun'] {
  return activity('closeRun', shared, async (engine, { spec, plan, ending }) => {
    const outcome = await run(engine, spec, plan, ending);
    shared.metrics.syncEnded(outcome);
    return outcome;
  });
}
