import { beyondDates } from '../dag/decide-interval.ts';
import { intervals } from '../dag/interval.ts';
import { checkBackfillInput } from '../dag/run-input-schema.ts';
import { knownRunOf } from '../dag/run-memory.ts';
import type { DagSpec, DataInterval } from '../dag/spec.ts';
import { timetableOf } from '../dag/timetable.ts';
import { FerryError } from '../errors/ferry-error.ts';
import { concurrently } from '../sync/concurrently.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';
import { type DagSettings, dagOf } from './dag-settings.ts';

const PAGE = 100;
const AT_ONCE = 8;

/** A page of a backfill's intervals, in the order it runs them, with what the run memory knows of each. */
export function listIntervals(shared: Shared, settings: DagSettings): DagActivities['listIntervals'] {
  return activity('listIntervals', shared, async ({ open, signal }, { backfill: raw, after }) => {
    const backfill = checkBackfillInput(raw);
    const spec = await dagOf(backfill, settings);
    const all = intervalsOf(spec, backfill.from, backfill.to);
    const ordered = backfill.reverse === true ? all.reverse() : all;
    const first = after === undefined ? 0 : ordered.findIndex(({ start }) => start === after) + 1;
    const page = ordered.slice(first, first + PAGE);
    const home = settings.home === undefined ? undefined : open(settings.home);
    const found = await concurrently(page, AT_ONCE, async (interval) => {
      const known = home && (await knownRunOf(home, spec.dagId, interval.start, signal));
      return known === undefined ? { interval } : { interval, known };
    });
    return { dagId: spec.dagId, intervals: found, total: all.length, more: first + PAGE < all.length };
  });
}

/** Those that start in [from, to] and within the DAG's own dates. */
function intervalsOf(spec: DagSpec, from: string, to: string): DataInterval[] {
  if (spec.schedule === undefined)
    throw new FerryError(
      'SPEC_INVALID',
      `This backfill cannot start: ${spec.dagId} has no schedule, and so no intervals`,
    );
  return [...intervals(timetableOf(spec.schedule, spec.timezone), from, to)].filter(
    (interval) => beyondDates(spec, interval) === undefined,
  );
}
