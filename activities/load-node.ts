import { loadNode as run } from '../sync/load-node.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

export function loadNode(shared: Shared): SyncActivities['loadNode'] {
  return activity('loadNode', shared, (engine, { spec, node }) => run(engine, spec, node));
}
