import { isFerryError } from '../errors/ferry-error.ts';
import type { FileSystem } from '../storage/file-system.ts';

/**
 * Lays an empty file (tombstone) at a path that must never lead anywhere again: MKDIRS below it fails, and a folder
 * cannot be renamed there. 'there': something stands at the path already, a tombstone, or a folder made anew, which
 * only another look tells. PATH_ABSENT and NOT_A_FOLDER of the path's parent are thrown.
 */
export async function layTombstone(files: FileSystem, path: string, signal: AbortSignal): Promise<'laid' | 'there'> {
  try {
    await files.create(path, noBytes, { signal });
    return 'laid';
  } catch (error) {
    if (isFerryError(error) && error.code === 'PATH_EXISTS') return 'there';
    throw error;
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
