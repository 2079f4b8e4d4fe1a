import { describe, expect, it } from '@jest/globals';
import { codeFrom, type FileSystemProbe, until } from './file-system-probe.ts';

/** What keeps a writer that was taken over from coming back: renamed folders, tombstones, open files. */
export function fenceContract(probe: FileSystemProbe): void {
  describe('fence', () => {
    it('case 39: below the tombstone at an old path nothing is made, moved or found', async () => {
      await probe.files.mkdirs(`${probe.at}/own/stage`);
      await probe.write(`${probe.at}/own/stage/f`, 'kept');
      await probe.files.mkdirs(`${probe.at}/elsewhere`);
      expect(await probe.files.rename(`${probe.at}/own`, `${probe.at}/adopted`)).toEqual({ renamed: true });
      await probe.write(`${probe.at}/own`);

      const old = `${probe.at}/own/stage`;
      const refused = { renamed: false, reason: expect.any(String) };
      expect(await codeFrom(probe.write(`${probe.at}/own/g`, 'x'))).toBe('NOT_A_FOLDER');
      expect(await codeFrom(probe.write(`${old}/g`, 'x'))).toBe('NOT_A_FOLDER');
      expect(await codeFrom(probe.files.mkdirs(old))).toBe('NOT_A_FOLDER');
      expect(await probe.files.rename(`${old}/f`, `${probe.at}/landed`)).toEqual(refused);
      expect(await probe.files.rename(`${probe.at}/elsewhere`, `${old}/in`)).toEqual(refused);
      expect(await probe.files.rename(`${probe.at}/elsewhere`, `${probe.at}/own/in`)).toEqual(refused);
      expect(await probe.files.delete(`${old}/f`)).toBe(false);
      expect(await probe.files.status(`${old}/f`)).toBeUndefined();
      expect(await probe.files.list(old)).toBeUndefined();
      expect(await codeFrom(probe.files.open(`${old}/f`))).toBe('PATH_ABSENT');
      expect(await probe.names(probe.at)).toEqual(['adopted', 'elsewhere', 'own']);
      expect(await probe.text(`${probe.at}/adopted/stage/f`)).toBe('kept');
    });

    it('an open write survives the rename of its folder, and lands there', async () => {
      await probe.files.mkdirs(`${probe.at}/own`);
      const { source, done } = await probe.writing(`${probe.at}/own/f`);
      const id = await probe.idOf(`${probe.at}/own/f`);
      await probe.files.rename(`${probe.at}/own`, `${probe.at}/adopted`);
      await probe.write(`${probe.at}/own`);
      expect(await probe.files.checksum(`${probe.at}/adopted/f`)).toBe('open');
      source.push('def');
      source.end();
      await done;
      expect(await probe.present(`${probe.at}/adopted/f`)).toMatchObject({ fileId: id, length: 6 });
      expect(await probe.text(`${probe.at}/adopted/f`)).toBe('abcdef');
    });

    it.each(['the folder', 'the file'])('deleting %s ends an open write with an error', async (what) => {
      await probe.files.mkdirs(`${probe.at}/own`);
      const { source, done } = await probe.writing(`${probe.at}/own/f`);
      expect(await probe.files.delete(what === 'the folder' ? `${probe.at}/own` : `${probe.at}/own/f`)).toBe(true);
      source.push('def');
      source.end();
      expect(await codeFrom(done)).toBe('PATH_ABSENT');
      expect(await probe.files.status(`${probe.at}/own/f`)).toBeUndefined();
    });

    it('case 15: a path whose writer is gone or still there is taken, and another name is free', async () => {
      const { source, done } = await probe.writing(`${probe.at}/f`);
      expect(await codeFrom(probe.write(`${probe.at}/f`, 'x'))).toBe('PATH_EXISTS');
      await probe.write(`${probe.at}/g`, 'x');
      source.fail(new Error('gone'));
      await expect(done).rejects.toThrow('gone');
      expect(await codeFrom(probe.write(`${probe.at}/f`, 'x'))).toBe('PATH_EXISTS');
    });

    it('case 14: an aborted write leaves a short, visible, closed file', async () => {
      const abort = new AbortController();
      const { source, done } = await probe.writing(`${probe.at}/f`, abort.signal);
      const reason = new Error('cancelled by the test');
      // The source is stuck: nothing more comes from it.
      abort.abort(reason);
      await expect(done).rejects.toBe(reason);
      await until(async () => (await probe.files.checksum(`${probe.at}/f`)) !== 'open');
      expect((await probe.present(`${probe.at}/f`)).length).toBeLessThanOrEqual(3);
      source.end();
      await until(async () => source.ended);
    });
  });
}
