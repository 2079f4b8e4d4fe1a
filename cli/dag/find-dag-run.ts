import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { decideInterval } from '../../dag/decide-interval.ts';
import { knownRunOf } from '../../dag/run-memory.ts';
import type { DataInterval } from '../../dag/spec.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { dagRunId, RUN_DAG } from '../../workflows/dag-messages.ts';
import { commandLine } from '../command-lines.ts';
import { type TemporalClient, temporalError } from '../temporal-client.ts';
import type { Connected } from '../with-temporal.ts';
import { claimsOf } from './known-runs.ts';
import { localDag } from './local-dag.ts';
import { withRunSources } from './run-sources.ts';

/**
 * The run that a workflow id names; or that of a DAG's interval (the last complete one where none is given): the one that
 * goes on, else the latest. An id may also be that of a workflow of the types in `also`. Throws SPEC_INVALID when Temporal
 * knows none.
 */
export async function findDagRun(
  connected: Connected,
  name: string,
  interval: string | undefined,
  ...also: readonly string[]
): Promise<WorkflowExecutionDescription> {
  const named = interval === undefined ? await describeRun(connected.temporal, name, ...also) : undefined;
  return named ?? (await runOfInterval(connected, name, interval));
}

/** undefined: Temporal knows no workflow of this id. SPEC_INVALID: it is no run of a DAG. */
export async function describeRun(
  temporal: TemporalClient,
  workflowId: string,
  ...also: readonly string[]
): Promise<WorkflowExecutionDescription | undefined> {
  let found: WorkflowExecutionDescription;
  try {
    found = await temporal.client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw temporalError(error, `${workflowId} could not be looked at`, temporal);
  }
  if ([RUN_DAG.workflow, ...also].includes(found.type)) return found;
  throw new FerryError('SPEC_INVALID', `${workflowId} is a workflow of the type ${found.type}, not a run of a DAG.`);
}

async function runOfInterval(
  connected: Connected,
  dagId: string,
  given: string | undefined,
): Promise<WorkflowExecutionDescription> {
  const { config, temporal, io } = connected;
  const spec = await localDag(config, dagId);
  const startedAt = new Date().toISOString();
  const { interval } = decideInterval(spec, { startedAt, ...(given === undefined ? {} : { given }) });
  const ids = await idsOf(connected, dagId, interval);
  for (const id of ids) {
    const found = await describeRun(temporal, id);
    if (found !== undefined) return found;
  }
  const again = commandLine(io.program, ['dag', 'trigger', dagId, '--interval', interval.start, '--rerun']);
  throw new FerryError(
    'SPEC_INVALID',
    `Temporal knows no run of ${dagId} for the interval that starts at ${interval.start} (any more). To run all of it: ${again}`,
  );
}

/** The ids that a run of an interval may have: that of whoever holds the interval, the usual one, that of the last run. */
async function idsOf(connected: Connected, dagId: string, interval: DataInterval): Promise<readonly string[]> {
  return await withRunSources(connected, async ({ temporal, memory, signal }) => {
    const claimed = (await claimsOf(temporal, dagId)).get(interval.start)?.claim.run.workflowId;
    const known = memory && (await knownRunOf(memory, dagId, interval.start, signal));
    return [claimed, dagRunId(dagId, interval.end), known?.workflowId].flatMap((id) => id ?? []);
  });
}
