import { type TasksInProcess, tasksInProcess } from '../activities/tasks-in-process.ts';
import { openClusters } from '../config/open-cluster.ts';
import { type ResolvedConfig, specLimits } from '../config/resolved.ts';

/** What tasks of DAGs do over the clusters of a config, in this process and without Temporal, until close(). */
export function openTasksInProcess(config: ResolvedConfig): TasksInProcess & { close(): Promise<void> } {
  const clusters = openClusters(config);
  const { poolBytes } = config.worker;
  const tasks = tasksInProcess({ open: clusters.open, limits: specLimits(config), poolBytes });
  return { ...tasks, close: () => clusters.close() };
}
