import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { codeFrom, type FileSystemProbe } from './file-system-probe.ts';

const MIB = 1024 * 1024;

/** Writing, reading, checksums. */
export function bytesContract(probe: FileSystemProbe): void {
  describe('checksum', () => {
    it('is the one HDFS computes, and undefined where there is no file', async () => {
      await probe.write(`${probe.at}/f`, 'hello\n');
      await probe.write(`${probe.at}/empty`);
      expect(await probe.files.checksum(`${probe.at}/f`)).toEqual({
        algorithm: 'MD5-of-0MD5-of-512CRC32C',
        bytes: '0000020000000000000000002b559725e23eb93541b0675b41e25ab300000000',
        length: 28,
      });
      expect(await probe.files.checksum(`${probe.at}/empty`)).toEqual({
        algorithm: 'MD5-of-0MD5-of-0CRC32',
        bytes: '00000000000000000000000070bc8f4b72a86921468bf8e8441dce5100000000',
        length: 28,
      });
      expect(await probe.files.checksum(`${probe.at}/none`)).toBeUndefined();
      expect(await probe.files.checksum(`${probe.at}/f/below`)).toBeUndefined();
      expect(await probe.files.checksum(probe.at)).toBeUndefined();
    });

    it('case 26: shows in its algorithm that block sizes differ', async () => {
      const content = createHash('sha512').update('seed').digest().toString('hex').repeat(17_000);
      const body = async function* () {
        yield Buffer.from(content);
      };
      await probe.files.create(`${probe.at}/one`, body, { blockSize: 4 * MIB });
      await probe.files.create(`${probe.at}/three`, body, { blockSize: MIB });
      expect(await probe.present(`${probe.at}/three`)).toMatchObject({ blockSize: MIB, length: content.length });
      expect(await probe.files.checksum(`${probe.at}/one`)).toEqual({
        algorithm: 'MD5-of-0MD5-of-512CRC32C',
        bytes: expect.any(String),
        length: 28,
      });
      expect(await probe.files.checksum(`${probe.at}/three`)).toMatchObject({
        algorithm: 'MD5-of-2048MD5-of-512CRC32C',
      });
    });

    it('case 50: of a file that is being written is open', async () => {
      const { source, done } = await probe.writing(`${probe.at}/f`);
      expect(await probe.files.checksum(`${probe.at}/f`)).toBe('open');
      expect((await probe.present(`${probe.at}/f`)).length).toBeLessThanOrEqual(3);
      source.end();
      await done;
      expect(await probe.files.checksum(`${probe.at}/f`)).toMatchObject({ length: 28 });
    });
  });

  describe('create', () => {
    it.each([0, 1, 65_536, 5 * MIB + 3])('writes %i bytes and they are read back', async (size) => {
      const content = Buffer.alloc(size, 'all work and no play ');
      await probe.write(`${probe.at}/f`, content.subarray(0, size >> 1), '', content.subarray(size >> 1));
      expect(await probe.present(`${probe.at}/f`)).toMatchObject({ kind: 'file', length: size });
      expect(content.equals(await probe.read(`${probe.at}/f`))).toBe(true);
    });

    it('never writes over anything', async () => {
      await probe.write(`${probe.at}/f`, 'first');
      await probe.files.mkdirs(`${probe.at}/d`);
      expect(await codeFrom(probe.write(`${probe.at}/f`, 'second'))).toBe('PATH_EXISTS');
      expect(await codeFrom(probe.write(`${probe.at}/d`, 'second'))).toBe('PATH_EXISTS');
      expect(await probe.text(`${probe.at}/f`)).toBe('first');
    });

    it('never makes a parent', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      expect(await codeFrom(probe.write(`${probe.at}/none/f`, 'x'))).toBe('PATH_ABSENT');
      expect(await codeFrom(probe.write(`${probe.at}/f/below`, 'x'))).toBe('NOT_A_FOLDER');
      expect(await codeFrom(probe.write(`${probe.at}/f/below/deeper`, 'x'))).toBe('NOT_A_FOLDER');
      expect(await probe.names(probe.at)).toEqual(['f']);
    });

    it('has one winner of many at one path', async () => {
      const tries = Array.from({ length: 8 }, (_, i) => codeFrom(probe.write(`${probe.at}/f`, `writer ${i}`)));
      const codes = await Promise.all(tries);
      expect(codes.filter((code) => code === 'resolved')).toHaveLength(1);
      expect(codes.filter((code) => code === 'PATH_EXISTS')).toHaveLength(7);
      expect(await probe.text(`${probe.at}/f`)).toBe(`writer ${codes.indexOf('resolved')}`);
    });

    it('takes a permission and a block size', async () => {
      const body = async function* () {
        yield Buffer.from('x');
      };
      await probe.files.create(`${probe.at}/f`, body, { permission: '600', blockSize: 2 * MIB });
      expect(await probe.present(`${probe.at}/f`)).toMatchObject({ permission: '600', blockSize: 2 * MIB });
    });

    it('case 3: asks for its body once, and lets go of it at the end', async () => {
      const { source, done } = await probe.writing(`${probe.at}/f`);
      source.end();
      await done;
      expect([source.asked, source.ended]).toEqual([1, true]);
    });

    it('ends with the error of its body, as it is', async () => {
      const { source, done } = await probe.writing(`${probe.at}/f`);
      const error = new Error('the source broke');
      source.fail(error);
      await expect(done).rejects.toBe(error);
      expect([source.asked, source.ended]).toEqual([1, true]);
    });
  });

  describe('open', () => {
    it('reads from an offset, a length, or both', async () => {
      const path = `${probe.at}/f`;
      await probe.write(path, '0123456789');
      await probe.write(`${probe.at}/empty`);
      expect(await probe.text(path, { offset: 4 })).toBe('456789');
      expect(await probe.text(path, { length: 3 })).toBe('012');
      expect(await probe.text(path, { offset: 4, length: 3 })).toBe('456');
      expect(await probe.text(path, { offset: 8, length: 30 })).toBe('89');
      expect(await probe.text(path, { offset: 4, length: 0 })).toBe('');
      expect(await probe.text(path, { offset: 10 })).toBe('');
      expect(await probe.text(path, { offset: 11 })).toBe('');
      expect(await probe.text(`${probe.at}/empty`)).toBe('');
    });

    it('absent, below a file, and a folder, is PATH_ABSENT', async () => {
      await probe.write(`${probe.at}/f`, 'x');
      expect(await codeFrom(probe.files.open(`${probe.at}/none`))).toBe('PATH_ABSENT');
      expect(await codeFrom(probe.files.open(`${probe.at}/f/below`))).toBe('PATH_ABSENT');
      expect(await codeFrom(probe.files.open(probe.at))).toBe('PATH_ABSENT');
    });

    it('is a stream that can be dropped half way', async () => {
      await probe.write(`${probe.at}/f`, Buffer.alloc(4 * MIB, 'x'));
      const stream = await probe.files.open(`${probe.at}/f`);
      for await (const chunk of stream) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(stream.destroyed).toBe(true);
    });
  });

  describe('case 52: an aborted signal', () => {
    const reason = { why: 'cancelled' };

    it('rejects every call with its reason, untouched, and nothing happens', async () => {
      const signal = AbortSignal.abort(reason);
      await probe.write(`${probe.at}/f`, 'x');
      const body = async function* () {
        yield Buffer.from('x');
      };
      const calls = [
        () => probe.files.status(probe.at, { signal }),
        () => probe.files.list(probe.at, { signal }),
        () => probe.files.checksum(`${probe.at}/f`, { signal }),
        () => probe.files.mkdirs(`${probe.at}/d`, { signal }),
        () => probe.files.rename(`${probe.at}/f`, `${probe.at}/g`, { signal }),
        () => probe.files.delete(`${probe.at}/f`, { signal }),
        () => probe.files.setModificationTime(`${probe.at}/f`, 1, { signal }),
        () => probe.files.create(`${probe.at}/h`, body, { signal }),
        () => probe.files.concat(`${probe.at}/f`, [`${probe.at}/g`], { signal }),
        () => probe.files.open(`${probe.at}/f`, { signal }),
      ];
      for (const call of calls) await expect(call()).rejects.toBe(reason);
      expect(await probe.names(probe.at)).toEqual(['f']);
    });

    it('ends a stream that is being read, and a listing', async () => {
      const abort = new AbortController();
      const { signal } = abort;
      await probe.write(`${probe.at}/f`, Buffer.alloc(4 * MIB, 'x'));
      const stream = await probe.files.open(`${probe.at}/f`, { signal });
      const reading = (async () => {
        for await (const _ of stream) abort.abort(reason);
      })();
      await expect(reading).rejects.toBe(reason);
      expect(stream.destroyed).toBe(true);
    });
  });
}
