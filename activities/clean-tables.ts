import { forgetRuns } from '../dag/forget-runs.ts';
import { CODES } from '../errors/codes.ts';
import { codeOf, isFerryError } from '../errors/ferry-error.ts';
import { checkClean } from '../sync/clean-schema.ts';
import { cleanTables as run } from '../sync/clean-tables.ts';
import { activity, type Shared } from './activity.ts';
import type { CleaningActivities } from './cleaning-activities.ts';
import type { DagSettings } from './dag-settings.ts';
import type { RunSettings } from './resolve-input.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export function cleanTables(
  shared: Shared,
  { limits }: RunSettings,
  { home, historyDays }: Pick<DagSettings, 'home' | 'historyDays'>,
): CleaningActivities['cleanTables'] {
  return activity('cleanTables', shared, async (engine, { input }) => {
    const { target, of, dryRun } = checkClean(input, limits);
    const cluster = engine.open(target);
    const result = await run(engine, cluster, of, { dryRun });
    if (of !== undefined || target !== home) return result;
    const before = engine.now().getTime() - historyDays * DAY_MS;
    const { signal, heartbeat } = engine;
    try {
      return { ...result, forgottenIntervals: await forgetRuns(cluster, before, { dryRun, signal, heartbeat }) };
    } catch (error) {
      // What was cleaned before it is told all the same.
      const code = codeOf(error);
      if (signal.aborted || !isFerryError(error) || CODES[code].retry === 'retry') throw error;
      return { ...result, failures: [...result.failures, { table: '(runs of DAGs)', code, message: error.message }] };
    }
  });
}
