import { describe, expect, it } from '@jest/globals';
import { fateOfRetired, type RetiredFate, type SeenRetired } from '../../../sync/retired.ts';

const seen: SeenRetired = {
  version: 'planned',
  place: 'taken',
  record: 'landed',
  live: 'ours',
  pointed: true,
  used: false,
  expired: true,
};

describe('a version that a closed run moved aside', () => {
  it.each<[string, Partial<SeenRetired>, RetiredFate]>([
    ['replaced, and past its time', {}, 'delete'],
    ['replaced lately', { expired: false }, 'retained'],
    ['replaced; other hands have changed its successor', { live: 'foreign' }, 'delete'],
    ['replaced; somebody dropped the partition since', { live: 'dropped', place: 'absent', pointed: false }, 'delete'],
    ['replaced; the successor is gone and the partition registered', { live: 'absent', place: 'absent' }, 'only-copy'],
    ['replaced; the table was dropped', { live: 'unknown', pointed: false }, 'only-copy'],
    ['pruned, and past its time', { record: 'pruned', live: 'dropped', place: 'absent', pointed: false }, 'delete'],
    [
      'pruned lately',
      { record: 'pruned', live: 'dropped', place: 'absent', pointed: false, expired: false },
      'retained',
    ],
    ['pruned; the table was dropped', { record: 'pruned', live: 'unknown', pointed: false }, 'only-copy'],
    ['case 47: moved, never replaced, absent now', { record: 'none', live: 'absent', place: 'absent' }, 'put-back'],
    [
      'foreign rows moved in the gap, never replaced',
      { version: 'other', record: 'none', live: 'absent', place: 'absent' },
      'put-back',
    ],
    ['replaced, and somebody has pointed a partition into it', { used: true }, 'foreign'],
    [
      'pruned, and somebody has pointed a partition into it',
      { record: 'pruned', live: 'dropped', place: 'absent', pointed: false, used: true },
      'foreign',
    ],
    [
      'moved, never replaced, and somebody has pointed its partition into it',
      { record: 'none', place: 'absent', used: true },
      'foreign',
    ],
    [
      'pruned; somebody registered the partition again, and nothing stands there',
      { record: 'pruned', live: 'absent', place: 'absent' },
      'only-copy',
    ],
    ['moved, and another run of ours landed there', { record: 'none' }, 'delete'],
    ['moved, and strangers wrote there', { record: 'none', live: 'foreign' }, 'foreign'],
    ['equal content was in place, by a rival', { record: 'present' }, 'delete'],
    ['equal content was in place, by strangers', { record: 'present', live: 'foreign' }, 'foreign'],
    ['equal content was in place, gone now', { record: 'present', live: 'absent', place: 'absent' }, 'only-copy'],
    ['rows of other hands, replaced', { version: 'other' }, 'foreign'],
    ['rows of other hands, pruned', { version: 'other', record: 'pruned', live: 'dropped' }, 'foreign'],
    ['landed by relocation, outdated', { version: 'landed', place: 'absent', pointed: false }, 'delete'],
    [
      'landed by relocation, moved aside, and a location points to it again',
      { version: 'landed', place: 'absent', live: 'absent' },
      'put-back',
    ],
  ])('%s', (_, over, fate) => {
    expect(fateOfRetired({ ...seen, ...over })).toBe(fate);
  });

  it('is never deleted before its time, when it is not known, or when the catalog cannot tell', () => {
    const all = (['planned', 'landed', 'other'] as const).flatMap((version) =>
      (['absent', 'taken'] as const).flatMap((place) =>
        (['none', 'present', 'landed', 'pruned'] as const).flatMap((record) =>
          (['ours', 'foreign', 'absent', 'dropped', 'unknown'] as const).flatMap((live) =>
            [true, false].flatMap((pointed) =>
              [true, false].flatMap((used) =>
                [true, false].map((expired): SeenRetired => ({ version, place, record, live, pointed, used, expired })),
              ),
            ),
          ),
        ),
      ),
    );
    const deleted = all.filter((each) => fateOfRetired(each) === 'delete');
    expect(deleted.length).toBeGreaterThan(0);
    expect(
      deleted.filter(
        (each) =>
          !each.expired || each.used || each.version === 'other' || each.live === 'unknown' || each.live === 'absent',
      ),
    ).toEqual([]);
  });
});
