import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type FileSystemProbe, until } from './file-system-probe.ts';

/** The least block size of a namenode (dfs.namenode.fs-limits.min-block-size). */
const BLOCK = 1024 * 1024;

/** Joining files without copying a byte. */
export function concatContract(probe: FileSystemProbe): void {
  const put = (name: string, content: Uint8Array, blockSize = BLOCK) =>
    probe.files.create(
      `${probe.at}/${name}`,
      async function* () {
        yield content;
      },
      { blockSize },
    );
  const concat = (target: string, ...sources: string[]) =>
    probe.files.concat(
      `${probe.at}/${target}`,
      sources.map((name) => `${probe.at}/${name}`),
    );
  const refused = { joined: false, reason: expect.any(String) };

  describe('concat', () => {
    it('appends the sources in their order and leaves none; the target stays the same file', async () => {
      await put('t', Buffer.from('one '));
      await put('y', Buffer.from('two '));
      await put('x', Buffer.from('three'));
      const id = await probe.idOf(`${probe.at}/t`);
      expect(await concat('t', 'y', 'x')).toEqual({ joined: true });
      expect(await probe.text(`${probe.at}/t`)).toBe('one two three');
      expect(await probe.names(probe.at)).toEqual(['t']);
      expect(await probe.present(`${probe.at}/t`)).toMatchObject({ fileId: id, length: 13, blockSize: BLOCK });
      expect(await probe.text(`${probe.at}/t`, { offset: 2, length: 4 })).toBe('e tw');
    });

    it('case 26: joined at the ends of blocks, the checksum is that of one file written at once; elsewhere it is another', async () => {
      const content = randomBytes(2 * BLOCK + 700);
      await put('whole', content);
      for (const [name, cut] of [['at-the-end', BLOCK] as const, ['inside', BLOCK + 512] as const]) {
        await put(name, content.subarray(0, cut));
        await put('rest', content.subarray(cut));
        expect(await concat(name, 'rest')).toEqual({ joined: true });
        expect((await probe.read(`${probe.at}/${name}`)).equals(content)).toBe(true);
      }
      const whole = await probe.files.checksum(`${probe.at}/whole`);
      expect(await probe.files.checksum(`${probe.at}/at-the-end`)).toEqual(whole);
      expect(await probe.files.checksum(`${probe.at}/inside`)).not.toEqual(whole);
    });

    it('case 48: asked again after it happened, it is refused and changes nothing', async () => {
      await put('t', Buffer.from('one '));
      await put('x', Buffer.from('two'));
      await concat('t', 'x');
      expect(await concat('t', 'x')).toEqual(refused);
      expect(await probe.text(`${probe.at}/t`)).toBe('one two');
    });

    it('is refused, whole, where one file cannot be joined', async () => {
      await probe.files.mkdirs(`${probe.at}/d`);
      await put('t', Buffer.from('one'));
      await put('x', Buffer.from('two'));
      await put('empty', Buffer.alloc(0));
      await put('large-blocks', Buffer.from('three'), 2 * BLOCK);
      await put('d/elsewhere', Buffer.from('four'));
      for (const source of ['none', 'd', 'empty', 'large-blocks', 'd/elsewhere', 't', 'x/below']) {
        expect(await concat('t', 'x', source)).toEqual(refused);
      }
      expect(await concat('t', 'x', 'x')).toEqual(refused);
      expect(await concat('t')).toEqual(refused);
      for (const target of ['none', 'd', 'x/below']) expect(await concat(target, 'x')).toEqual(refused);
      expect(await probe.text(`${probe.at}/t`)).toBe('one');
      expect(await probe.text(`${probe.at}/x`)).toBe('two');
    });

    it('is refused while a file is being written', async () => {
      await probe.write(`${probe.at}/t`, 'one');
      const { source, done } = await probe.writing(`${probe.at}/open`);
      expect(await concat('t', 'open')).toEqual(refused);
      source.end();
      await done;
      await until(async () => (await probe.files.checksum(`${probe.at}/open`)) !== 'open');
      expect(await concat('t', 'open')).toEqual({ joined: true });
      expect(await probe.text(`${probe.at}/t`)).toBe('oneabc');
    });
  });
}
