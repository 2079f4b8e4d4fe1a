import { describe, expect, it } from '@jest/globals';
import type { AttributeChange, Attributes } from '../../storage/file-system.ts';
import { codeFrom, type FileSystemProbe } from './file-system-probe.ts';

const BOB = ['user:bob:rwx', 'group::r-x'];
const DEFAULTS = [
  'default:user::rwx',
  'default:user:bob:rwx',
  'default:group::r-x',
  'default:mask::rwx',
  'default:other::---',
];

/** Owner, group, permission, ACL and storage policy. */
export function attributesContract(probe: FileSystemProbe): void {
  const set = (change: AttributeChange, path = probe.at) => probe.files.setAttribute(path, change);
  const of = async (path = probe.at): Promise<Attributes> => {
    const attributes = await probe.files.attributes(path);
    if (attributes === undefined) throw new Error(`${path} is not there`);
    return attributes;
  };

  describe('attributes', () => {
    it('of what is new: the maker’s, the parent’s group, no ACL, no storage policy', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      const { owner, group } = await probe.present(probe.at);
      expect(await of()).toEqual({ owner, group, permission: '755', acl: [], storagePolicy: undefined });
      expect(await of(`${probe.at}/f`)).toEqual({ owner, group, permission: '644', acl: [], storagePolicy: undefined });
    });

    it('absent is undefined, also below a file; setting one there is PATH_ABSENT', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      const changes: readonly AttributeChange[] = [
        { set: 'owner', owner: 'x' },
        { set: 'group', group: 'x' },
        { set: 'permission', permission: '700' },
        { set: 'acl', acl: BOB, permission: '750' },
        { set: 'acl', acl: [], permission: '750' },
        { set: 'storagePolicy', storagePolicy: 'COLD' },
        { set: 'storagePolicy', storagePolicy: undefined },
      ];
      for (const path of [`${probe.at}/none`, `${probe.at}/f/below`]) {
        expect(await probe.files.attributes(path)).toBeUndefined();
        for (const change of changes) {
          expect([path, change, await codeFrom(set(change, path))]).toEqual([path, change, 'PATH_ABSENT']);
        }
      }
    });

    it('owner and group are set alone, and show in the status', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      for (const path of [probe.at, `${probe.at}/f`]) {
        const before = await of(path);
        await set({ set: 'owner', owner: 'hive' }, path);
        expect(await of(path)).toEqual({ ...before, owner: 'hive' });
        await set({ set: 'group', group: 'analysts' }, path);
        expect(await of(path)).toEqual({ ...before, owner: 'hive', group: 'analysts' });
        expect(await probe.present(path)).toMatchObject({ owner: 'hive', group: 'analysts' });
      }
    });

    it('a folder made below has its parent’s group and the maker as its owner', async () => {
      const { owner } = await of();
      await set({ set: 'owner', owner: 'hive' });
      await set({ set: 'group', group: 'analysts' });
      await probe.files.mkdirs(`${probe.at}/d`);
      await probe.write(`${probe.at}/f`, 'x');
      expect(await of(`${probe.at}/d`)).toMatchObject({ owner, group: 'analysts' });
      expect(await of(`${probe.at}/f`)).toMatchObject({ owner, group: 'analysts' });
    });

    it('the permission with its sticky bit', async () => {
      for (const permission of ['1770', '500', '1777', '755']) {
        await set({ set: 'permission', permission });
        expect(await of()).toMatchObject({ permission, acl: [] });
      }
      await probe.files.create(`${probe.at}/f`, async function* () {}, { permission: '640' });
      expect(await of(`${probe.at}/f`)).toMatchObject({ permission: '640' });
    });

    it('ACL entries come back as they were set, of a folder and of a file', async () => {
      await set({ set: 'permission', permission: '1755' });
      await set({ set: 'acl', acl: [...BOB, ...DEFAULTS], permission: '750' });
      expect(await of()).toMatchObject({ permission: '1750', acl: [...BOB, ...DEFAULTS] });
      await set({ set: 'acl', acl: DEFAULTS, permission: '751' });
      expect(await of()).toMatchObject({ permission: '1751', acl: DEFAULTS });
      await set({ set: 'acl', acl: BOB, permission: '770' });
      expect(await of()).toMatchObject({ permission: '1770', acl: BOB });
      await set({ set: 'acl', acl: [], permission: '705' });
      expect(await of()).toMatchObject({ permission: '1705', acl: [] });
      await probe.write(`${probe.at}/f`, 'x');
      await set({ set: 'acl', acl: BOB, permission: '640' }, `${probe.at}/f`);
      expect(await of(`${probe.at}/f`)).toMatchObject({ permission: '640', acl: BOB });
      await set({ set: 'acl', acl: [], permission: '600' }, `${probe.at}/f`);
      expect(await of(`${probe.at}/f`)).toMatchObject({ permission: '600', acl: [] });
    });

    it('the permission of what has access entries moves their mask', async () => {
      await set({ set: 'acl', acl: BOB, permission: '770' });
      await set({ set: 'permission', permission: '710' });
      expect(await of()).toMatchObject({ permission: '710', acl: BOB });
      await set({ set: 'acl', acl: [], permission: '750' });
      expect(await of()).toMatchObject({ permission: '750', acl: [] });
    });

    it('what is made in a folder with a default ACL inherits it', async () => {
      await set({ set: 'acl', acl: DEFAULTS, permission: '750' });
      await probe.files.mkdirs(`${probe.at}/d/e`);
      await probe.write(`${probe.at}/d/f`, 'x');
      expect(await of(`${probe.at}/d`)).toMatchObject({ permission: '750', acl: [...BOB, ...DEFAULTS] });
      expect(await of(`${probe.at}/d/e`)).toMatchObject({ permission: '750', acl: [...BOB, ...DEFAULTS] });
      expect(await of(`${probe.at}/d/f`)).toMatchObject({ permission: '640', acl: BOB });
      const plain = ['default:user::rwx', 'default:group::rwx', 'default:other::r-x'];
      await set({ set: 'acl', acl: plain, permission: '755' });
      await probe.files.mkdirs(`${probe.at}/p`);
      await probe.files.create(`${probe.at}/p/f`, async function* () {}, { permission: '660' });
      expect(await of(`${probe.at}/p`)).toMatchObject({ permission: '755', acl: plain });
      expect(await of(`${probe.at}/p/f`)).toMatchObject({ permission: '660', acl: [] });
    });

    it('a storage policy counts below, and is taken away again', async () => {
      await probe.files.mkdirs(`${probe.at}/d`);
      await probe.write(`${probe.at}/d/f`, 'x');
      await set({ set: 'storagePolicy', storagePolicy: 'WARM' });
      expect(await of()).toMatchObject({ storagePolicy: 'WARM' });
      expect(await of(`${probe.at}/d/f`)).toMatchObject({ storagePolicy: 'WARM' });
      await set({ set: 'storagePolicy', storagePolicy: 'HOT' }, `${probe.at}/d`);
      expect(await of(`${probe.at}/d/f`)).toMatchObject({ storagePolicy: 'HOT' });
      await set({ set: 'storagePolicy', storagePolicy: undefined }, `${probe.at}/d`);
      expect(await of(`${probe.at}/d`)).toMatchObject({ storagePolicy: 'WARM' });
      await set({ set: 'storagePolicy', storagePolicy: undefined });
      expect(await of()).toMatchObject({ storagePolicy: undefined });
    });

    it('setting them moves no modification time, and they go along with a rename', async () => {
      await probe.files.mkdirs(`${probe.at}/d`);
      await probe.files.setModificationTime(`${probe.at}/d`, 1000);
      await set({ set: 'owner', owner: 'hive' }, `${probe.at}/d`);
      await set({ set: 'acl', acl: [...BOB, ...DEFAULTS], permission: '750' }, `${probe.at}/d`);
      await set({ set: 'storagePolicy', storagePolicy: 'WARM' }, `${probe.at}/d`);
      const before = await of(`${probe.at}/d`);
      await probe.files.rename(`${probe.at}/d`, `${probe.at}/e`);
      expect(await of(`${probe.at}/e`)).toEqual(before);
      expect(await probe.present(`${probe.at}/e`)).toMatchObject({ modificationTime: 1000 });
    });
  });
}
