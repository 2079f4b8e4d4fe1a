import type { Contents, Listing } from './listing.ts';
import { sameListing } from './listing.ts';
import type { PublishRecord } from './records.ts';

/** What the plan finds of one partition. */
export type Finding =
  /** Nothing stands at the target. */
  | 'new'
  /** The target holds an older version that hive-ferry published, and nobody else touched. */
  | 'changed'
  /** Both sides hold the same files. */
  | 'unchanged'
  /** The files are in place; the catalog does not know the partition, describes it otherwise, or does not know that hive-ferry published what stands there. */
  | 'register'
  /** Both sides hold the same bytes under other modification times: the target's are mended in place (compare: "content"). */
  | 'adopt'
  /** The newest file of the source is younger than the spec's minAge: not looked at any further. */
  | 'young'
  /** The source no longer has the partition, and the target has it as hive-ferry published it: it is dropped (prune). */
  | 'extra'
  /** The source's catalog names a folder that is not there: nothing to copy, and no reason to touch the target. */
  | 'source-absent'
  /** The target holds something that hive-ferry did not publish, or that was changed since: not ours to overwrite. */
  | 'diverged';

export type Compared = {
  /** undefined: no folder at the source. */
  readonly source: Contents | undefined;
  /** undefined: no folder at the target. */
  readonly live: Listing | undefined;
  /** The catalog of the target knows the partition. */
  readonly registered: boolean;
  /** How the target's catalog describes the partition: as the source's does, with columns missing at the end (and the spec lets them be added), or otherwise. */
  readonly described?: 'alike' | 'shorter' | 'otherwise';
  readonly record: PublishRecord | undefined;
  /** The names under which records know this source. */
  readonly sources: readonly string[];
  /** Digests that a run of ours has laid down at this partition, by its kept ledger. */
  readonly landed: ReadonlySet<string>;
  readonly overwrite: 'never' | 'diverged';
  /**
   * What checksums say of files equal in path and length: asked for by compare: "content" only. 'unknown': they were
   * not asked, or have nothing in common, which is neither equal nor different.
   */
  readonly content: 'same' | 'different' | 'unknown';
  /** The newest modification time of the source that is old enough; younger files make the partition young. */
  readonly newest: number;
};

/** One table of cases: test/unit/sync/compare.test.ts. */
export function comparePartition(c: Compared): Finding {
  if (c.source === undefined) return 'source-absent';
  if (c.source.files.some((file) => file.modificationTime > c.newest)) return 'young';
  if (c.live === undefined) return 'new';
  if (c.content === 'same' && !sameListing(c.source, c.live)) return 'adopt';
  if (c.content !== 'different' && sameListing(c.source, c.live))
    return !c.registered || isUnrecordedLanding(c) || isToDescribe(c) ? 'register' : 'unchanged';
  if (c.live.files.length === 0 && c.record === undefined) return 'changed'; // Nothing was published and there is nothing to lose.
  if (isRecorded(c) || c.landed.has(c.live.digest) || c.overwrite === 'diverged') return 'changed';
  return 'diverged';
}

/** The catalog's record says that hive-ferry published what stands there, from this source. */
function isRecorded({ record, sources, live }: Pick<Compared, 'record' | 'sources' | 'live'>): boolean {
  return record !== undefined && sources.includes(record.source) && record.digest === live?.digest;
}

/** The catalog gets the source's own descriptor again: columns that are missing, and of what hive-ferry published all else. */
export function isToDescribe(c: Pick<Compared, 'described' | 'record' | 'sources' | 'live'>): boolean {
  return c.described === 'shorter' || (c.described === 'otherwise' && isRecorded(c));
}

/** A run of ours landed what stands there and ended before the catalog was told: the record is of an older version, or missing. */
export function isUnrecordedLanding({ live, landed, record }: Pick<Compared, 'live' | 'landed' | 'record'>): boolean {
  return live !== undefined && landed.has(live.digest) && record?.digest !== live.digest;
}

/** Whether the kept ledgers have to be read: the catalog's record alone does not settle the partition. */
export function isDoubtful(c: Compared): boolean {
  const finding = comparePartition({ ...c, described: 'alike' });
  if (finding === 'diverged' || finding === 'register') return true;
  return finding === 'unchanged' && c.record !== undefined && c.record.digest !== c.live?.digest;
}

/** Why a diverged partition is not ours, for people. */
export function whyDiverged(c: Compared): string {
  if (c.record === undefined) return 'it holds files that no run of hive-ferry published';
  if (!c.sources.includes(c.record.source)) return `it was published from another source, ${c.record.source}`;
  return 'its files changed since hive-ferry published it';
}
