import { openClusters } from '../../config/open-cluster.ts';
import type { Connected } from '../with-temporal.ts';
import type { RunSources } from './known-runs.ts';

/** Works with Temporal and the run memory of the config, whose connections end with the work. */
export async function withRunSources<T>(
  { config, temporal }: Connected,
  work: (sources: RunSources) => Promise<T>,
): Promise<T> {
  const { home } = config.dags;
  const { signal } = new AbortController();
  if (home === undefined) return await work({ temporal, signal });
  const clusters = openClusters(config);
  try {
    return await work({ temporal, memory: clusters.open(home), signal });
  } finally {
    await clusters.close();
  }
}
