import { WorkflowNotFoundError } from '@temporalio/client';
import { loadConfig } from '../../config/load-config.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { commandLine } from '../command-lines.ts';
import { type ConfigFlags, overridesOf } from '../flags.ts';
import { followRun } from '../follow-run.ts';
import type { Io } from '../io.ts';
import { progressDisplay } from '../progress-display.ts';
import { askedOf, SYNC_TYPE } from '../sync-run.ts';
import { endWithError, type Telling } from '../tell-end.ts';
import { connectTemporal, type TemporalClient, temporalError } from '../temporal-client.ts';

export type WatchFlags = ConfigFlags & { readonly runId?: string; readonly json?: boolean };

/**
 * `ferry watch <workflow id>`: shows a run that was started elsewhere until its end, and tells that as `ferry sync` does,
 * with the same exit codes. A run that has ended is told at once. Whatever stops this command leaves the run alone.
 */
export async function watch(workflowId: string, flags: WatchFlags, io: Io): Promise<number> {
  const { config } = await loadConfig({
    ...(flags.config === undefined ? {} : { file: flags.config }),
    overrides: overridesOf(flags),
  });
  const asked = { source: '', target: '', table: '', selection: '', workflowId };
  let telling: Telling = { io, json: flags.json === true, asked, since: new Date() };
  let temporal: TemporalClient | undefined;
  try {
    temporal = await connectTemporal(config);
    const found = await find(temporal, workflowId, flags.runId);
    const { runId, taskQueue, memo, startTime } = found;
    telling = { ...telling, asked: { ...asked, ...askedOf(memo), runId }, since: startTime, goOn: goOn(io, memo) };
    const handle = temporal.client.workflow.getHandle(workflowId, runId);
    const followed = { handle, runId, taskQueue, how: 'Watching', owned: false };
    return await followRun(followed, progressDisplay(io.err), { ...telling, temporal, config });
  } catch (error) {
    return endWithError(error, telling);
  } finally {
    await temporal?.close();
  }
}

async function find(temporal: TemporalClient, workflowId: string, runId: string | undefined) {
  const { client, namespace } = temporal;
  const which = runId === undefined ? workflowId : `${workflowId} (run ${runId})`;
  const description = await client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw temporalError(error, 'The run could not be found', temporal);
      throw new FerryError('SPEC_INVALID', `There is no workflow ${which} in the namespace ${namespace}.`, {
        cause: error,
      });
    });
  if (description.type === SYNC_TYPE) return description;
  throw new FerryError('SPEC_INVALID', `${which} is a workflow of the type ${description.type}, not ${SYNC_TYPE}.`);
}

/** The sync to be started again; its other options stand in the run's memo. */
function goOn({ program }: Io, memo: Parameters<typeof askedOf>[0]): string {
  const asked = askedOf(memo);
  if (asked === undefined) return `${program} sync, with the input of this run`;
  const { table, source, target } = asked;
  return `${commandLine(program, ['sync', table, '--source', source, '--target', target])}, with the options of this run`;
}
