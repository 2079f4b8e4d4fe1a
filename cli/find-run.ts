import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { FerryError } from '../errors/ferry-error.ts';
import { isOpenStatus } from '../sync/runs.ts';
import { codecsOf, decodedMemo } from './decoded.ts';
import { listRuns } from './list-runs.ts';
import { hasEnded, SYNC_TYPE, specOfMemo } from './sync-run.ts';
import { type TemporalClient, temporalError } from './temporal-client.ts';

/** A table as it is named on the command line: the whole of it, and nothing that is also in a path. */
const TABLE = /^[^/.\s]+\.[^/.\s]+$/;

type Listed = { readonly workflowId: string; readonly memo?: Readonly<Record<string, unknown>> };

/**
 * The run that a workflow id names, or the one run of a table (db.table, of the source or the target): the one that goes on, else the
 * latest that has ended. Throws SPEC_INVALID when there is none, when it is no sync, and, with their ids, when several go on.
 */
export async function findRun(
  temporal: TemporalClient,
  name: string,
  runId?: string,
): Promise<WorkflowExecutionDescription> {
  const described = await describe(temporal, name, runId);
  if (described !== undefined) return described;
  const workflowId = runId === undefined && TABLE.test(name) ? await idOfTable(temporal, name) : undefined;
  const found = workflowId === undefined ? undefined : await describe(temporal, workflowId, undefined);
  if (found !== undefined) return found;
  const what = runId === undefined ? name : `${name} (run ${runId})`;
  const orTable = TABLE.test(name) ? ', and no sync of a table of that name' : '';
  throw new FerryError(
    'SPEC_INVALID',
    `There is no workflow ${what} in the namespace ${temporal.namespace}${orTable}.`,
  );
}

/** findRun, of a run that goes on; RUN_CLOSED when it has ended. */
export async function findRunning(
  temporal: TemporalClient,
  name: string,
  runId?: string,
): Promise<WorkflowExecutionDescription> {
  const found = await findRun(temporal, name, runId);
  if (isOpenStatus(found.status.name)) return found;
  throw hasEnded(found);
}

/** Whether a run copies this table, by its id (sync/<target>/<db.table>/<hash>) or by what it was asked for. */
export function isOfTable({ workflowId, memo }: Listed, table: string): boolean {
  const [kind, , target] = workflowId.split('/');
  const spec = specOfMemo(memo);
  return (kind === 'sync' && target === table) || spec?.table === table || spec?.target.table === table;
}

async function describe(
  { client, ...temporal }: TemporalClient,
  workflowId: string,
  runId: string | undefined,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    const description = await client.workflow.getHandle(workflowId, runId).describe();
    if (description.type === SYNC_TYPE) return description;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw temporalError(error, 'The run could not be found', temporal);
  }
  throw new FerryError('SPEC_INVALID', `${workflowId} is not a workflow of the type ${SYNC_TYPE}.`);
}

async function idOfTable(temporal: TemporalClient, table: string): Promise<string | undefined> {
  const running = new Set<string>();
  // A run that Temporal has paused is not Running to it, and older servers refuse the word Paused.
  for await (const run of listed(temporal, 'CloseTime IS NULL')) {
    if (isOfTable(run, table)) running.add(run.workflowId);
  }
  const [only, ...others] = running;
  if (others.length > 0) {
    const ids = [...running].sort().join(', ');
    throw new FerryError('SPEC_INVALID', `Several syncs of ${table} go on; name one of them by its id: ${ids}`);
  }
  if (only !== undefined) return only;
  for await (const run of listed(temporal, 'CloseTime IS NOT NULL')) {
    if (isOfTable(run, table)) return run.workflowId;
  }
  return undefined;
}

async function* listed(temporal: TemporalClient, which: string): AsyncGenerator<Listed> {
  const codecs = codecsOf(temporal.client);
  const query = `WorkflowType = '${SYNC_TYPE}' AND ${which}`;
  for await (const { execution, memo } of listRuns(temporal, query, 'The runs could not be listed'))
    yield { workflowId: execution?.workflowId ?? '', memo: await decodedMemo(memo?.fields ?? {}, codecs) };
}
