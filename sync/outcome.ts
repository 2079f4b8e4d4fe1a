import type { Code } from '../errors/codes.ts';
import type { PresetTable } from '../hive/preset-table.ts';

/** The input of a run after zod, config and defaults: plain data, recorded in history; nothing later reads config. */
export type ResolvedSpec = {
  readonly schemaVersion: 1;
  /** The engine that the run was started with; a change of what it writes on the target raises it. */
  readonly engine: 1;
  /** originalExecutionRunId: the same after a reset. Every path that the run writes carries it. */
  readonly runKey: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly uiUrl?: string;
  readonly source: TableAt;
  readonly target: TableAt & { readonly location?: string };
  /** Hive partition names ('dt=2026-01-01/region=eu'), or the last ones in the order of their values; left out: all of the table. */
  readonly partitions?: readonly string[] | { readonly last: number };
  /** A predicate over the partition keys (sync/selection); left out: all of the table. */
  readonly where?: string;
  readonly nodes: { readonly count: number; readonly memoryBytes: number };
  /** 'auto': swap for a partitioned table, relocate for an unpartitioned one. */
  readonly publish: 'auto' | 'swap' | 'relocate';
  readonly compare: 'mtime' | 'content';
  readonly overwrite: 'never' | 'diverged';
  readonly verify: 'checksum' | 'stream' | 'length';
  /** Files larger than this are copied in chunks of it, rounded up to whole blocks of the file. */
  readonly chunkBytes: number;
  /** What the files of the source are read from: the source as it goes on, or one HDFS snapshot of it. */
  readonly consistency: 'live' | 'snapshot';
  readonly createDatabase: boolean;
  readonly drift: 'add-columns' | 'refuse';
  /** The definition of the target table; left out: the source's own. */
  readonly schema?: PresetTable;
  readonly rounds: number;
  /** What becomes of a partition in which a file is still being written: skipped, failed, or tried again in later rounds. */
  readonly openFiles: 'skip' | 'fail' | 'wait';
  /** A partition whose newest file is younger than this is skipped. */
  readonly minAgeMs: number;
  /**
   * Whose owner, group, mode, ACL and storage policy partitions and their files have: 'target', what stands there hands
   * its own on; 'source', as on the source, mended in place too where files did not change.
   */
  readonly attributes: 'target' | 'source';
  /** After a change: statistics are dropped, or computed anew by ANALYZE. */
  readonly stats: 'drop' | 'analyze';
  /** Statements for the target's HiveServer2 when all is registered. */
  readonly afterRefresh: readonly string[];
  /** Prefixes of places in the copied definition, and what they become: 'hdfs://nn.a:8020/schemas' -> 'hdfs://nn.b:8020/schemas'. */
  readonly locationMap: Readonly<Record<string, string>>;
  /** Partitions that the source no longer has are dropped, at most this share of the target's in percent. */
  readonly prune?: { readonly percent: number };
  /** How long versions that the run replaced, and partitions that it pruned, are kept. */
  readonly retainMs: number;
  /** The digest of the plan that the run is held to (plan-lines). */
  readonly planDigest?: string;
  /** The queue of the copy activities when it is not the workflow's own. */
  readonly copyQueue?: string;
};

export type TableAt = { readonly cluster: string; readonly database: string; readonly table: string };

/** A file of the run folder on the target: what travels through Temporal instead of the list it holds. */
export type FileRef = { readonly path: string; readonly sha256: string };

/** One node of one round. A thousand of them fit into one payload, so that what can be told from the spec is left out. */
export type NodeRef = {
  readonly index: number;
  readonly round: number;
  /** How many nodes the plan has. */
  readonly of: number;
  /** SHA-256 of its manifest, which is part of the manifest's name (run-folder). */
  readonly manifest: string;
  readonly partitions: number;
  readonly files: number;
  readonly bytes: number;
};

/** Counts of the selection, by what the plan found. */
export type PartitionCounts = {
  readonly selected: number;
  readonly unchanged: number;
  readonly toCopy: number;
  readonly diverged: number;
  /** Partitions that the source no longer has, to be dropped. */
  readonly toPrune: number;
  /** Too young to be looked at. */
  readonly skipped: number;
  /** Of the unchanged ones: those that are given the source's attributes (attributes: "source"); left out: none. */
  readonly attributes?: number;
};

export type PlanRef = {
  readonly file: FileRef;
  readonly counts: PartitionCounts;
  readonly nodes: readonly NodeRef[];
  /** What ensure-table will do, one line each. */
  readonly ensure: readonly string[];
  /** Partitions whose bytes stay as they are and of which only the catalog must learn: new to it, or to be dropped. */
  readonly toRegister: number;
};

export type EnsuredTable = {
  readonly created: boolean;
  readonly location: string;
  readonly applied: readonly string[];
};

/** What a node did in one round; a partition that failed is a value here, not an exception. */
export type NodeResult = {
  readonly index: number;
  readonly round: number;
  readonly partitions: number;
  readonly published: number;
  readonly failed: number;
  /** Of the failed ones: those that a later round may mend. */
  readonly retryable: number;
  readonly files: { readonly copied: number; readonly reused: number };
  readonly bytes: { readonly copied: number };
  readonly peakMemoryBytes: number;
  readonly budgetBytes: number;
  readonly seconds: number;
};

/** The details of a load's heartbeats: what `ferry sync` draws. */
export type NodeProgress = {
  readonly index: number;
  readonly of: number;
  readonly partitions: { readonly done: number; readonly total: number };
  readonly files: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly current: string;
};

export type RefreshResult = {
  readonly registered: number;
  readonly altered: number;
  readonly unexpected: number;
  readonly pruned: number;
};

export type PartitionFailure = {
  readonly partition: string;
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
};

export type OutcomeKind = 'complete' | 'partial' | 'failed' | 'nothing-to-do' | 'refused' | 'cancelled';

/** The result of a run: what the workflow returns, or carries as details[0] of its failure. */
export type Outcome = {
  readonly schemaVersion: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly uiUrl?: string;
  readonly source: string;
  readonly target: string;
  readonly table: string;
  readonly selection: string;
  readonly outcome: OutcomeKind;
  readonly partitions: {
    readonly selected: number;
    readonly unchanged: number;
    readonly published: number;
    readonly diverged: number;
    readonly failed: number;
    readonly skipped: number;
    readonly pruned: number;
  };
  readonly files: { readonly copied: number; readonly reused: number };
  readonly bytes: { readonly copied: number };
  readonly nodes: readonly {
    readonly index: number;
    readonly partitions: number;
    readonly files: number;
    readonly bytes: number;
    readonly peakMemoryBytes: number;
    readonly budgetBytes: number;
  }[];
  /** Partitions whose files stayed as they were and were given the source's attributes; left out: none. */
  readonly attributesMended?: number;
  /** Snapshots of the source that the run made and could not delete, each with why; left out: none. At most 20. */
  readonly snapshotsKept?: readonly string[];
  readonly drift: readonly string[];
  /** At most 100; all of them are in the file at failuresPath. */
  readonly failures: readonly PartitionFailure[];
  readonly failuresPath?: string;
  readonly plan?: FileRef;
  /** The folder of the run's ledger on the target. */
  readonly ledger?: string;
  readonly rounds: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
};

/** What the run itself knows when it ends; close-run folds it with what is on disk into the Outcome. */
export type Ending = {
  readonly startedAt: string;
  readonly rounds: number;
  readonly cancelled: boolean;
  /** One a node, its rounds folded. */
  readonly nodes: Outcome['nodes'];
  /** What became of the target table before anything was loaded; `drift` is what was altered in one that stood there, as statements. */
  readonly table?: { readonly created: boolean; readonly drift: readonly string[] };
  /** Set when a step failed as a whole: no partition is to blame. */
  readonly failure?: {
    readonly code: Code;
    readonly message: string;
    readonly hint: string;
    readonly beforeAnyByte: boolean;
  };
};
