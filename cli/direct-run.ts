import { randomUUID } from 'node:crypto';
import { loadConfig } from '../config/load-config.ts';
import type { OpenClusters } from '../config/open-cluster.ts';
import { type ResolvedConfig, specLimits } from '../config/resolved.ts';
import type { Reader } from '../sync/engine.ts';
import type { ResolvedSpec } from '../sync/outcome.ts';
import { checkSpec, resolveSpec, type SpecLimits } from '../sync/spec.ts';
import { specIdentity } from '../sync/spec-identity.ts';
import { EXIT } from './exit-code.ts';
import { type ConfigFlags, configRequest } from './flags.ts';
import { Interrupted, onInterrupt } from './interrupt.ts';
import type { Io } from './io.ts';
import { type SpecFileFlags, specInput } from './spec-input.ts';

export type DirectWork<T> = {
  /** What is under way, for a person who waits. */
  readonly what: string;
  /** What the spec is checked against; as for a sync when left out. */
  readonly limitsOf?: (config: ResolvedConfig) => SpecLimits;
  readonly openClusters: (config: ResolvedConfig) => OpenClusters;
  readonly work: (reader: Reader, spec: ResolvedSpec) => Promise<T>;
};

/** Says every ten seconds that it is still at work. */
const SAY_EVERY_MS = 10_000;

/**
 * Runs a part of the engine that only reads, in this process and without Temporal. A signal to stop aborts it, and a
 * second one leaves at once.
 */
export async function directRun<T>(
  table: string | undefined,
  flags: ConfigFlags & SpecFileFlags,
  io: Io,
  { what, limitsOf = specLimits, openClusters, work }: DirectWork<T>,
): Promise<T> {
  const { config } = await loadConfig(configRequest(flags));
  const input = await specInput(table, flags, config.defaults.target);
  const limits = limitsOf(config);
  // A run of its own in name only: nothing is written under its key.
  const identity = { runKey: randomUUID(), workflowId: specIdentity(checkSpec(input, limits)), runId: '' };
  const spec = resolveSpec(input, { ...limits, identity });
  const clusters = openClusters(config);
  const stopping = new AbortController();
  const interrupts = onInterrupt(false, (interruption) => {
    if (interruption === 'leave-now') process.exit(EXIT.interrupted);
    stopping.abort(new Interrupted());
  });
  const since = Date.now();
  const saying = setInterval(
    () =>
      io.err.stream.write(
        `${what} of ${spec.source.database}.${spec.source.table} for ${Math.round((Date.now() - since) / 1000)} s\n`,
      ),
    SAY_EVERY_MS,
  );
  try {
    return await work(
      { open: clusters.open, signal: stopping.signal, heartbeat: () => {}, now: () => new Date() },
      spec,
    );
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : error;
  } finally {
    clearInterval(saying);
    interrupts.stop();
    await clusters.close();
  }
}
