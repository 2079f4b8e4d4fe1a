import { checkClean } from '../sync/clean-schema.ts';
import { cleanTables as run } from '../sync/clean-tables.ts';
import { activity, type Shared } from './activity.ts';
import type { CleaningActivities } from './cleaning-activities.ts';
import type { RunSettings } from './resolve-input.ts';

export function cleanTables(shared: Shared, { limits }: RunSettings): CleaningActivities['cleanTables'] {
  return activity('cleanTables', shared, (engine, { input }) => {
    const { target, of, dryRun } = checkClean(input, limits);
    return run(engine, engine.open(target), of, { dryRun });
  });
}
