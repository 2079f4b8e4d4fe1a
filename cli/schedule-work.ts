import { ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { type TemporalClient, temporalError } from './temporal-client.ts';

export type ScheduledWork = {
  readonly id: string;
  /** Five fields, in UTC. */
  readonly cron: string;
  readonly type: string;
  readonly input: unknown;
  readonly taskQueue: string;
  readonly summary: string;
};

/**
 * Makes a Temporal schedule, or brings the one of that id to what is said here. While one of its runs goes on, the next is
 * skipped: it would do the same. After an outage of Temporal's only what is not older than an hour is made up for.
 */
export async function scheduleWork(temporal: TemporalClient, work: ScheduledWork): Promise<'made' | 'changed'> {
  const { schedule } = temporal.client;
  const options: Omit<ScheduleOptions, 'scheduleId' | 'memo'> = {
    spec: { cronExpressions: [work.cron] },
    policies: { overlap: 'SKIP', catchupWindow: '1h' },
    action: {
      type: 'startWorkflow',
      workflowType: work.type,
      workflowId: work.id,
      taskQueue: work.taskQueue,
      args: [work.input],
      staticSummary: work.summary,
    },
  };
  try {
    await schedule.create({ scheduleId: work.id, ...options });
    return 'made';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw refused(error, work, temporal);
  }
  try {
    await schedule.getHandle(work.id).update(({ state }) => ({ ...options, state }));
    return 'changed';
  } catch (error) {
    throw refused(error, work, temporal);
  }
}

/** The SDK throws a TypeError where the server does not take an argument. */
function refused(error: unknown, { id, cron }: ScheduledWork, temporal: TemporalClient): FerryError {
  if (error instanceof TypeError)
    return new FerryError('SPEC_INVALID', `--schedule: ${JSON.stringify(cron)}: ${messageOf(error)}`, { cause: error });
  return temporalError(error, `The schedule ${id} could not be made`, temporal);
}
