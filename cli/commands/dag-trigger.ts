import { decideInterval } from '../../dag/decide-interval.ts';
import type { RunDagInput } from '../../dag/run.ts';
import { dagRunId } from '../../workflows/dag-messages.ts';
import { dagInput } from '../dag/dag-input.ts';
import { DAG_RUN } from '../dag/dag-run-report.ts';
import { localDag } from '../dag/local-dag.ts';
import { type ParamsFlags, paramsOfFlags } from '../dag/params-flags.ts';
import { doWork, type TellingFlags } from '../dag/tell-work.ts';
import type { ConfigFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { withTemporal } from '../with-temporal.ts';

export type DagTriggerFlags = ConfigFlags &
  ParamsFlags &
  TellingFlags & { readonly interval?: string; readonly rerun?: boolean };

/**
 * `ferry dag trigger <dag>`: runs a DAG for one interval, the last complete one where none is named, under the id that its
 * schedule would give the run. An interval that has succeeded already is not run again.
 */
export function dagTrigger(dagId: string, flags: DagTriggerFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const { config } = connected;
    const spec = await localDag(config, dagId);
    const params = await paramsOfFlags(spec, flags);
    const startedAt = new Date().toISOString();
    const { interval } = decideInterval(spec, {
      startedAt,
      ...(flags.interval === undefined ? {} : { given: flags.interval }),
    });
    const input: RunDagInput = {
      ...dagInput(config, spec),
      interval,
      ...(params === undefined ? {} : { params }),
      ...(flags.rerun === true ? { rerun: true } : {}),
    };
    const summary = `${dagId}, ${interval.start} to ${interval.end}`;
    const { taskQueue } = config.temporal;
    const workflowId = dagRunId(dagId, interval.end);
    return doWork({ type: 'runDag', workflowId, taskQueue, input, summary }, DAG_RUN, flags, connected);
  });
}
