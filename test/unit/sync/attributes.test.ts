import { describe, expect, it } from '@jest/globals';
import type { AttributeChange, Attributes } from '../../../storage/file-system.ts';
import { changesTo, fileMode, following, inheritsOtherwise, mustBeSet, whileStaged } from '../../../sync/attributes.ts';

const PLAIN: Attributes = { owner: 'ferry', group: 'hive', permission: '755', acl: [], storagePolicy: undefined };
const BOB = ['user:bob:r-x', 'group::r-x'];
const DEFAULTS = ['default:user::rwx', 'default:group::r-x', 'default:other::---'];

describe('changesTo', () => {
  it.each<[string, Partial<Attributes>, Partial<Attributes>, readonly AttributeChange[]]>([
    ['nothing where nothing differs', {}, PLAIN, []],
    ['nothing that is not wanted', { owner: 'x', group: 'y', storagePolicy: 'COLD' }, { permission: '755' }, []],
    ['the sticky bit', {}, { permission: '1755' }, [{ set: 'permission', permission: '1755' }]],
    ['an ACL and its mask at once', {}, { acl: BOB, permission: '750' }, [{ set: 'acl', acl: BOB, permission: '750' }]],
    ['the mask alone', { acl: BOB }, { acl: BOB, permission: '750' }, [{ set: 'permission', permission: '750' }]],
    [
      'an ACL under a sticky bit',
      {},
      { acl: BOB, permission: '1755' },
      [
        { set: 'acl', acl: BOB, permission: '1755' },
        { set: 'permission', permission: '1755' },
      ],
    ],
    ['no ACL where it was one', { acl: BOB }, { acl: [] }, [{ set: 'acl', acl: [], permission: '755' }]],
    ['no ACL where none are kept', { acl: undefined }, { acl: BOB }, []],
    ['no ACL that is not known', { acl: BOB }, { acl: undefined }, []],
    ['an ACL in another order', { acl: BOB }, { acl: [...BOB].reverse() }, []],
    [
      'a policy taken away',
      { storagePolicy: 'COLD' },
      { storagePolicy: undefined },
      [{ set: 'storagePolicy', storagePolicy: undefined }],
    ],
    [
      'the owner last',
      {},
      { owner: 'hive', group: 'g', permission: '700', acl: DEFAULTS, storagePolicy: 'WARM' },
      [
        { set: 'storagePolicy', storagePolicy: 'WARM' },
        { set: 'acl', acl: DEFAULTS, permission: '700' },
        { set: 'group', group: 'g' },
        { set: 'owner', owner: 'hive' },
      ],
    ],
  ])('%s', (_, have, want, changes) => {
    expect(changesTo({ ...PLAIN, ...have }, want)).toEqual(changes);
  });
});

describe('what a folder is given', () => {
  it('while it is staged its writer may write, and it stays the writer’s', () => {
    expect(whileStaged({ ...PLAIN, owner: 'hive', permission: '1550', storagePolicy: 'COLD' })).toEqual({
      group: 'hive',
      permission: '750',
      acl: [],
    });
  });

  it.each<[string, Partial<Attributes>, Partial<Attributes>]>([
    ['a closed parent', { permission: '1750' }, { permission: '750', acl: [] }],
    ['a parent its writer may not write', { permission: '550' }, { permission: '750', acl: [] }],
    ['access entries stay where they are', { acl: BOB, permission: '770' }, { permission: '770', acl: [] }],
    ['default entries come along', { acl: DEFAULTS, permission: '700' }, { permission: '750', acl: DEFAULTS }],
    ['a cluster without ACLs', { acl: undefined, permission: '711' }, { permission: '711', acl: undefined }],
  ])('a new one follows %s', (_, parent, expected) => {
    expect(following({ ...PLAIN, ...parent })).toEqual({ group: 'hive', ...expected });
  });

  it.each([
    ['755', '644'],
    ['1750', '640'],
    ['700', '600'],
    ['555', '644'],
    ['777', '666'],
  ])('files of a folder with %s have %s', (permission, mode) => {
    expect(fileMode({ permission })).toBe(mode);
  });

  it.each<[Partial<Attributes>, boolean]>([
    [{}, false],
    [{ acl: BOB }, false],
    [{ permission: '700', storagePolicy: 'COLD' }, false],
    [{ group: 'other' }, true],
    [{ acl: DEFAULTS }, true],
    [{ acl: undefined }, false],
  ])('files inherit otherwise where %j is wanted: %s', (want, expected) => {
    expect(inheritsOtherwise(PLAIN, { ...PLAIN, ...want })).toBe(expected);
  });
});

describe('a change that is refused', () => {
  it.each<[AttributeChange, Partial<Attributes>, boolean]>([
    [{ set: 'owner', owner: 'hive' }, {}, false],
    [{ set: 'group', group: 'g' }, {}, false],
    [{ set: 'storagePolicy', storagePolicy: 'COLD' }, {}, false],
    [{ set: 'permission', permission: '750' }, {}, true],
    [{ set: 'permission', permission: '775' }, {}, false],
    [{ set: 'acl', acl: BOB, permission: '755' }, {}, false],
    [{ set: 'acl', acl: BOB, permission: '750' }, {}, true],
    [{ set: 'acl', acl: [], permission: '755' }, { acl: BOB }, true],
  ])('%j over %j ends the partition: %s', (change, have, expected) => {
    expect(mustBeSet(change, { ...PLAIN, ...have })).toBe(expected);
  });
});
