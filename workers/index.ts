/** The public door 'hive-ferry/worker': hive-ferry in a worker of one's own, or as a worker of its own. */
export { type LoadOptions, loadConfig } from '../config/load-config.ts';
export type { ResolvedConfig } from '../config/resolved.ts';
export { HiveFerryPlugin } from './plugin.ts';
export { createFerryWorker as createWorker, type FerryWorker, type FerryWorkerOptions } from './worker.ts';
