import { ScheduleNotFoundError } from '@temporalio/client';
import type { DeployedDag } from '../../dag/deployment.ts';
import { concurrently } from '../../sync/concurrently.ts';
import { RUN_DAG } from '../../workflows/dag-messages.ts';
import { type TemporalClient, temporalError } from '../temporal-client.ts';
import { dagIdOf, deployedDag, scheduleIdOf } from './temporal-schedule.ts';

const AT_ONCE = 8;

/**
 * The schedules of DAGs on the server: of those named, and of all others whose runs go to this task queue. The server's
 * list of schedules may be some seconds old; those named are asked for one by one. Throws UNREACHABLE.
 */
export async function deployedDags(
  temporal: TemporalClient,
  taskQueue: string,
  named: readonly string[],
): Promise<readonly DeployedDag[]> {
  try {
    const listed = await listedIds(temporal);
    const ids = [...new Set([...named, ...listed])].sort();
    const found = await concurrently(ids, AT_ONCE, (dagId) => describe(temporal, dagId));
    return found.flatMap((each) => {
      if (each === undefined) return [];
      return named.includes(each.dag.dagId) || each.taskQueue === taskQueue ? [each.dag] : [];
    });
  } catch (error) {
    throw temporalError(error, 'The schedules cannot be read', temporal);
  }
}

async function listedIds({ client }: TemporalClient): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { scheduleId, action } of client.schedule.list()) {
    const dagId = dagIdOf(scheduleId);
    if (dagId !== undefined && action?.workflowType === RUN_DAG.workflow) ids.push(dagId);
  }
  return ids;
}

async function describe(
  { client }: TemporalClient,
  dagId: string,
): Promise<{ readonly dag: DeployedDag; readonly taskQueue: string } | undefined> {
  try {
    const description = await client.schedule.getHandle(scheduleIdOf(dagId)).describe();
    return { dag: deployedDag(dagId, description), taskQueue: description.action.taskQueue };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
