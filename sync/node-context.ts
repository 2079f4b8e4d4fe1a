import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import type { Ledger } from './ledger.ts';
import type { Lease } from './memory-pool.ts';
import type { NodeRef, ResolvedSpec } from './outcome.ts';
import type { NodeMeter } from './progress.ts';
import type { AttemptFolder } from './run-folder.ts';
import type { Streams } from './streams.ts';

/** What one attempt at a node works with. */
export type NodeContext = {
  readonly engine: Engine;
  readonly spec: ResolvedSpec;
  readonly source: Cluster;
  readonly target: Cluster;
  readonly node: NodeRef;
  readonly lease: Lease;
  readonly streams: Streams;
  readonly ledger: Ledger;
  readonly meter: NodeMeter;
  /** A number never given before in this attempt, for names below its folders. */
  serial(): number;
};

/** A node's work under one stage root. */
export type AttemptContext = NodeContext & {
  readonly folder: AttemptFolder;
  /** Folders with what closed runs had verified (take-over). */
  readonly taken: readonly string[];
};
