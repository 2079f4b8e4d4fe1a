import { CODES, type Code } from '../errors/codes.ts';
import type { CatalogChange } from '../hive/change.ts';
import type { Finding } from './compare.ts';
import type { NodeRef, PartitionCounts, ResolvedSpec } from './outcome.ts';
import type { RunMarker } from './table-runs.ts';

/** How a version of a partition gets to where readers find it. */
export type Strategy = 'swap' | 'relocate';

/** A version of a partition that stands at the target: its folder's identity and what it lists. */
export type Version = { readonly folderId: string; readonly digest: string };

/** One partition of the selection as the plan found it; a line of a manifest. Paths are paths, locations are the catalog's URIs. */
export type PlannedPartition = {
  /** Hive's escaped name ('dt=2026-01-01/region=eu'), as the source's catalog has it; '' for an unpartitioned table. */
  readonly name: string;
  readonly values: readonly string[];
  readonly k: string;
  readonly finding: Finding;
  /** Why it diverged. */
  readonly reason?: string;
  /** Of a partition to register: a kept ledger says that a run of hive-ferry landed it, so that it is given its record. */
  readonly ours?: boolean;
  /** Of a partition to register: the catalog knows it, but does not describe it as the source's does. */
  readonly describe?: boolean;
  readonly from: string;
  /** Where its live folder stands, or will. */
  readonly live: string;
  /** Where a load lands it: the live path itself under swap, a folder of the run's own under relocate. */
  readonly to: string;
  readonly stageRoot: string;
  readonly files: number;
  readonly bytes: number;
  readonly sourceDigest: string;
  /** How many of its files and folders have other attributes than the source's, where the spec asks for those and no byte is copied. */
  readonly attributesDiffer?: number;
  /** Its files are equal in all but content, which checksums told apart: a listing alone does not say when it is copied. */
  readonly contentDiffers?: boolean;
  /** What stood at the target; absent: nothing. */
  readonly planned?: Version;
  /** The location in the target's catalog; absent: not registered there. */
  readonly registeredAt?: string;
};

/** The plan of a run, read from both sides; plan.json holds it without its partitions, which lie in `partitionsFile`. */
export type Plan = {
  readonly schemaVersion: 1;
  readonly spec: ResolvedSpec;
  readonly strategy: Strategy;
  /** Of the target table, a URI and its path. */
  readonly location: string;
  readonly locationPath: string;
  readonly partitioned: boolean;
  /** What ensure-table will do, as far as it can be told now. */
  readonly changes: readonly CatalogChange[];
  /** What is to be known of the clusters before it begins ('catalog of b: HiveServer2 only, slower'); absent: nothing. */
  readonly notes?: readonly string[];
  readonly counts: PartitionCounts;
  readonly partitions: readonly PlannedPartition[];
};

/** What cleaning up after a run must know of it: part of every plan.json, whichever work the run was for. */
export type RunFootprint = {
  readonly schemaVersion: 1;
  readonly spec: Pick<ResolvedSpec, 'runKey' | 'workflowId' | 'retainMs'> & Partial<Pick<ResolvedSpec, 'verify'>>;
  /** Every stage root that the run may write under. */
  readonly stageRoots: readonly string[];
};

/** plan.json. */
export type PlanFile = RunFootprint &
  Omit<Plan, 'partitions'> & {
    readonly partitionsFile: { readonly path: string; readonly sha256: string };
    readonly nodes: readonly NodeRef[];
    readonly toRegister: number;
    /** Closed runs whose verified files this one takes over. */
    readonly takesOver: readonly RunMarker[];
  };

export function mustCopy(finding: Finding): boolean {
  return finding === 'new' || finding === 'changed' || finding === 'adopt';
}

/** Whether its files are staged: an adopted partition's bytes are in place already. */
export function mustStage({ finding }: Pick<PlannedPartition, 'finding'>): boolean {
  return mustCopy(finding) && finding !== 'adopt';
}

/** Whether a node has work with it: files to copy, or attributes to mend in place. */
export function mustLoad({
  finding,
  attributesDiffer,
}: Pick<PlannedPartition, 'finding' | 'attributesDiffer'>): boolean {
  return mustCopy(finding) || attributesDiffer !== undefined;
}

/** Whether the catalog must learn of it though no byte is copied: new to it, described otherwise, or to be dropped. */
export function mustRegister(finding: Finding): boolean {
  return finding === 'register' || finding === 'extra';
}

export function countPartitions(partitions: readonly PlannedPartition[]): PartitionCounts {
  const count = (...findings: Finding[]) => partitions.filter((p) => findings.includes(p.finding)).length;
  const mended = partitions.filter((p) => mustLoad(p) && !mustCopy(p.finding)).length;
  return {
    selected: partitions.length,
    unchanged: count('unchanged', 'register'),
    toCopy: count('new', 'changed', 'adopt'),
    diverged: count('diverged'),
    toPrune: count('extra'),
    skipped: count('young'),
    ...(mended > 0 && { attributes: mended }),
  };
}

/** Whether a later round may mend a partition's failure; one with an open file only when the spec says to wait for it. */
export function isRetryable(code: Code, openFiles: ResolvedSpec['openFiles']): boolean {
  return code === 'SOURCE_OPEN' ? openFiles === 'wait' : CODES[code].retry === 'round';
}

/** How a partition is called in what people read. */
export function labelOf(name: string): string {
  return name === '' ? '(whole table)' : name;
}
