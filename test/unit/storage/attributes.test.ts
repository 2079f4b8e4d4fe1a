import { afterEach, describe, expect, it } from '@jest/globals';
import { aclSpec, guardOf, inheritedGuard, opensMore, sameAcl, withBits } from '../../../storage/acl.ts';
import type { AttributeChange } from '../../../storage/file-system.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { FakeCluster, failure } from './fake-cluster.ts';
import { json, remoteException } from './fake-web-server.ts';

const BOB = ['user:bob:rwx', 'group::r-x'];

describe('aclSpec and guardOf', () => {
  it.each([
    ['755', [], ['user::rwx', 'group::r-x', 'other::r-x']],
    ['750', BOB, ['user::rwx', 'user:bob:rwx', 'group::r-x', 'mask::r-x', 'other::---']],
    ['700', ['default:user::rwx'], ['user::rwx', 'group::---', 'other::---', 'default:user::rwx']],
  ])('%s and %j in full, and back', (permission, acl, spec) => {
    expect(aclSpec({ permission, acl })).toEqual(spec);
    expect(guardOf(spec)).toEqual({ permission, acl });
  });

  it('the sticky bit is no part of an ACL', () => {
    expect(aclSpec({ permission: '1750', acl: [] })).toEqual(['user::rwx', 'group::r-x', 'other::---']);
  });
});

describe('inheritedGuard', () => {
  const defaults = ['default:user::rwx', 'default:user:bob:rwx', 'default:group::r-x', 'default:mask::rwx'];
  const parent = [...BOB, ...defaults, 'default:other::r-x'];

  it('without default entries the mode is all there is', () => {
    expect(inheritedGuard(BOB, '755', 'folder')).toEqual({ permission: '755', acl: [] });
  });

  it('a folder has the default entries twice, a file once, each cut down by the mode', () => {
    const acl = [...BOB, ...defaults, 'default:other::r-x'];
    expect(inheritedGuard(parent, '777', 'folder')).toEqual({ permission: '775', acl });
    expect(inheritedGuard(parent, '750', 'folder')).toEqual({ permission: '750', acl });
    expect(inheritedGuard(parent, '640', 'file')).toEqual({ permission: '640', acl: BOB });
  });
});

describe('permissions', () => {
  it.each([
    ['1750', '666', '600', '640'],
    ['555', '777', '700', '755'],
    ['0777', '777', '0', '777'],
  ])('%s kept to %s, with %s besides', (permission, keep, add, expected) => {
    expect(withBits(permission, keep, add)).toBe(expected);
  });

  it.each([
    ['755', '750', true],
    ['750', '755', false],
    ['1750', '750', false],
    ['057', '750', true],
  ])('%s opens more than %s: %s', (a, b, expected) => {
    expect(opensMore(a, b)).toBe(expected);
  });

  it('an ACL is the same in any order', () => {
    expect(sameAcl(BOB, [...BOB].reverse())).toBe(true);
    expect(sameAcl(BOB, [])).toBe(false);
  });
});

describe('a user who is no superuser, in memory', () => {
  it.each<[AttributeChange, string]>([
    [{ set: 'owner', owner: 'hive' }, 'PERMISSION_DENIED'],
    [{ set: 'owner', owner: 'ferry' }, 'resolved'],
    [{ set: 'group', group: 'strangers' }, 'PERMISSION_DENIED'],
    [{ set: 'group', group: 'supergroup' }, 'resolved'],
    [{ set: 'permission', permission: '700' }, 'resolved'],
    [{ set: 'acl', acl: BOB, permission: '700' }, 'resolved'],
  ])('%j: %s', async (change, expected) => {
    const files = new MemoryFileSystem({ superuser: false });
    await files.mkdirs('/d');
    const ended = files.setAttribute('/d', change).then(
      () => 'resolved',
      (error) => error.code,
    );
    expect(await ended).toBe(expected);
  });

  it('sets nothing of what is another’s', async () => {
    const files = new MemoryFileSystem({ superuser: false, owner: 'ferry' });
    files.writeFile('/d/f', '', { owner: 'hive' });
    const call = files.setAttribute('/d/f', { set: 'permission', permission: '700' });
    expect(await failure(call)).toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});

describe('a cluster that keeps no ACLs', () => {
  const cluster = new FakeCluster();
  afterEach(() => cluster.stop());

  it('tells the rest, and the ACL as unknown', async () => {
    const status = { pathSuffix: '', type: 'DIRECTORY', length: 0, modificationTime: 1, fileId: 7, blockSize: 0 };
    const rest = { replication: 0, owner: 'hive', group: 'g', permission: '1770', storagePolicy: 0 };
    const off =
      'The ACL operation has been rejected.  Support for ACLs has been disabled by setting dfs.namenode.acls.enabled to false.';
    const namenode = await cluster.serve(({ request }, response) => {
      if (request.url?.includes('op=GETACLSTATUS')) remoteException(response, 403, 'AclException', off);
      else json(response, 200, { FileStatus: { ...status, ...rest } });
    });
    const expected = { owner: 'hive', group: 'g', permission: '1770', acl: undefined, storagePolicy: undefined };
    expect(await cluster.connect([namenode.url]).attributes('/d')).toEqual(expected);
  });

  it('in memory too, and refuses to set one', async () => {
    const files = new MemoryFileSystem({ acls: false });
    await files.mkdirs('/d');
    expect(await files.attributes('/d')).toMatchObject({ acl: undefined, permission: '755' });
    const call = files.setAttribute('/d', { set: 'acl', acl: BOB, permission: '750' });
    expect(await failure(call)).toMatchObject({ code: 'SERVER_ERROR' });
  });
});
