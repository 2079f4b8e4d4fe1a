import type { CatchUp } from '../../dag/catch-up.ts';
import { owedAfterPause } from '../../dag/deployment.ts';
import type { TemporalClient } from '../temporal-client.ts';
import { firing, makeUp, startBackfill } from './catch-up-runs.ts';
import { deployedDag, scheduleIdOf } from './temporal-schedule.ts';

/** What a schedule that goes on makes up for, and the workflow id of the backfill that does. */
export type Resumed = { readonly catchUp?: CatchUp; readonly backfill?: string };

/**
 * Lets a paused schedule of a DAG go on, and has run what was due meanwhile: with catchup every interval, else the newest.
 * One that is not paused is left as it is. Throws the client's ScheduleNotFoundError.
 */
export async function resumeSchedule(temporal: TemporalClient, dagId: string, note: string): Promise<Resumed> {
  const handle = temporal.client.schedule.getHandle(scheduleIdOf(dagId));
  const deployed = deployedDag(dagId, await handle.describe());
  if (!deployed.paused) return {};
  const { schedule } = deployed;
  const now = new Date().toISOString();
  const catchUp = owedAfterPause(deployed, now);
  const backfill = schedule === undefined ? undefined : await startBackfill(temporal, schedule, catchUp);
  await handle.unpause(note);
  if (catchUp?.kind === 'newest') await handle.backfill(firing(catchUp.interval.end));
  if (schedule !== undefined) await makeUp(handle, schedule, now);
  return { ...(catchUp === undefined ? {} : { catchUp }), ...(backfill === undefined ? {} : { backfill }) };
}
