import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { FerryError } from '../errors/ferry-error.ts';
import type { ConfigFlags } from './flags.ts';
import { Interrupted, onInterrupt } from './interrupt.ts';
import type { Io } from './io.ts';
import { startLocalWorker } from './local-worker.ts';
import { endOfFailure } from './sync-run.ts';
import { hasPollers, type TemporalClient, temporalError } from './temporal-client.ts';
import type { Connected } from './with-temporal.ts';

/** The options of every command that has a workflow do its work and waits for the end. */
export type WorkFlags = ConfigFlags & { readonly local?: boolean };

export type Work = {
  readonly type: string;
  readonly workflowId: string;
  readonly input: unknown;
  readonly summary: string;
  /** 'join': one that is under way does the same; 'refuse': it may do something else. */
  readonly underWay: 'join' | 'refuse';
};

/**
 * Starts a workflow, or joins the one that does the same, and waits for its result. Told to stop, it leaves the workflow
 * alone and throws Interrupted. A failure of the workflow is thrown as the FerryError that it was.
 */
export async function resultOf<T>({ config, temporal, io }: Connected, { local }: WorkFlags, work: Work): Promise<T> {
  const say = (line: string) => void io.err.stream.write(`${line}\n`);
  const { taskQueue } = config.temporal;
  const worker = local ? await startLocalWorker({ config, say, json: !io.err.isTty }) : undefined;
  const done = new AbortController();
  const stop = stopping();
  try {
    const handle = await begin(temporal.client, taskQueue, work);
    void sayWhenUnserved(temporal, taskQueue, say, done.signal, io);
    // A wait that outlives the connection is tried again by the client, and ends the process with an error.
    const ended = temporal.client.withAbortSignal(done.signal, () => handle.result());
    return (await Promise.race([ended, stop.asked, ...(worker ? [worker.failed] : [])])) as T;
  } catch (error) {
    if (error instanceof WorkflowFailedError) {
      const end = endOfFailure(error.cause);
      if (end.kind === 'error') throw new FerryError(end.code, end.message);
    }
    if (error instanceof Interrupted) say(`The work goes on as ${work.workflowId}.`);
    throw error instanceof FerryError || error instanceof Interrupted
      ? error
      : temporalError(error, `${work.summary} could not be done`, temporal);
  } finally {
    done.abort();
    stop.stop();
    await worker?.drain();
  }
}

async function begin(client: Client, taskQueue: string, { type, workflowId, input, summary, underWay }: Work) {
  const options: WorkflowStartOptions = {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: underWay === 'join' ? 'USE_EXISTING' : 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: summary,
  };
  try {
    return await client.workflow.start(type, options);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new FerryError('SPEC_INVALID', `This is being done already (${workflowId}); wait for its end.`, {
      cause: error,
    });
  }
}

function stopping(): { readonly asked: Promise<never>; stop(): void } {
  let leave: (reason: Interrupted) => void = () => {};
  const asked = new Promise<never>((_, reject) => {
    leave = reject;
  });
  asked.catch(() => {});
  const { stop } = onInterrupt(true, () => leave(new Interrupted()));
  return { asked, stop };
}

/** A worker that has just started is not known to ask for work yet. */
const SERVED_WITHIN_MS = 5_000;

/** Says so when nobody asks for the work of a task queue, some seconds from now and unless `signal` is aborted. */
export async function sayWhenUnserved(
  temporal: TemporalClient,
  taskQueue: string,
  say: (line: string) => void,
  signal: AbortSignal,
  { program }: Io,
): Promise<void> {
  try {
    await sleep(SERVED_WITHIN_MS, undefined, { signal });
    if (!(await hasPollers(temporal, taskQueue, Date.now())))
      say(`No worker asks for the work of task queue "${taskQueue}"; start one: ${program} worker`);
  } catch {
    // Only a hint: the result, or why there is none, comes by itself.
  }
}
