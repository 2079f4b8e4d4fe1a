import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { ClearInput, DagRunView, FinishedTask, RunDagInput } from '../../dag/run.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { didYouMean, shown } from '../../sync/problems.ts';
import { isOpenStatus } from '../../sync/runs.ts';
import { RUN_DAG } from '../../workflows/dag-messages.ts';
import { type DagInput, dagInput } from '../dag/dag-input.ts';
import { DAG_RUN } from '../dag/dag-run-report.ts';
import { findDagRun } from '../dag/find-dag-run.ts';
import { ask } from '../dag/known-runs.ts';
import { localDags } from '../dag/local-dags.ts';
import { doWork, type TellingFlags, tellWork } from '../dag/tell-work.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { sendUpdate } from '../send-update.ts';
import { type Connected, withTemporal } from '../with-temporal.ts';

export type DagClearFlags = ConfigFlags &
  TellingFlags & {
    readonly interval?: string;
    /** Left out: true. */
    readonly downstream?: boolean;
  };

/**
 * `ferry dag clear <dag | run> <task...>`: has tasks of a run, and all that depends on them, run again. A run that goes on
 * takes them up; of one that has ended a new run starts under the same id, which takes over what had succeeded.
 */
export function dagClear(name: string, tasks: readonly string[], flags: DagClearFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const clear: ClearInput = { tasks, ...(flags.downstream === false ? { downstream: false } : {}) };
    const run = await findDagRun(connected, name, flags.interval);
    if (isOpenStatus(run.status.name)) return clearOpen(run, clear, flags, connected);
    const { dagId, ...asked } = await continuation(run, clear, connected);
    io.err.stream.write(`${run.workflowId} has ended; a new run takes over what it finished.\n`);
    const { workflowId, taskQueue } = run;
    const summary = `${dagId}, clear ${tasks.join(', ')}`;
    const input = { ...(await dagOf(dagId, connected)), ...asked };
    return doWork({ type: 'runDag', workflowId, taskQueue, input, summary }, DAG_RUN, flags, connected);
  });
}

/** The DAG as it is now, as Airflow clears tasks; a machine that has no file of it names it to the worker. */
async function dagOf(dagId: string, { config }: Connected): Promise<DagInput> {
  const { dags } = await localDags(config);
  const local = dags.filter(({ spec }) => spec.dagId === dagId);
  return local[0] === undefined || local.length > 1 ? { dag: dagId } : dagInput(config, local[0].spec);
}

async function clearOpen(
  { workflowId, runId, taskQueue }: WorkflowExecutionDescription,
  clear: ClearInput,
  flags: TellingFlags,
  connected: Connected,
): Promise<number> {
  const { io, temporal } = connected;
  const run = { workflowId, runId, taskQueue };
  const cleared = await sendUpdate<readonly string[]>(temporal, run, RUN_DAG.clear, clear);
  if (flags.detach === true && flags.json === true) {
    writeJson(io, { schemaVersion: 1, workflowId, runId, cleared });
    return EXIT.all;
  }
  const told = flags.detach === true ? io.out : io.err;
  told.stream.write(`Runs again: ${cleared.join(', ')}\n`);
  if (flags.detach === true) return EXIT.all;
  const handle = temporal.client.workflow.getHandle(workflowId, runId);
  return tellWork({ handle, runId, how: 'Following' }, DAG_RUN, flags, connected);
}

type Continuation = Required<Pick<RunDagInput, 'interval' | 'rerun' | 'params' | 'continued'>> & {
  readonly dagId: string;
};

/** What a new run of the same interval starts with. A worker has to be there, to tell what the closed one finished. */
async function continuation(
  { workflowId, runId, raw }: WorkflowExecutionDescription,
  clear: ClearInput,
  { temporal }: Connected,
): Promise<Continuation> {
  const [view, finished] = await Promise.all([
    ask<DagRunView>(temporal, workflowId, RUN_DAG.state),
    ask<readonly FinishedTask[]>(temporal, workflowId, RUN_DAG.finished),
  ]);
  if (view === undefined || finished === undefined)
    throw new FerryError(
      'UNREACHABLE',
      `No worker tells what ${workflowId} has finished; start one, or look at its log.`,
    );
  const other = view.outcome?.other;
  if (other !== undefined)
    throw new FerryError('SPEC_INVALID', `${workflowId} did nothing; the run of its interval is ${other.workflowId}.`);
  const known = view.tasks.map(({ taskId }) => taskId);
  const [unknown] = clear.tasks.filter((taskId) => !known.includes(taskId));
  if (unknown !== undefined)
    throw new FerryError('SPEC_INVALID', `${shown(unknown)} is no task of ${view.dagId}${didYouMean(unknown, known)}`);
  const runKey = raw.workflowExecutionInfo?.firstRunId || runId;
  return {
    dagId: view.dagId,
    interval: view.interval,
    params: view.params,
    // Somebody wants it to run, whether it has succeeded before or not.
    rerun: true,
    continued: { from: { workflowId, runKey }, tasks: finished, clear },
  };
}
