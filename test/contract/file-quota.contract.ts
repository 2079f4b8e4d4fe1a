import { describe, expect, it } from '@jest/globals';
import { codeFrom, type FileSystemProbe } from './file-system-probe.ts';

/** Sets quotas on a folder, as its administrator would; what is left out is not set. */
export type SetQuota = (path: string, quota: { readonly names?: number; readonly space?: number }) => Promise<void>;

const MIB = 1024 * 1024;

/** What quotas count, and what happens where they are used up. */
export function quotaContract(probe: FileSystemProbe, setQuota: SetQuota): void {
  describe('quotas', () => {
    it('usage counts every file and folder, the folder itself too, and the bytes of all replicas', async () => {
      const { replication } = (await probe.files.fileDefaults()) ?? { replication: 0 };
      expect(replication).toBeGreaterThan(0);
      await probe.files.mkdirs(`${probe.at}/d/e`);
      await probe.write(`${probe.at}/d/f`, 'hello');
      const none = { nameQuota: undefined, spaceQuota: undefined };
      expect(await probe.files.quotaUsage(probe.at)).toEqual({ ...none, names: 4, space: 5 * replication });
      expect(await probe.files.quotaUsage(`${probe.at}/d/f`)).toMatchObject({ names: 1, space: 5 * replication });
      expect(await probe.files.quotaUsage('/')).toMatchObject({ nameQuota: undefined });
    });

    it('absent is undefined, also below a file', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      for (const path of [`${probe.at}/none`, `${probe.at}/f/below`])
        expect(await probe.files.quotaUsage(path)).toBeUndefined();
    });

    it('quotas that are set are told of the folder that has them, and of no other', async () => {
      await probe.files.mkdirs(`${probe.at}/d`);
      await setQuota(probe.at, { names: 10, space: 5 * MIB });
      expect(await probe.files.quotaUsage(probe.at)).toMatchObject({ nameQuota: 10, spaceQuota: 5 * MIB });
      const below = await probe.files.quotaUsage(`${probe.at}/d`);
      expect(below).toMatchObject({ nameQuota: undefined, spaceQuota: undefined });
    });

    it('more names than the quota: folders, files and what is moved in are refused as QUOTA_EXCEEDED, naming the folder', async () => {
      await probe.files.mkdirs(`${probe.at}/full/d`);
      await probe.files.mkdirs(`${probe.at}/beside`);
      await setQuota(`${probe.at}/full`, { names: 2 });
      await expect(probe.files.mkdirs(`${probe.at}/full/e`)).rejects.toThrow(`directory ${probe.at}/full is exceeded`);
      expect(await codeFrom(probe.files.mkdirs(`${probe.at}/full/e`))).toBe('QUOTA_EXCEEDED');
      expect(await codeFrom(probe.write(`${probe.at}/full/d/f`, 'x'))).toBe('QUOTA_EXCEEDED');
      expect(await codeFrom(probe.files.rename(`${probe.at}/beside`, `${probe.at}/full/b`))).toBe('QUOTA_EXCEEDED');
      // What moves below the folder makes it no larger.
      expect(await probe.files.rename(`${probe.at}/full/d`, `${probe.at}/full/c`)).toEqual({ renamed: true });
    });

    it('a file is charged a whole block while it is written: QUOTA_EXCEEDED where less is left, whatever its length', async () => {
      await probe.files.mkdirs(`${probe.at}/small`);
      await setQuota(`${probe.at}/small`, { space: 3 * MIB });
      const write = (name: string, blockSize: number) =>
        probe.files.create(
          `${probe.at}/small/${name}`,
          async function* () {
            yield Buffer.from('hello');
          },
          { blockSize },
        );
      await expect(write('f', 4 * MIB)).rejects.toThrow(/quota of \S+\/small is exceeded: quota = 3145728 B/);
      expect(await codeFrom(write('g', 4 * MIB))).toBe('QUOTA_EXCEEDED');
      await write('h', MIB);
      expect(await probe.text(`${probe.at}/small/h`)).toBe('hello');
    });
  });
}
