/** The public door of hive-ferry for a temporal.config.ts and for code that starts runs: light, without Temporal and adapters. */
export type { ClusterConfig, Config, DefaultsConfig, TemporalConfig, WorkerConfig } from './config/config.ts';
export { defineConfig } from './config/define-config.ts';
export type { Audience, Code, RetryClass } from './errors/codes.ts';
export { FerryError, isFerryError } from './errors/ferry-error.ts';
export type { NodeProgress, Outcome, OutcomeKind, PartitionFailure } from './sync/outcome.ts';
export type { SyncSpec } from './sync/spec-schema.ts';
