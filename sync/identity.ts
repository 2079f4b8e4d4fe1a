import { FerryError } from '../errors/ferry-error.ts';
import type { FileStatus, FileSystem } from '../storage/file-system.ts';

/** What tells a folder from every other wherever it is moved: CONFIG_INVALID where the server does not tell it. */
export function identityOf({ cluster }: FileSystem, path: string, { fileId }: FileStatus): string {
  if (fileId !== undefined) return fileId;
  throw new FerryError('CONFIG_INVALID', `${cluster}:${path}: the server does not tell the inode`);
}
