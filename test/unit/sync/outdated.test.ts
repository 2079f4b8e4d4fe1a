import { describe, expect, it } from '@jest/globals';
import { fateOfVersion, type SeenVersion, type VersionFate } from '../../../sync/outdated.ts';
import { LONGEST_ATTEMPT_MS } from '../../../sync/runs.ts';
import { supersededBy } from '../../../sync/table-history.ts';

describe('a version in a folder of its run', () => {
  const seen: SeenVersion = { version: 'landed', pointed: false, live: 'present', pruned: false, age: 'expired' };

  it.each<[string, Partial<SeenVersion>, VersionFate]>([
    ['replaced, and past its time', {}, 'delete'],
    ['replaced lately', { age: 'young' }, 'retained'],
    ['a location points to it', { pointed: true }, 'in-use'],
    ['a location points to it, and somebody has written there', { pointed: true, version: 'other' }, 'in-use'],
    ['somebody has written there', { version: 'other' }, 'foreign'],
    ['the folder that replaced it is gone', { live: 'absent' }, 'only-copy'],
    ['the partition was dropped by hand', { live: 'dropped' }, 'only-copy'],
    ['the partition was pruned', { live: 'dropped', pruned: true }, 'delete'],
    ['the table was dropped', { live: 'unknown', pruned: true }, 'only-copy'],
    ['somebody pointed the location elsewhere by hand', { age: 'never' }, 'foreign'],
  ])('%s', (_, over, fate) => {
    expect(fateOfVersion({ ...seen, ...over })).toBe(fate);
  });
});

describe('what took a version out of use', () => {
  const at = (day: number) => `2026-11-0${day}T00:00:00.000Z`;
  const flip = (day: number, path: string, retainMs = day) => ({ at: at(day), path, retainMs });
  const landed = { at: at(1), retainMs: 1 };

  it.each([
    [
      'the first flip after it was pointed to',
      [flip(2, '/v/1'), flip(3, '/v/2'), flip(4, '/v/3')],
      [],
      { at: at(3), retainMs: 3 },
    ],
    [
      'the flip after it was brought back',
      [flip(2, '/v/1'), flip(3, '/v/2'), flip(4, '/v/1'), flip(5, '/v/3')],
      [],
      { at: at(5), retainMs: 5 },
    ],
    ['a prune', [flip(2, '/v/1')], [{ at: at(3), retainMs: 9 }], { at: at(3), retainMs: 9 }],
    ['nobody on record', [flip(2, '/v/1')], [], undefined],
    ['its landing, when no location ever was', [], [], { at: at(1), retainMs: LONGEST_ATTEMPT_MS }],
    ['another one’s flip, when no location ever pointed to it', [flip(3, '/v/2')], [], { at: at(3), retainMs: 3 }],
  ])('%s', (_, flips, pruned, superseded) => {
    const history = { flips: new Map([['dt=1', flips]]), pruned: new Map([['dt=1', pruned]]) };
    const found = supersededBy(history, 'dt=1', '/v/1', landed);
    expect(found && { at: found.at, retainMs: found.retainMs }).toEqual(superseded);
  });
});
