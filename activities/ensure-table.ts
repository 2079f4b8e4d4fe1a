import { ensureTable as run } from '../sync/ensure-table.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

export function ensureTable(shared: Shared): SyncActivities['ensureTable'] {
  return activity('ensureTable', shared, (engine, { spec, plan }) => run(engine, spec, plan));
}
