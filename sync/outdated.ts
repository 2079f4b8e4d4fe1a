/** What was seen just now of a version that a closed run landed in a folder of its own (relocate). */
export type SeenVersion = {
  /** By the folder's own identity and listing; `other`: somebody has written to it. */
  readonly version: 'landed' | 'other';
  /** A location of the table's catalog is the folder, or points into it. */
  readonly pointed: boolean;
  /** The folder that the catalog has for the partition; `dropped`: the partition is not registered; `unknown`: nor is the table. */
  readonly live: 'present' | 'absent' | 'dropped' | 'unknown';
  /** A run on record dropped the partition. */
  readonly pruned: boolean;
  /** How long ago a run on record took it out of use, against how long such are kept; `never`: none did. */
  readonly age: 'expired' | 'young' | 'never';
};

export type VersionFate = 'in-use' | 'delete' | 'retained' | 'only-copy' | 'foreign';

/** What becomes of a version that may be outdated. */
export function fateOfVersion({ version, pointed, live, pruned, age }: SeenVersion): VersionFate {
  if (pointed) return 'in-use';
  if (version === 'other') return 'foreign';
  if (live === 'unknown' || live === 'absent' || (live === 'dropped' && !pruned)) return 'only-copy';
  if (age === 'never') return 'foreign';
  return age === 'expired' ? 'delete' : 'retained';
}
