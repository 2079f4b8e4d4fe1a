import { createHash } from 'node:crypto';
import type { Checksum } from './file-system.ts';

const CASTAGNOLI = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
  return crc >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * The checksum HDFS computes for a replicated file: MD5 over the MD5s of the blocks' CRC32Cs, one CRC a
 * `bytesPerChecksum` bytes. As in Hadoop (FileChecksumHelper), the list of block MD5s is digested together with the
 * unused rest of its buffer, zeros up to a power of two of at least 32 bytes, and an empty file names CRC32 and 0; a
 * file of several blocks names how many CRCs the first one has. `joints`: offsets at which a block ends before it is full.
 */
export function hdfsChecksum(
  content: Uint8Array,
  blockSize: number,
  bytesPerChecksum: number,
  joints: readonly number[] = [],
): Checksum {
  if (content.length === 0) return checksumOf(0, 0, 'CRC32', []);
  const blocks: Uint8Array[] = [];
  for (const [place, start] of [0, ...joints].entries()) {
    const end = joints[place] ?? content.length;
    for (let at = start; at < end; at += blockSize) blocks.push(content.subarray(at, Math.min(at + blockSize, end)));
  }
  const crcsOfFirst = Math.ceil((blocks[0]?.length ?? 0) / bytesPerChecksum);
  const md5s = blocks.map((block) => blockMd5(block, bytesPerChecksum));
  return checksumOf(bytesPerChecksum, blocks.length > 1 ? crcsOfFirst : 0, 'CRC32C', md5s);
}

function blockMd5(block: Uint8Array, bytesPerChecksum: number): Buffer {
  const crcs = Buffer.alloc(Math.ceil(block.length / bytesPerChecksum) * 4);
  for (let i = 0; i * bytesPerChecksum < block.length; i += 1) {
    crcs.writeUInt32BE(crc32c(block.subarray(i * bytesPerChecksum, (i + 1) * bytesPerChecksum)), i * 4);
  }
  return createHash('md5').update(crcs).digest();
}

function checksumOf(bytesPerCrc: number, crcPerBlock: number, type: string, blocks: readonly Buffer[]): Checksum {
  const used = Buffer.concat(blocks);
  const md5s = Buffer.alloc(2 ** Math.ceil(Math.log2(Math.max(used.length, 32))));
  used.copy(md5s);
  const head = Buffer.alloc(12);
  head.writeInt32BE(bytesPerCrc, 0);
  head.writeBigInt64BE(BigInt(crcPerBlock), 4);
  const digest = createHash('md5').update(md5s).digest();
  const algorithm = `MD5-of-${crcPerBlock}MD5-of-${bytesPerCrc}${type}`;
  // WebHDFS prints its whole 32-byte buffer, of which 28 are the checksum.
  return { algorithm, bytes: Buffer.concat([head, digest], 32).toString('hex'), length: 28 };
}
