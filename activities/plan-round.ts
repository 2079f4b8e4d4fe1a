import { planRound as run } from '../sync/plan-nodes.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

export function planRound(shared: Shared): SyncActivities['planRound'] {
  return activity('planRound', shared, (engine, { spec, plan, round }) => run(engine, spec, plan, round));
}
