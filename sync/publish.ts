/** What was seen of a partition just now, under the strategy swap. */
export type Seen = {
  /** The staged folder lists equal to a fresh listing of the source. */
  readonly staged: boolean;
  /**
   * The live folder: `planned` when folder identity and listing are those of plan time, `wanted` when it lists equal to
   * the source, else `other`.
   */
  readonly live: 'absent' | 'planned' | 'wanted' | 'other';
  /** The slot of the version planned now, by the moved folder's own identity and listing. */
  readonly retired: 'no' | 'planned' | 'other';
  /** A landing of this run is on record. */
  readonly landed: boolean;
};

export type Move = 'put-back' | 'land' | 'retire' | 'drop' | 'done' | 'restore' | 'stage' | 'target-changed';

/**
 * The table of moves: what to do next about one partition, given only what is seen. It is looked at again before each
 * move; every row is safe to reach from every crash (test/crash). A retired version that is not the planned one holds
 * rows that somebody wrote in the gap: it is put back, or kept and named, never deleted.
 */
export function nextMove({ staged, live, retired, landed }: Seen): Move {
  if (live === 'absent' && retired === 'other') return 'put-back';
  if (staged) {
    if (live === 'absent') return landed ? 'target-changed' : 'land';
    if (live === 'wanted') return 'drop';
    if (live === 'planned') return retired === 'other' ? 'target-changed' : 'retire';
    return 'target-changed';
  }
  if (live === 'wanted') return 'done';
  if (live === 'absent' && landed) return 'target-changed';
  if (live === 'absent' && retired === 'planned') return 'restore';
  return 'stage';
}

/** What was seen of an unpartitioned table: it is landed in a folder of the run's own and the catalog flips to it. */
export type SeenRelocation = {
  readonly staged: boolean;
  /** The landing folder: absent, or listing equal to the source, or something else. */
  readonly landing: 'absent' | 'wanted' | 'other';
  /** Where the catalog points now: as at plan time, to a folder that lists equal to the source, or elsewhere. */
  readonly live: 'planned' | 'wanted' | 'other';
};

export type RelocationMove = 'land' | 'done' | 'stage' | 'target-changed';

/** The moves of relocate. Nothing live is ever moved, so that the only question is whether the landing is whole. */
export function nextRelocation({ staged, landing, live }: SeenRelocation): RelocationMove {
  if (landing === 'wanted') return 'done';
  if (live === 'wanted') return 'done';
  if (live === 'other' || landing === 'other') return 'target-changed';
  return staged ? 'land' : 'stage';
}
