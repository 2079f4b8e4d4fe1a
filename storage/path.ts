import { toUSVString } from 'node:util';
import { FerryError } from '../errors/ferry-error.ts';

/**
 * The segments of an absolute, literal path; none for '/'. Refuses what HDFS itself refuses as a name (an empty segment,
 * '.', '..', ':', a NUL; DFSUtil.isValidName) and what has no UTF-8 form, before anything is sent: a caller's fault, INTERNAL.
 */
export function segmentsOf(path: string): readonly string[] {
  if (path === '/') return [];
  const segments = path.split('/').slice(1);
  const valid = path.startsWith('/') && toUSVString(path) === path && segments.every(isName);
  if (!valid) throw new FerryError('INTERNAL', `not an absolute HDFS path: ${JSON.stringify(path)}`);
  return segments;
}

function isName(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !segment.includes(':') && !segment.includes('\0');
}

/**
 * The order in which a namenode lists: by the bytes of the UTF-8 names, each taken as a signed number (HDFS,
 * DFSUtilClient.compareBytes), so that what is not ASCII comes before what is.
 */
export function compareNames(a: string, b: string): number {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  const shorter = Math.min(left.length, right.length);
  for (let i = 0; i < shorter; i += 1) {
    const difference = left.readInt8(i) - right.readInt8(i);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
