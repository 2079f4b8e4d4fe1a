import { describe, expect, it } from '@jest/globals';
import type { FileStatus } from '../../storage/file-system.ts';
import { codeFrom, type FileSystemProbe } from './file-system-probe.ts';

/** Names, looking, making, renaming, deleting. */
export function namespaceContract(probe: FileSystemProbe): void {
  describe('names', () => {
    it.each([
      'dt=2026-01-01 00%3A00%3A00',
      '%',
      '%25',
      '100%+#?&=;,@!$',
      'a b  c',
      '{x}[y](z)',
      `it's "quoted" \`so\``,
      'back\\slash|pipe^caret<less>~tilde',
      'zuerich-zürich-Zürich',
      '数据😀',
      '.hidden',
      '_SUCCESS',
      'tab\there',
    ])('case 8, 9: %j is one literal name from making to deleting', async (literal) => {
      const folder = `${probe.at}/${literal}`;
      await probe.files.mkdirs(folder);
      await probe.write(`${folder}/${literal}`, 'in');
      expect(await probe.names(probe.at)).toEqual([literal]);
      expect(await probe.names(folder)).toEqual([literal]);
      expect(await probe.text(`${folder}/${literal}`)).toBe('in');
      expect(await probe.present(`${folder}/${literal}`)).toMatchObject({ name: '', kind: 'file', length: 2 });
      expect(await probe.files.checksum(`${folder}/${literal}`)).toMatchObject({ length: 28 });
      await probe.files.setModificationTime(`${folder}/${literal}`, 1_700_000_000_123);
      expect(await probe.files.rename(`${folder}/${literal}`, `${probe.at}/${literal}2`)).toEqual({ renamed: true });
      expect(await probe.present(`${probe.at}/${literal}2`)).toMatchObject({ modificationTime: 1_700_000_000_123 });
      expect(await probe.files.delete(folder)).toBe(true);
      expect(await probe.names(probe.at)).toEqual([`${literal}2`]);
    });

    it.each(['relative', '', '/a//b', '/a/', '/a/../b', '/a/./b', '/a:b', '/lone\uD800surrogate'])(
      '%j is no path and is never sent',
      async (path) => {
        expect(await codeFrom(probe.files.status(path))).toBe('INTERNAL');
        expect(await codeFrom(probe.files.mkdirs(path))).toBe('INTERNAL');
        expect(await codeFrom(probe.files.rename(probe.at, path))).toBe('INTERNAL');
      },
    );
  });

  describe('status', () => {
    it('tells a file and a folder, named by nothing', async () => {
      const before = Date.now() - 1000;
      await probe.write(`${probe.at}/f`, 'hello');
      const file = await probe.present(`${probe.at}/f`);
      expect(file).toMatchObject({ name: '', kind: 'file', length: 5 });
      expect(file.modificationTime).toBeGreaterThan(before);
      expect(file.blockSize).toBeGreaterThan(0);
      expect(file.replication).toBeGreaterThan(0);
      expect(file.permission).toMatch(/^[0-7]{3,4}$/);
      expect(file.owner).not.toBe('');
      expect(await probe.present(probe.at)).toMatchObject({
        name: '',
        kind: 'folder',
        length: 0,
        blockSize: 0,
        replication: 0,
      });
      expect(await probe.present('/')).toMatchObject({ name: '', kind: 'folder' });
    });

    it('absent is undefined, also below a file', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      expect(await probe.files.status(`${probe.at}/none`)).toBeUndefined();
      expect(await probe.files.status(`${probe.at}/none/deeper`)).toBeUndefined();
      expect(await probe.files.status(`${probe.at}/f/below`)).toBeUndefined();
      expect(await probe.files.status(`${probe.at}/f/below/deeper`)).toBeUndefined();
    });

    it('a file id stays with the file and never comes back', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      const id = await probe.idOf(`${probe.at}/f`);
      await probe.files.rename(`${probe.at}/f`, `${probe.at}/g`);
      expect(await probe.idOf(`${probe.at}/g`)).toBe(id);
      await probe.files.delete(`${probe.at}/g`);
      await probe.write(`${probe.at}/g`, 'x');
      expect(await probe.idOf(`${probe.at}/g`)).not.toBe(id);
    });
  });

  describe('list', () => {
    it('absent is undefined, also below a file; an empty folder has no children', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      await probe.files.mkdirs(`${probe.at}/empty`);
      expect(await probe.files.list(`${probe.at}/none`)).toBeUndefined();
      expect(await probe.files.list(`${probe.at}/f/below`)).toBeUndefined();
      expect(await probe.names(`${probe.at}/empty`)).toEqual([]);
    });

    it('of a file is the file itself, named by nothing', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      const pages: (readonly FileStatus[])[] = [];
      for await (const page of (await probe.files.list(`${probe.at}/f`)) ?? []) pages.push(page);
      expect(pages).toEqual([[await probe.present(`${probe.at}/f`)]]);
    });

    it('gives each child once with its own status, in the order of the UTF-8 bytes taken as signed', async () => {
      // UTF-16 units would put the emoji (U+1F600) before U+FF5E.
      const ordered = ['ä', '\uFF5E', '😀', 'A', 'B', 'Z', '_a', 'a', 'a!', 'a0', 'aa', 'b'];
      for (const child of [...ordered].reverse()) await probe.write(`${probe.at}/${child}`, child);
      expect(await probe.names(probe.at)).toEqual(ordered);
      for await (const page of (await probe.files.list(probe.at)) ?? []) {
        for (const child of page)
          expect({ ...child, name: '' }).toEqual(await probe.present(`${probe.at}/${child.name}`));
      }
    });

    it('comes in pages, none missing and none twice', async () => {
      const count = 2 * probe.pageSize + 3;
      const wanted = Array.from({ length: count }, (_, i) => `p=${String(i).padStart(5, '0')} %+`);
      for (let start = 0; start < count; start += 64) {
        await Promise.all(wanted.slice(start, start + 64).map((child) => probe.files.mkdirs(`${probe.at}/${child}`)));
      }
      const sizes: number[] = [];
      const found: string[] = [];
      for await (const page of (await probe.files.list(probe.at)) ?? []) {
        sizes.push(page.length);
        found.push(...page.map((child) => child.name));
      }
      expect(found).toEqual(wanted);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(probe.pageSize);

      const late = (await probe.files.list(probe.at))?.[Symbol.asyncIterator]();
      await late?.next();
      await probe.files.delete(probe.at);
      expect(await codeFrom(late?.next() ?? Promise.resolve())).toBe('PATH_ABSENT');
    });
  });

  describe('mkdirs', () => {
    it('makes what is missing and is content with what is there', async () => {
      await probe.files.mkdirs(`${probe.at}/a/b/c`);
      const id = await probe.idOf(`${probe.at}/a/b/c`);
      await probe.write(`${probe.at}/a/b/c/f`, 'kept');
      await probe.files.mkdirs(`${probe.at}/a/b/c`);
      expect(await probe.idOf(`${probe.at}/a/b/c`)).toBe(id);
      expect(await probe.text(`${probe.at}/a/b/c/f`)).toBe('kept');
    });

    it('a file at the path or on the way is NOT_A_FOLDER', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      expect(await codeFrom(probe.files.mkdirs(`${probe.at}/f`))).toBe('NOT_A_FOLDER');
      expect(await codeFrom(probe.files.mkdirs(`${probe.at}/f/below`))).toBe('NOT_A_FOLDER');
      expect(await codeFrom(probe.files.mkdirs(`${probe.at}/f/below/deeper`))).toBe('NOT_A_FOLDER');
      expect(await probe.text(`${probe.at}/f`)).toBe('x');
    });
  });

  describe('rename', () => {
    it('moves a whole folder in one step', async () => {
      await probe.files.mkdirs(`${probe.at}/from/sub`);
      await probe.write(`${probe.at}/from/sub/f`, 'in');
      await probe.files.mkdirs(`${probe.at}/parent`);
      const [id, moved] = [
        await probe.idOf(`${probe.at}/from`),
        (await probe.present(`${probe.at}/from`)).modificationTime,
      ];
      expect(await probe.files.rename(`${probe.at}/from`, `${probe.at}/parent/to`)).toEqual({ renamed: true });
      expect(await probe.files.status(`${probe.at}/from`)).toBeUndefined();
      expect(await probe.present(`${probe.at}/parent/to`)).toMatchObject({ fileId: id, modificationTime: moved });
      expect(await probe.text(`${probe.at}/parent/to/sub/f`)).toBe('in');
    });

    it.each([
      ['the destination is a folder, which is not gone into', 'from', 'folder'],
      ['the destination is an empty folder', 'from', 'empty'],
      ['the destination is a file', 'from', 'file'],
      ['a file, and the destination is a file', 'file', 'file2'],
      ['a file, and the destination is a folder', 'file', 'empty'],
      ['the source is absent', 'none', 'to'],
      ['the source would be below a file', 'file/below', 'to'],
      ['the parent of the destination is absent', 'from', 'none/to'],
      ['the parent of the destination is a file', 'from', 'file/to'],
      ['a file stands further above the destination', 'from', 'file/on/to'],
      ['into itself', 'from', 'from/to'],
      ['deep into itself', 'from', 'from/sub/to'],
      ['onto itself', 'from', 'from'],
      ['both ends are wrong', 'none', 'none2/to'],
    ])('case 6: does not happen and says so: %s', async (_, from, to) => {
      await probe.files.mkdirs(`${probe.at}/from/sub`);
      await probe.files.mkdirs(`${probe.at}/folder/sub`);
      await probe.files.mkdirs(`${probe.at}/empty`);
      await probe.write(`${probe.at}/file`, 'x');
      await probe.write(`${probe.at}/file2`, 'y');
      const answer = await probe.files.rename(`${probe.at}/${from}`, `${probe.at}/${to}`);
      expect(answer).toEqual({ renamed: false, reason: expect.stringMatching(/./) });
      expect(await probe.names(probe.at)).toEqual(['empty', 'file', 'file2', 'folder', 'from']);
      expect([await probe.names(`${probe.at}/folder`), await probe.names(`${probe.at}/from`)]).toEqual([
        ['sub'],
        ['sub'],
      ]);
      expect([await probe.text(`${probe.at}/file`), await probe.text(`${probe.at}/file2`)]).toEqual(['x', 'y']);
    });

    it('has one winner of many, for one source and for one destination', async () => {
      await probe.files.mkdirs(`${probe.at}/one`);
      const out = await Promise.all(
        [1, 2, 3, 4, 5].map((i) => probe.files.rename(`${probe.at}/one`, `${probe.at}/to${i}`)),
      );
      expect(out.filter(({ renamed }) => renamed)).toHaveLength(1);
      for (const i of [1, 2, 3, 4, 5]) await probe.files.mkdirs(`${probe.at}/from${i}`);
      const into = await Promise.all(
        [1, 2, 3, 4, 5].map((i) => probe.files.rename(`${probe.at}/from${i}`, `${probe.at}/winner`)),
      );
      expect(into.filter(({ renamed }) => renamed)).toHaveLength(1);
      expect(await probe.names(`${probe.at}/winner`)).toEqual([]);
    });
  });

  describe('delete', () => {
    it('takes everything below along; absent, and below a file, is false', async () => {
      await probe.files.mkdirs(`${probe.at}/a/b`);
      await probe.write(`${probe.at}/a/b/f`, 'x');
      await probe.write(`${probe.at}/f`, 'x');
      expect(await probe.files.delete(`${probe.at}/a`)).toBe(true);
      expect(await probe.files.delete(`${probe.at}/a`)).toBe(false);
      expect(await probe.files.delete(`${probe.at}/a/b`)).toBe(false);
      expect(await probe.files.delete(`${probe.at}/f/below`)).toBe(false);
      expect(await probe.files.delete(`${probe.at}/f`)).toBe(true);
      expect(await probe.names(probe.at)).toEqual([]);
    });
  });

  describe('modification times', () => {
    it('are set to the millisecond, of a file and of a folder', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      await probe.files.mkdirs(`${probe.at}/d`);
      await probe.files.setModificationTime(`${probe.at}/f`, 1_234_567_890_123);
      await probe.files.setModificationTime(`${probe.at}/d`, 1_234_567_890_456);
      expect((await probe.present(`${probe.at}/f`)).modificationTime).toBe(1_234_567_890_123);
      expect((await probe.present(`${probe.at}/d`)).modificationTime).toBe(1_234_567_890_456);
      expect(await codeFrom(probe.files.setModificationTime(`${probe.at}/none`, 1))).toBe('PATH_ABSENT');
      expect(await codeFrom(probe.files.setModificationTime(`${probe.at}/f/below`, 1))).toBe('PATH_ABSENT');
    });

    it('of a folder move with its direct children only', async () => {
      await probe.files.mkdirs(`${probe.at}/d/sub`);
      await probe.files.mkdirs(`${probe.at}/e`);
      const moves = async (act: () => Promise<unknown>, folder = `${probe.at}/d`) => {
        await probe.files.setModificationTime(folder, 1000);
        await act();
        return (await probe.present(folder)).modificationTime !== 1000;
      };
      const open = async () => {
        const { source, done } = await probe.writing(`${probe.at}/d/open`);
        const moved = (await probe.present(`${probe.at}/d`)).modificationTime !== 1000;
        await probe.files.setModificationTime(`${probe.at}/d`, 1000);
        source.end();
        await done;
        return moved;
      };
      expect(await moves(() => probe.files.mkdirs(`${probe.at}/d/made`))).toBe(true);
      expect(await moves(() => probe.write(`${probe.at}/d/f`, 'x'))).toBe(true);
      expect(await moves(async () => expect(await open()).toBe(true))).toBe(false);
      expect(await moves(() => probe.files.rename(`${probe.at}/d/f`, `${probe.at}/e/f`))).toBe(true);
      expect(await moves(() => probe.files.rename(`${probe.at}/d/made`, `${probe.at}/e/made`), `${probe.at}/e`)).toBe(
        true,
      );
      expect(await moves(() => probe.files.delete(`${probe.at}/d/open`))).toBe(true);
      expect(await moves(() => probe.write(`${probe.at}/d/sub/deeper`, 'x'))).toBe(false);
      expect(await moves(() => probe.files.mkdirs(`${probe.at}/d/sub`))).toBe(false);
      await probe.files.setModificationTime(`${probe.at}/d`, 1000);
      await probe.files.rename(`${probe.at}/d`, `${probe.at}/d2`);
      expect((await probe.present(`${probe.at}/d2`)).modificationTime).toBe(1000);
    });
  });
}
