import { createHash } from 'node:crypto';
import { FerryError } from '../errors/ferry-error.ts';
import type { FileStatus, FileSystem } from '../storage/file-system.ts';
import { identityOf } from './identity.ts';

/** One file of a folder: `path` is relative to the folder, with '/' between its segments. */
export type ListedFile = {
  readonly path: string;
  readonly length: number;
  readonly modificationTime: number;
  readonly blockSize: number;
};

/** All data files of a folder, nested ones too, sorted by path (code units), as one look at it showed them. */
export type Contents = {
  readonly files: readonly ListedFile[];
  readonly bytes: number;
  readonly digest: string;
};

export type Listing = Contents & {
  /** The folder's own identity; a folder moved aside and another put in its place differ in it. */
  readonly folderId: string;
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

/** listContents, with the folder's identity, which every folder that is moved is known by: CONFIG_INVALID where the server tells none. */
export async function listFolder(files: FileSystem, folder: string, signal: AbortSignal): Promise<Listing | undefined> {
  const listed = await listStatus(files, folder, signal);
  if (listed === undefined) return undefined;
  return { folderId: identityOf(files, folder, listed.status), ...listed.contents };
}

/** Lists a folder's data files. undefined: the folder is proven absent. A file at the path is an error: NOT_A_FOLDER. */
export async function listContents(
  files: FileSystem,
  folder: string,
  signal: AbortSignal,
): Promise<Contents | undefined> {
  return (await listStatus(files, folder, signal))?.contents;
}

async function listStatus(
  files: FileSystem,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly status: FileStatus; readonly contents: Contents } | undefined> {
  const status = await files.status(folder, { signal });
  if (status === undefined) return undefined;
  if (status.kind !== 'folder')
    throw new FerryError('NOT_A_FOLDER', `${files.cluster}:${folder} is a file, not a folder`);
  const walked = await walkFolder(files, folder, signal);
  if (walked === undefined) return undefined;
  const found: ListedFile[] = [];
  for await (const { path, status: child } of walked) {
    if (child.kind === 'folder') continue;
    const { length, modificationTime, blockSize } = child;
    found.push({ path, length, modificationTime, blockSize });
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = found.reduce((sum, file) => sum + file.length, 0);
  return { status, contents: { files: found, bytes, digest: listingDigest(found) } };
}

/** What a walk over a folder meets; `path` is relative to the folder. */
export type Walked = { readonly path: string; readonly status: FileStatus };

/**
 * Everything below a folder that a query would read, and the folders on the way, in no promised order. undefined: the
 * folder is proven absent.
 */
export async function walkFolder(
  files: FileSystem,
  folder: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Walked> | undefined> {
  const pages = await files.list(folder, { signal });
  return pages && walk(files, folder, pages, signal);
}

async function* walk(
  files: FileSystem,
  folder: string,
  first: AsyncIterable<readonly FileStatus[]>,
  signal: AbortSignal,
): AsyncGenerator<Walked> {
  const open: string[] = [];
  let [prefix, pages]: [string, AsyncIterable<readonly FileStatus[]> | undefined] = ['', first];
  for (;;) {
    for await (const page of pages ?? []) {
      for (const status of page) {
        if (isHidden(status.name, status.kind)) continue;
        const path = `${prefix}${status.name}`;
        if (status.kind === 'folder') open.push(path);
        yield { path, status };
      }
    }
    const next = open.pop();
    if (next === undefined) return;
    prefix = `${next}/`;
    // undefined: gone since its parent was listed; the next look at the folder will tell.
    pages = await files.list(`${folder}/${next}`, { signal });
  }
}

/** Same files, lengths and modification times: what a copy is when it is done, since the source's time is set on it. */
export function sameListing(a: Contents, b: Contents): boolean {
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
