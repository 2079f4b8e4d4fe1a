import type { OpenCluster } from '../sync/cluster.ts';
import { lastSuccesses } from '../sync/last-successes.ts';
import type { Metrics } from './metrics.ts';

/**
 * Tells the metrics when each table of these targets was last synced well, from the records on them: a worker that has
 * just started knows it too. A target that cannot be read is left out, until its next sync.
 */
export async function recallSuccesses(
  metrics: Metrics,
  open: OpenCluster,
  targets: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const target of targets) {
    try {
      for await (const outcome of lastSuccesses(open(target), signal)) metrics.succeeded(outcome);
    } catch {
      if (signal.aborted) return;
    }
  }
}
