import { refreshMetadata as run } from '../sync/refresh.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

export function refreshMetadata(shared: Shared): SyncActivities['refreshMetadata'] {
  return activity('refreshMetadata', shared, (engine, { spec, plan }) => run(engine, spec, plan));
}
