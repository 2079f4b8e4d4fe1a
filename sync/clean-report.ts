/**
 * Why cleaning leaves a folder where it is. `retained`: deleted once its time is over. The others stay until a person says
 * so: `only-copy` of a partition; `foreign`, not as hive-ferry left it, or replaced by nobody on record; `no-run`, not made by a
 * run of this table that is still on record.
 */
export type KeptWhy = 'retained' | 'only-copy' | 'foreign' | 'no-run';

export type Kept = {
  readonly path: string;
  readonly why: KeptWhy;
  readonly run?: string;
  readonly partition?: string;
  /** Of what is retained: when it may go, ISO 8601. */
  readonly until?: string;
};

export type Deleted = {
  readonly path: string;
  /** A version that was replaced or pruned, one that a location was moved away from, or the records of a run. */
  readonly what: 'retired' | 'version' | 'records';
  readonly run: string;
  readonly partition?: string;
  readonly bytes?: number;
};

export type Restored = { readonly path: string; readonly run: string; readonly partition: string };

/** What cleaning after one table did, or would do. */
export type TableCleaning = {
  readonly schemaVersion: 1;
  readonly table: string;
  readonly at: string;
  readonly dryRun: boolean;
  readonly runs: { readonly closed: number; readonly open: number; readonly unknown: number };
  /** The keys of the runs that ended without closing themselves and were closed now. */
  readonly finished: readonly string[];
  readonly restored: readonly Restored[];
  readonly deleted: readonly Deleted[];
  readonly kept: readonly Kept[];
};

/** What stays until a person says so. */
export function needsPerson({ why }: Kept): boolean {
  return why !== 'retained';
}
