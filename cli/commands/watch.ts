import type { WorkflowExecutionDescription } from '@temporalio/client';
import { loadConfig } from '../../config/load-config.ts';
import { commandLine } from '../command-lines.ts';
import { findRun } from '../find-run.ts';
import { type ConfigFlags, configRequest } from '../flags.ts';
import { followRun } from '../follow-run.ts';
import type { Io } from '../io.ts';
import { type LocalWorker, startLocalWorker } from '../local-worker.ts';
import { progressDisplay } from '../progress-display.ts';
import { askedOf } from '../sync-run.ts';
import { endWithError, type Telling } from '../tell-end.ts';
import { connectTemporal, type TemporalClient } from '../temporal-client.ts';

export type WatchFlags = ConfigFlags & { readonly runId?: string; readonly json?: boolean };

/**
 * `ferry watch <workflow id | table>`: shows a run that was started elsewhere until its end, and tells that as `ferry sync`
 * does, with the same exit codes. A run that has ended is told at once. Whatever stops this command leaves the run alone.
 */
export function watch(name: string, flags: WatchFlags, io: Io): Promise<number> {
  return watchRun(name, flags, io, { how: 'Watching', find: findRun });
}

export type Watching = {
  /** What is said of the run when it is followed: 'Watching'. */
  readonly how: string;
  readonly find: typeof findRun;
  /** What the run is told before it is followed. */
  readonly first?: (temporal: TemporalClient, run: WorkflowExecutionDescription) => Promise<unknown>;
  /** With a worker in this process; the command then stands for the run, as `ferry sync --local` does. */
  readonly local?: boolean;
};

/** Finds a run, tells it something, and watches it until its end. */
export async function watchRun(name: string, flags: WatchFlags, io: Io, watching: Watching): Promise<number> {
  const { how, find, first, local = false } = watching;
  const { config } = await loadConfig(configRequest(flags));
  const asked = { source: '', target: '', table: '', selection: '', workflowId: name };
  let telling: Telling = { io, json: flags.json === true, asked, since: new Date() };
  let temporal: TemporalClient | undefined;
  let worker: LocalWorker | undefined;
  try {
    temporal = await connectTemporal(config);
    const run = await find(temporal, name, flags.runId);
    const { workflowId, runId, taskQueue, memo, startTime } = run;
    const known = { ...asked, ...askedOf(memo), workflowId, runId };
    telling = { ...telling, asked: known, since: startTime, goOn: goOn(io, memo) };
    const display = progressDisplay(io.err);
    if (local) worker = await startLocalWorker({ config, say: display.say, json: !io.err.isTty });
    await first?.(temporal, run);
    const handle = temporal.client.workflow.getHandle(workflowId, runId);
    const followed = { handle, runId, taskQueue, how, owned: local, worker };
    return await followRun(followed, display, { ...telling, temporal, config, flags });
  } catch (error) {
    return endWithError(error, telling);
  } finally {
    await worker?.drain();
    await temporal?.close();
  }
}

/** The sync to be started again; its other options stand in the run's memo. */
function goOn({ program }: Io, memo: Parameters<typeof askedOf>[0]): string {
  const asked = askedOf(memo);
  if (asked === undefined) return `${program} sync, with the input of this run`;
  const { table, source, target } = asked;
  return `${commandLine(program, ['sync', table, '--source', source, '--target', target])}, with the options of this run`;
}
