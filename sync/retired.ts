import type { PartitionStory } from './ledger.ts';
import type { Listing } from './listing.ts';

/** What was seen just now of a version that a closed run, or the cleaning after it, moved aside. */
export type SeenRetired = {
  /**
   * By the folder's own identity and listing: `planned` is the one that the run meant to replace or prune, `landed` one
   * that the run itself landed by relocation and that nobody points to any more. A Hive INSERT makes either `other`.
   */
  readonly version: 'planned' | 'landed' | 'other';
  /** Whether anything stands where it stood. */
  readonly place: 'absent' | 'taken';
  /** What the run's ledger says became of the partition. */
  readonly record: PartitionRecord;
  /**
   * The folder that the catalog has for the partition now: one that a run of hive-ferry landed, another one, none though
   * the partition is registered, or the partition is not registered. `unknown`: the table itself is not.
   */
  readonly live: 'ours' | 'foreign' | 'absent' | 'dropped' | 'unknown';
  /** The catalog points to where it stood. */
  readonly pointed: boolean;
  /** The catalog points into it, or to it: other hands have set a location there. */
  readonly used: boolean;
  /** It was retired longer ago than its run keeps such. */
  readonly expired: boolean;
};

export type PartitionRecord = 'none' | 'present' | 'landed' | 'pruned';

/** `retained`: deleted later. `only-copy`, `foreign`: kept until a person says so. */
export type RetiredFate = 'put-back' | 'delete' | 'retained' | 'only-copy' | 'foreign';

/**
 * What becomes of a retired version. A partition that was moved and never replaced comes back before anything is deleted;
 * only what is known by identity and listing, replaced or pruned on record, past its time and not the only copy is deleted.
 */
export function fateOfRetired({ version, place, record, live, pointed, used, expired }: SeenRetired): RetiredFate {
  if (used) return 'foreign';
  if (place === 'absent' && (record === 'none' || (version === 'landed' && pointed))) return 'put-back';
  if (version === 'other') return 'foreign';
  if (live === 'unknown') return 'only-copy';
  if (live === 'absent') return 'only-copy';
  if (record !== 'pruned' && record !== 'landed' && live !== 'ours') return 'foreign';
  return expired ? 'delete' : 'retained';
}

export function recordOfStory({ landed, present, pruned }: PartitionStory): PartitionRecord {
  if (pruned) return 'pruned';
  if (landed) return 'landed';
  return present ? 'present' : 'none';
}

/** Where the versions that the run moved aside stood. */
export function placeOfStory({ publishing, pruning }: PartitionStory): string | undefined {
  return publishing.at(-1)?.to ?? pruning?.live;
}

/**
 * Which version a retired folder holds, and where that stood: one that the run meant to replace or prune at its
 * partition's place, one that it landed itself where it landed it; any other came from the partition's place.
 */
export function slotPlace(
  story: PartitionStory,
  { folderId, digest }: Pick<Listing, 'folderId' | 'digest'>,
): { readonly version: SeenRetired['version']; readonly place: string | undefined } {
  const landed = story.publishing.find((entry) => entry.stagedId === folderId && entry.digest === digest);
  if (landed) return { version: 'landed', place: landed.to };
  const planned = [...story.publishing, ...(story.pruning ? [story.pruning] : [])].some(
    (entry) => entry.plannedId === folderId && entry.plannedDigest === digest,
  );
  return { version: planned ? 'planned' : 'other', place: placeOfStory(story) };
}

/** The stories by the name that their partition's folders have below a stage root (partitionKey). */
export function storiesByKey(stories: ReadonlyMap<string, PartitionStory>): ReadonlyMap<string, PartitionStory> {
  const byKey = new Map<string, PartitionStory>();
  for (const story of stories.values()) {
    const k = story.publishing[0]?.k ?? story.pruning?.k;
    if (k !== undefined) byKey.set(k, story);
  }
  return byKey;
}

/** The partition's key in the name of a retired version: '<k>-<identity of the planned folder>'. */
export function keyOfSlot(slot: string): string {
  return slot.slice(0, slot.indexOf('-'));
}
