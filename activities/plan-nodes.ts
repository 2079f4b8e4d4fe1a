import { planNodes as run } from '../sync/plan-nodes.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

export function planNodes(shared: Shared): SyncActivities['planNodes'] {
  return activity('planNodes', shared, (engine, { spec }) => run(engine, spec));
}
