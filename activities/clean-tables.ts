import { forgetRuns } from '../dag/forget-runs.ts';
import { checkClean } from '../sync/clean-schema.ts';
import { notCleaned, cleanTables as run } from '../sync/clean-tables.ts';
import { activity, type Shared } from './activity.ts';
import type { CleaningActivities } from './cleaning-activities.ts';
import type { DagSettings } from './dag-settings.ts';
import type { RunSettings } from './resolve-input.ts';

export function cleanTables(
  shared: Shared,
  { limits }: RunSettings,
  { home, historyMs }: Pick<DagSettings, 'home' | 'historyMs'>,
): CleaningActivities['cleanTables'] {
  return activity('cleanTables', shared, async (engine, { input }) => {
    const { target, of, dryRun } = checkClean(input, limits);
    const cluster = engine.open(target);
    const result = await run(engine, cluster, of, { dryRun });
    if (of !== undefined || target !== home) return result;
    const before = engine.now().getTime() - historyMs;
    const { signal, heartbeat } = engine;
    try {
      return { ...result, forgottenIntervals: await forgetRuns(cluster, before, { dryRun, signal, heartbeat }) };
    } catch (error) {
      // What was cleaned before it is told all the same.
      return { ...result, failures: [...result.failures, notCleaned('(runs of DAGs)', error, signal)] };
    }
  });
}
