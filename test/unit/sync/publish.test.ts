import { describe, expect, it } from '@jest/globals';
import { type Move, nextMove, nextRelocation, type RelocationMove, type Seen } from '../../../sync/publish.ts';

const YES = [true, false] as const;

/**
 * Every combination of what can be seen, written out by hand. Columns: staged, then not staged, each without and with a
 * landing of this run on record.
 */
// biome-ignore format: a table, one row a line
const MOVES: readonly [Seen['live'], Seen['retired'], staged: Move, stagedLanded: Move, bare: Move, bareLanded: Move][] = [
  ['absent',  'no',      'land',           'target-changed', 'stage',    'target-changed'],
  ['absent',  'planned', 'land',           'target-changed', 'restore',  'target-changed'],
  ['absent',  'other',   'put-back',       'put-back',       'put-back', 'put-back'],
  ['planned', 'no',      'retire',         'retire',         'stage',    'stage'],
  ['planned', 'planned', 'retire',         'retire',         'stage',    'stage'],
  ['planned', 'other',   'target-changed', 'target-changed', 'stage',    'stage'],
  ['wanted',  'no',      'drop',           'drop',           'done',     'done'],
  ['wanted',  'planned', 'drop',           'drop',           'done',     'done'],
  ['wanted',  'other',   'drop',           'drop',           'done',     'done'],
  ['other',   'no',      'target-changed', 'target-changed', 'stage',    'stage'],
  ['other',   'planned', 'target-changed', 'target-changed', 'stage',    'stage'],
  ['other',   'other',   'target-changed', 'target-changed', 'stage',    'stage'],
];

const SWAPS = MOVES.flatMap(([live, retired, staged, stagedLanded, bare, bareLanded]): [Seen, Move][] => [
  [{ live, retired, staged: true, landed: false }, staged],
  [{ live, retired, staged: true, landed: true }, stagedLanded],
  [{ live, retired, staged: false, landed: false }, bare],
  [{ live, retired, staged: false, landed: true }, bareLanded],
]);

describe('the moves of swap', () => {
  it.each(SWAPS)('%j: %s', (seen, move) => {
    expect(nextMove(seen)).toBe(move);
  });

  it('are told for everything that can be seen', () => {
    expect(new Set(SWAPS.map(([seen]) => JSON.stringify(seen))).size).toBe(2 * 4 * 3 * 2);
  });

  it('touch the live folder only when it is absent or as planned', () => {
    const touching: readonly Move[] = ['land', 'retire', 'restore', 'put-back'];
    const touched = SWAPS.filter(([seen]) => touching.includes(nextMove(seen)));
    expect(new Set(touched.map(([{ live }]) => live))).toEqual(new Set(['absent', 'planned']));
  });

  it('never land over rows that were caught in the gap', () => {
    const caught = SWAPS.filter(([{ retired }]) => retired === 'other').map(([seen]) => nextMove(seen));
    expect(caught).not.toContain('land');
    expect(caught).not.toContain('retire');
  });
});

/** Columns: staged, not staged. */
// biome-ignore format: a table, one row a line
const RELOCATIONS: readonly ['absent' | 'wanted' | 'other', 'planned' | 'wanted' | 'other', RelocationMove, RelocationMove][] = [
  ['absent', 'planned', 'land',           'stage'],
  ['absent', 'wanted',  'done',           'done'],
  ['absent', 'other',   'target-changed', 'target-changed'],
  ['wanted', 'planned', 'done',           'done'],
  ['wanted', 'wanted',  'done',           'done'],
  ['wanted', 'other',   'done',           'done'],
  ['other',  'planned', 'target-changed', 'target-changed'],
  ['other',  'wanted',  'done',           'done'],
  ['other',  'other',   'target-changed', 'target-changed'],
];

describe('the moves of relocate', () => {
  const all = RELOCATIONS.flatMap(([landing, live, ...moves]) =>
    YES.map((staged, place) => ({ seen: { staged, landing, live }, move: moves[place] })),
  );

  it.each(all)('$seen: $move', ({ seen, move }) => {
    expect(nextRelocation(seen)).toBe(move);
  });

  it('are told for everything that can be seen', () => {
    expect(new Set(all.map(({ seen }) => JSON.stringify(seen))).size).toBe(2 * 3 * 3);
  });

  it('land only what is staged, where nothing stands, while the table is where it was planned', () => {
    expect(all.filter(({ seen }) => nextRelocation(seen) === 'land').map(({ seen }) => seen)).toEqual([
      { staged: true, landing: 'absent', live: 'planned' },
    ]);
  });
});
