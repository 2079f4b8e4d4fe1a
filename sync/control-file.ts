import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { FerryError } from '../errors/ferry-error.ts';
import type { FileSystem } from '../storage/file-system.ts';
import type { FileRef } from './outcome.ts';
import { recordsPath } from './run-folder.ts';

export type Writing = { readonly signal: AbortSignal; uuid(): string };

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes a control file whole: under a temporary name, then renamed; the parent is made. What stands at the path
 * already is kept and told as 'there' (two attempts may race; the first one is the one that counts).
 */
export async function writeControlFile(
  files: FileSystem,
  path: string,
  bytes: Uint8Array,
  { signal, uuid }: Writing,
): Promise<'written' | 'there'> {
  const cut = path.lastIndexOf('/');
  const folder = path.slice(0, cut);
  const temporary = `${folder}/.${path.slice(cut + 1)}.${uuid()}`;
  await files.mkdirs(folder, { signal });
  await files.create(
    temporary,
    async function* () {
      yield bytes;
    },
    { signal },
  );
  const answer = await files.rename(temporary, path, { signal });
  if (answer.renamed) return 'written';
  if ((await files.status(path, { signal })) === undefined) {
    throw new FerryError('PATH_ABSENT', `could not put ${files.cluster}:${path} in place: ${answer.reason}`);
  }
  await files.delete(temporary, { signal });
  return 'there';
}

/** Replaces a control file that is only there to be read by people and tools; between the two steps it is absent. */
export async function replaceControlFile(
  files: FileSystem,
  path: string,
  bytes: Uint8Array,
  writing: Writing,
): Promise<void> {
  await files.delete(path, { signal: writing.signal });
  await writeControlFile(files, path, bytes, writing);
}

/** The whole of a control file; undefined: proven absent. */
export async function readControlFile(
  files: FileSystem,
  path: string,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  if ((await files.status(path, { signal })) === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of await files.open(path, { signal })) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** Writes records, one JSON a line, gzipped, under a name that carries their hash, so that a path never changes its content. */
export async function writeRecords(
  files: FileSystem,
  pathStart: string,
  records: readonly unknown[],
  writing: Writing,
): Promise<FileRef> {
  const bytes = await promisify(gzip)(Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join('')));
  const hash = sha256(bytes);
  const path = recordsPath(pathStart, hash);
  await writeControlFile(files, path, bytes, writing);
  return { path, sha256: hash };
}

/** Reads what writeRecords wrote, checked against its hash; anything else is PLAN_CORRUPT. */
export async function readRecords<T>(files: FileSystem, ref: FileRef, signal: AbortSignal): Promise<readonly T[]> {
  const bytes = await readControlFile(files, ref.path, signal);
  if (bytes === undefined || sha256(bytes) !== ref.sha256) {
    const found = bytes === undefined ? 'absent' : 'not what was written';
    throw new FerryError('PLAN_CORRUPT', `${files.cluster}:${ref.path} is ${found}`);
  }
  const text = (await promisify(gunzip)(bytes)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
