import { type IntervalDates, intervalsOf } from '../dag/decide-interval.ts';
import { checkBackfillInput } from '../dag/run-input-schema.ts';
import { knownRunOf } from '../dag/run-memory.ts';
import { concurrently } from '../sync/concurrently.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';
import { type DagSettings, dagOf } from './dag-settings.ts';

const PAGE = 100;
const AT_ONCE = 8;

/** A page of a backfill's intervals, in the order it runs them, with what the run memory knows of each. */
export function listIntervals(shared: Shared, settings: DagSettings): DagActivities['listIntervals'] {
  return activity('listIntervals', shared, async ({ open, signal }, { backfill: raw, after, dates: known }) => {
    const backfill = checkBackfillInput(raw);
    const dates = known ?? (await datesOf(backfill, settings));
    const all = intervalsOf(dates, backfill.from, backfill.to);
    const ordered = backfill.reverse === true ? all.toReversed() : all;
    const first = after === undefined ? 0 : ordered.findIndex(({ start }) => start === after) + 1;
    const page = ordered.slice(first, first + PAGE);
    const home = settings.home === undefined ? undefined : open(settings.home);
    const found = await concurrently(page, AT_ONCE, async (interval) => {
      const ran = home && (await knownRunOf(home, dates.dagId, interval.start, signal));
      return ran === undefined ? { interval } : { interval, known: ran };
    });
    return { dagId: dates.dagId, dates, intervals: found, total: all.length, more: first + PAGE < all.length };
  });
}

async function datesOf(backfill: Parameters<typeof dagOf>[0], settings: DagSettings): Promise<IntervalDates> {
  const { dagId, schedule, timezone, startDate, endDate } = await dagOf(backfill, settings);
  return {
    dagId,
    timezone,
    ...(schedule === undefined ? {} : { schedule }),
    ...(startDate === undefined ? {} : { startDate }),
    ...(endDate === undefined ? {} : { endDate }),
  };
}
