import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { whileBeating } from './while-beating.ts';

/** Compares two files by what their clusters know of them. Incomparable is neither equal nor different: no checksum in common, a file still open or gone. */
export async function compareChecksums(
  reader: Reader,
  source: Cluster,
  target: Cluster,
  from: string,
  to: string,
): Promise<'same' | 'different' | 'incomparable'> {
  const { signal } = reader;
  const both = Promise.all([source.files.checksum(from, { signal }), target.files.checksum(to, { signal })]);
  const [left, right] = await whileBeating(reader, both);
  if (left === undefined || right === undefined || left === 'open' || right === 'open') return 'incomparable';
  if (left.algorithm !== right.algorithm) return 'incomparable';
  return left.bytes === right.bytes ? 'same' : 'different';
}
