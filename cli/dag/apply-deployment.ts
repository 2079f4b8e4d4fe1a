import type { ScheduleHandle } from '@temporalio/client';
import type { DagSchedule } from '../../dag/dag-schedule.ts';
import { type DeployAction, type Deployment, isChange, NO_FILE_NOTE } from '../../dag/deployment.ts';
import { type TemporalClient, temporalError } from '../temporal-client.ts';
import { firing, makeUp, startBackfill } from './catch-up-runs.ts';
import { scheduleIdOf, scheduleOptions } from './temporal-schedule.ts';

/** How a change ended: done, or why not. `backfill`: the workflow id of the one that was started with it. */
export type DeploymentEnd = { readonly action: DeployAction; readonly backfill?: string; readonly error?: string };

/** `at`: when; RFC 3339. */
export type Decided = { readonly deployments: readonly Deployment[]; readonly at: string };

/** Makes the changes one after the other; one that fails keeps none of the others back. By dag_id. */
export async function applyAll(
  temporal: TemporalClient,
  { deployments, at }: Decided,
): Promise<ReadonlyMap<string, DeploymentEnd>> {
  const ends = new Map<string, DeploymentEnd>();
  for (const deployment of deployments.filter(isChange)) {
    const { dagId, action } = deployment;
    try {
      ends.set(dagId, { action, ...(await applyDeployment(temporal, deployment, at)) });
    } catch (error) {
      ends.set(dagId, { action, error: temporalError(error, `${dagId}: ${action} failed`, temporal).message });
    }
  }
  return ends;
}

/**
 * Does what was decided. Safe to repeat. What is owed comes first: a deploy that ends in the middle is then decided again,
 * and the backfill that is under way is joined.
 */
async function applyDeployment(
  temporal: TemporalClient,
  deployment: Deployment,
  decidedAt: string,
): Promise<Pick<DeploymentEnd, 'backfill'>> {
  const { dagId, action, schedule, paused, catchUp } = deployment;
  const handle = temporal.client.schedule.getHandle(scheduleIdOf(dagId));
  switch (action) {
    case 'unchanged':
    case 'by-hand':
      return {};
    case 'remove':
      await handle.delete();
      return {};
    case 'pause':
      await handle.pause(NO_FILE_NOTE);
      return {};
    case 'create':
    case 'update':
    case 'unpause': {
      if (schedule === undefined) return {};
      const backfill = await startBackfill(temporal, schedule, catchUp);
      if (action === 'create') await create(temporal, schedule, catchUp);
      else await change(handle, schedule, { paused, unpause: action === 'unpause' }, catchUp);
      if (!paused) await makeUp(handle, schedule, decidedAt);
      return backfill === undefined ? {} : { backfill };
    }
  }
}

async function create(
  { client }: TemporalClient,
  schedule: DagSchedule,
  catchUp: Deployment['catchUp'],
): Promise<void> {
  await client.schedule.create({
    scheduleId: scheduleIdOf(schedule.spec.dagId),
    ...scheduleOptions(schedule),
    state: catchUp?.kind === 'newest' ? { backfill: [firing(catchUp.interval.end)] } : {},
  });
}

async function change(
  handle: ScheduleHandle,
  schedule: DagSchedule,
  { paused, unpause }: { readonly paused: boolean; readonly unpause: boolean },
  catchUp: Deployment['catchUp'],
): Promise<void> {
  await handle.update(({ state }) => ({
    ...scheduleOptions(schedule),
    state: { ...state, paused, ...(unpause ? { note: '' } : {}) },
  }));
  if (catchUp?.kind === 'newest') await handle.backfill(firing(catchUp.interval.end));
}
