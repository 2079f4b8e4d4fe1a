import type { Backfill, ScheduleHandle } from '@temporalio/client';
import type { CatchUp } from '../../dag/catch-up.ts';
import type { DagSchedule } from '../../dag/dag-schedule.ts';
import type { BackfillDagInput } from '../../dag/run.ts';
import { fireAfter, timetableOf } from '../../dag/timetable.ts';
import { BACKFILL_DAG, backfillId } from '../../workflows/dag-messages.ts';
import type { TemporalClient } from '../temporal-client.ts';

/**
 * Has a backfill run what a DAG owes, where that is more than the newest interval; one that is under way for the same is
 * joined. Gives its workflow id.
 */
export async function startBackfill(
  { client }: TemporalClient,
  { spec, signature, taskQueue }: DagSchedule,
  catchUp: CatchUp | undefined,
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

/** For a schedule's `backfill`: the run of this nominal time starts at once, as it would have then. */
export function firing(nominal: string): Backfill {
  return { start: new Date(nominal), end: new Date(nominal), overlap: 'ALLOW_ALL' };
}

/**
 * Runs what was due between a decision and now: a schedule fires for nothing that passed before it was made, or while it was
 * paused.
 */
export async function makeUp(handle: ScheduleHandle, { spec }: DagSchedule, decidedAt: string): Promise<void> {
  const due = fireAfter(timetableOf(spec.schedule ?? '', spec.timezone), Date.parse(decidedAt));
  const now = Date.now();
  if (due <= now) await handle.backfill({ start: new Date(due), end: new Date(now), overlap: 'ALLOW_ALL' });
}
