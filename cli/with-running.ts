import { loadConfig } from '../config/load-config.ts';
import { findRunning } from './find-run.ts';
import { type ConfigFlags, overridesOf } from './flags.ts';
import type { MessagedRun } from './pause-run.ts';
import { connectTemporal, type TemporalClient } from './temporal-client.ts';

/** The options of a command about a run that goes on. */
export type RunFlags = ConfigFlags & { readonly runId?: string; readonly json?: boolean };

export type Running = { readonly temporal: TemporalClient; readonly run: MessagedRun };

/** Finds the run that goes on under this workflow id, or of this table, and works on it. Throws as findRunning does. */
export async function withRunning<T>(
  name: string,
  flags: RunFlags,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const { config } = await loadConfig({
    ...(flags.config === undefined ? {} : { file: flags.config }),
    overrides: overridesOf(flags),
  });
  const temporal = await connectTemporal(config);
  try {
    const { workflowId, runId, taskQueue } = await findRunning(temporal, name, flags.runId);
    return await work({ temporal, run: { workflowId, runId, taskQueue } });
  } finally {
    await temporal.close();
  }
}
