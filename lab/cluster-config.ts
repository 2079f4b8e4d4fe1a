import type { ClusterConfig } from '../config/config.ts';
import type { LabCluster } from './state.ts';

/** How temporal.config.ts names a cluster of the lab, for one of its users. */
export function clusterConfig(
  { webhdfs, fileSystem, metastore, hiveserver2 }: LabCluster,
  user: string,
): ClusterConfig {
  return { webhdfs, fileSystem, metastore, user, hiveserver2: { ...hiveserver2, auth: 'nosasl' } };
}
