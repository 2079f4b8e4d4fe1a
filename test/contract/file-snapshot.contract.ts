import { describe, expect, it } from '@jest/globals';
import { codeFrom, type FileSystemProbe } from './file-system-probe.ts';

/** A read-only picture of a folder. */
export function snapshotContract(probe: FileSystemProbe, allow: (path: string) => Promise<void>): void {
  /** A folder with a file in it, of which the administrator allows snapshots. */
  const allowed = async (): Promise<string> => {
    const folder = `${probe.at}/t`;
    await probe.files.mkdirs(`${folder}/p=1`);
    await probe.write(`${folder}/p=1/f`, 'then');
    await allow(folder);
    return folder;
  };

  describe('snapshot', () => {
    it('shows the folder as it was, whatever becomes of it, until it is deleted', async () => {
      const folder = await allowed();
      const [status, sum] = [await probe.present(`${folder}/p=1/f`), await probe.files.checksum(`${folder}/p=1/f`)];
      expect(await probe.files.createSnapshot(folder, 's')).toEqual({ made: true });
      await probe.files.delete(`${folder}/p=1/f`);
      await probe.write(`${folder}/p=1/f`, 'now, and longer');
      await probe.write(`${folder}/p=1/g`, 'new');

      const then = `${folder}/.snapshot/s/p=1`;
      expect(await probe.names(then)).toEqual(['f']);
      expect(await probe.text(`${then}/f`)).toBe('then');
      expect(await probe.present(`${then}/f`)).toEqual(status);
      expect(await probe.files.checksum(`${then}/f`)).toEqual(sum);
      expect(await probe.text(`${folder}/p=1/f`)).toBe('now, and longer');
      expect(await probe.names(folder)).toEqual(['p=1']);
      expect(await probe.names(`${folder}/.snapshot`)).toEqual(['s']);

      expect(await probe.files.deleteSnapshot(folder, 's')).toBe(true);
      expect(await probe.files.status(then)).toBeUndefined();
      expect(await probe.files.deleteSnapshot(folder, 's')).toBe(false);
    });

    it('case 48: made again under its name, it is the first one', async () => {
      const folder = await allowed();
      await probe.files.createSnapshot(folder, 's');
      await probe.write(`${folder}/p=1/g`, 'new');
      expect(await probe.files.createSnapshot(folder, 's')).toEqual({ made: true });
      expect(await probe.names(`${folder}/.snapshot/s/p=1`)).toEqual(['f']);
      await probe.files.deleteSnapshot(folder, 's');
    });

    it('is refused where none are allowed, and has no folder to be looked for', async () => {
      const folder = await allowed();
      expect((await probe.present(`${folder}/.snapshot`)).kind).toBe('folder');
      const below = `${folder}/p=1`;
      expect(await probe.files.status(`${below}/.snapshot`)).toBeUndefined();
      expect(await probe.files.createSnapshot(below, 's')).toEqual({ made: false, reason: expect.any(String) });
      expect(await probe.files.deleteSnapshot(below, 's')).toBe(false);
      expect(await codeFrom(probe.files.createSnapshot(`${probe.at}/none`, 's'))).toBe('PATH_ABSENT');
      expect(await probe.files.deleteSnapshot(`${probe.at}/none`, 's')).toBe(false);
    });

    it('is never changed, and keeps its folder where it is', async () => {
      const folder = await allowed();
      await probe.files.createSnapshot(folder, 's');
      const then = `${folder}/.snapshot/s`;
      const calls = [
        probe.files.mkdirs(`${then}/q`),
        probe.write(`${then}/g`, 'x'),
        probe.files.rename(`${then}/p=1`, `${probe.at}/p`),
        probe.files.delete(`${then}/p=1`),
        probe.files.setModificationTime(`${then}/p=1`, 1),
        probe.files.delete(folder),
        probe.files.rename(folder, `${probe.at}/moved`),
      ];
      for (const call of calls) expect(await codeFrom(call)).toBe('PERMISSION_DENIED');
      expect(await probe.names(then)).toEqual(['p=1']);
      await probe.files.deleteSnapshot(folder, 's');
      expect(await probe.files.rename(folder, `${probe.at}/moved`)).toEqual({ renamed: true });
    });
  });
}
