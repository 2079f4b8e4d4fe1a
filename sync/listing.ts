import { createHash } from 'node:crypto';
import { FerryError } from '../errors/ferry-error.ts';
import type { FileStatus, FileSystem } from '../storage/file-system.ts';

/** One file of a folder: `path` is relative to the folder, with '/' between its segments. */
export type ListedFile = {
  readonly path: string;
  readonly length: number;
  readonly modificationTime: number;
  readonly blockSize: number;
};

/** All data files of a folder, nested ones too, sorted by path (code units), as one look at it showed them. */
export type Listing = {
  /** The folder's own identity; a folder moved aside and another put in its place differ in it. */
  readonly folderId: string;
  readonly files: readonly ListedFile[];
  readonly bytes: number;
  readonly digest: string;
};

/**
 * Whether a query would not read a file or folder of this name: Hive leaves out what begins with '.' or '_'
 * (FileUtils.HIDDEN_FILES_PATH_FILTER), staging folders included. The marker _SUCCESS is kept: pipelines wait for it.
 */
export function isHidden(name: string, kind: FileStatus['kind']): boolean {
  if (kind === 'file' && name === '_SUCCESS') return false;
  return name.startsWith('.') || name.startsWith('_');
}

/**
 * What two folders that hold the same files, byte counts and modification times have in common. SHA-256 over one line a
 * file; the path comes last, so that no name can imitate another line's fields.
 */
export function listingDigest(files: readonly ListedFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.length} ${file.modificationTime} ${JSON.stringify(file.path)}\n`);
  return hash.digest('hex');
}

/** Lists a folder's data files. undefined: the folder is proven absent. A file at the path is an error: NOT_A_FOLDER. */
export async function listFolder(files: FileSystem, folder: string, signal: AbortSignal): Promise<Listing | undefined> {
  const status = await files.status(folder, { signal });
  if (status === undefined) return undefined;
  if (status.kind !== 'folder')
    throw new FerryError('NOT_A_FOLDER', `${files.cluster}:${folder} is a file, not a folder`);
  const found: ListedFile[] = [];
  const open = [''];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    const path = prefix === '' ? folder : `${folder}/${prefix.slice(0, -1)}`;
    const pages = await files.list(path, { signal });
    if (pages === undefined) {
      if (prefix === '') return undefined;
      continue; // Gone since its parent was listed; the next look at the folder will tell.
    }
    for await (const page of pages) {
      for (const child of page) {
        if (isHidden(child.name, child.kind)) continue;
        if (child.kind === 'folder') open.push(`${prefix}${child.name}/`);
        else
          found.push({
            path: `${prefix}${child.name}`,
            length: child.length,
            modificationTime: child.modificationTime,
            blockSize: child.blockSize,
          });
      }
    }
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    folderId: status.fileId,
    files: found,
    bytes: found.reduce((sum, file) => sum + file.length, 0),
    digest: listingDigest(found),
  };
}

/** Same files, lengths and modification times: what a copy is when it is done, since the source's time is set on it. */
export function sameListing(a: Listing, b: Listing): boolean {
  return a.digest === b.digest;
}

/** The folders between the listed folder and its files ('HIVE_UNION_SUBDIR_1', 'x', 'x/y'), parents first. */
export function foldersOf(files: readonly ListedFile[]): readonly string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    const segments = path.split('/');
    for (let depth = 1; depth < segments.length; depth += 1) folders.add(segments.slice(0, depth).join('/'));
  }
  return [...folders].sort();
}
