import { FerryError } from '../errors/ferry-error.ts';
import type { FileStatus } from '../storage/file-system.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { parentOf } from './run-folder.ts';

/** The folder itself, or the nearest above it that stands. */
export async function nearestStanding(
  reader: Reader,
  target: Cluster,
  path: string,
): Promise<{ readonly path: string; readonly status: FileStatus }> {
  const status = await target.files.status(path, { signal: reader.signal });
  if (status !== undefined) return { path, status };
  if (path === '/') throw new FerryError('BAD_ANSWER', `${target.name} says that / is not there`);
  return nearestStanding(reader, target, parentOf(path));
}
