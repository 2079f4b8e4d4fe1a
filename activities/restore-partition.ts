import { checkRestore } from '../sync/clean-schema.ts';
import { restorePartition as bringBack } from '../sync/restore-partition.ts';
import { activity, type Shared } from './activity.ts';
import type { CleaningActivities } from './cleaning-activities.ts';
import type { RunSettings } from './resolve-input.ts';

export function restorePartition(shared: Shared, { limits }: RunSettings): CleaningActivities['restorePartition'] {
  return activity('restorePartition', shared, (engine, { input, run }) => {
    const { target, ...order } = checkRestore(input, limits);
    return bringBack(engine, engine.open(target), run, order);
  });
}
