import { findRunning } from './find-run.ts';
import type { ConfigFlags } from './flags.ts';
import type { Io } from './io.ts';
import type { MessagedRun } from './send-update.ts';
import type { TemporalClient } from './temporal-client.ts';
import { withTemporal } from './with-temporal.ts';

/** The options of a command about a run that goes on. */
export type RunFlags = ConfigFlags & { readonly runId?: string; readonly json?: boolean };

export type Running = { readonly temporal: TemporalClient; readonly run: MessagedRun };

/** Finds the run that goes on under this workflow id, or of this table, and works on it. Throws as findRunning does. */
export function withRunning<T>(
  name: string,
  flags: RunFlags,
  io: Io,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  return withTemporal(flags, io, async ({ temporal }) => {
    const { workflowId, runId, taskQueue } = await findRunning(temporal, name, flags.runId);
    return await work({ temporal, run: { workflowId, runId, taskQueue } });
  });
}
