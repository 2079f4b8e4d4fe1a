import { setImmediate as others } from 'node:timers/promises';
import { type IntervalDates, stepsOf } from '../dag/decide-interval.ts';
import { checkBackfillInput } from '../dag/run-input-schema.ts';
import { knownRunOf } from '../dag/run-memory.ts';
import type { DataInterval } from '../dag/spec.ts';
import { concurrently } from '../sync/concurrently.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';
import { type DagSettings, dagOf } from './dag-settings.ts';

const PAGE = 100;
const AT_ONCE = 8;
/** So many steps through a schedule take some milliseconds. */
const STEPS = 500;

type Pausing = { readonly signal: AbortSignal; heartbeat(): void };

/** A page of a backfill's intervals, in the order it runs them, with what the run memory knows of each. */
export function listIntervals(shared: Shared, settings: DagSettings): DagActivities['listIntervals'] {
  // Pages of one backfill mostly follow each other, and a range may have hundreds of thousands of intervals.
  let last: { readonly key: string; readonly intervals: readonly DataInterval[] } | undefined;
  return activity('listIntervals', shared, async (engine, { backfill: raw, after, dates: known }) => {
    const { open, signal } = engine;
    const backfill = checkBackfillInput(raw);
    const dates = known ?? (await datesOf(backfill, settings));
    const key = JSON.stringify([dates, backfill.from, backfill.to]);
    const all = last?.key === key ? last.intervals : await allIntervals(dates, backfill, engine);
    last = { key, intervals: all };
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

/** intervalsOf, without holding up what else the worker does: its heartbeats leave meanwhile. */
async function allIntervals(
  dates: IntervalDates,
  { from, to }: { readonly from: string; readonly to: string },
  { signal, heartbeat }: Pausing,
): Promise<readonly DataInterval[]> {
  const found: DataInterval[] = [];
  let steps = 0;
  for (const interval of stepsOf(dates, from, to)) {
    if (interval !== undefined) found.push(interval);
    steps += 1;
    if (steps % STEPS > 0) continue;
    heartbeat();
    await others(undefined, { signal });
  }
  return found;
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
