import type { Backfill, ScheduleHandle } from '@temporalio/client';
import { catchUpOf } from '../../dag/catch-up.ts';
import type { DagSchedule } from '../../dag/dag-schedule.ts';
import { type DeployAction, type Deployment, isChange, NO_FILE_NOTE } from '../../dag/deployment.ts';
import type { BackfillDagInput } from '../../dag/run.ts';
import { BACKFILL_DAG, backfillId } from '../../workflows/dag-messages.ts';
import { type TemporalClient, temporalError } from '../temporal-client.ts';
import { scheduleIdOf, scheduleOptions } from './temporal-schedule.ts';

/** How a change ended: done, or why not. `backfill`: the workflow id of the one that was started with it. */
export type DeploymentEnd = { readonly action: DeployAction; readonly backfill?: string; readonly error?: string };

/** Makes the changes one after the other; one that fails keeps none of the others back. By dag_id. */
export async function applyAll(
  temporal: TemporalClient,
  deployments: readonly Deployment[],
): Promise<ReadonlyMap<string, DeploymentEnd>> {
  const ends = new Map<string, DeploymentEnd>();
  for (const deployment of deployments.filter(isChange)) {
    const { dagId, action } = deployment;
    try {
      ends.set(dagId, { action, ...(await applyDeployment(temporal, deployment)) });
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
      if (catchUp !== undefined) await makeUp(handle, schedule, catchUp);
      return backfill === undefined ? {} : { backfill };
    }
  }
}

/** A workflow of its own, which takes the intervals in order and tells of each. */
async function startBackfill(
  { client }: TemporalClient,
  { spec, signature, taskQueue }: DagSchedule,
  catchUp: Deployment['catchUp'],
): Promise<string | undefined> {
  if (catchUp?.kind !== 'all') return undefined;
  const { from, to } = catchUp;
  const input: BackfillDagInput = { spec, ...(signature === undefined ? {} : { signature }), from, to };
  const workflowId = backfillId(spec.dagId, from, to);
  await client.workflow.start(BACKFILL_DAG.workflow, {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `${spec.dagId}, ${from} to ${to}`,
  });
  return workflowId;
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

/** The times that passed between the decision and the schedule's first moment on the server, which fires for later ones only. */
async function makeUp(
  handle: ScheduleHandle,
  { spec }: DagSchedule,
  catchUp: NonNullable<Deployment['catchUp']>,
): Promise<void> {
  const fired = catchUp.kind === 'newest' ? catchUp.interval.end : catchUp.end;
  const late = catchUpOf({ ...spec, catchup: true }, new Date().toISOString(), fired);
  if (late?.kind === 'all')
    await handle.backfill({ ...firing(fired), start: new Date(Date.parse(fired) + 1), end: new Date() });
}

/** The server starts the run of this nominal time, at once. */
function firing(nominal: string): Backfill {
  return { start: new Date(nominal), end: new Date(nominal), overlap: 'ALLOW_ALL' };
}
