import { FerryError } from '../../errors/ferry-error.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { ask } from './ask.ts';
import type { Said, WriteFindings } from './findings.ts';

export type Probing = { readonly signal: AbortSignal; uuid(): string };

const CONTENT = new TextEncoder().encode('A probe of ferry doctor. It may be deleted.\n');
/** For taking the probe away again, when the doctor itself was told to stop. */
const CLEAN_MS = 10_000;

/**
 * Does what a sync does, in a folder of its own in the control root: makes a folder, writes, renames, reads a checksum,
 * deletes. The folder is taken away again whatever happens; a control root that was not there stays, empty.
 */
export async function probeFiles(
  files: FileSystem,
  controlRoot: string,
  { signal, uuid }: Probing,
): Promise<WriteFindings> {
  const folder = `${controlRoot}/doctor-${uuid()}`;
  let made = false;
  try {
    const findings = await probe(files, folder, signal, () => {
      made = true;
    });
    if (!findings.made.ok) return findings;
    made = false;
    return { ...findings, deleted: await ask((each) => files.delete(folder, { signal: each }), signal) };
  } finally {
    if (made) await files.delete(folder, { signal: AbortSignal.timeout(CLEAN_MS) }).catch(() => {});
  }
}

async function probe(
  files: FileSystem,
  folder: string,
  signal: AbortSignal,
  begins: () => void,
): Promise<WriteFindings> {
  const [written, moved, other] = [`${folder}/written`, `${folder}/moved`, `${folder}/other`];
  begins();
  const made = await ask((each) => files.mkdirs(folder, { signal: each }), signal);
  if (!made.ok) return { folder, made };
  const put = (path: string) => ask((each) => files.create(path, content, { signal: each }), signal);
  const first = await put(written);
  const second = first.ok ? await put(other) : first;
  if (!second.ok) return { folder, made, written: second };
  const checksum = await ask((each) => checksumOf(files, other, each), signal);
  const renamed = await ask(async (each) => (await files.rename(written, moved, { signal: each })).renamed, signal);
  const so = { folder, made, written: second, checksum, renamed };
  if (!renamed.ok || !renamed.value) return so;
  return { ...so, renameHeeded: await heeded(files, moved, other, signal) };
}

async function* content(): AsyncGenerator<Uint8Array> {
  yield CONTENT;
}

async function checksumOf(files: FileSystem, path: string, signal: AbortSignal): Promise<string> {
  const checksum = await files.checksum(path, { signal });
  if (typeof checksum === 'object') return checksum.algorithm;
  const why = checksum === undefined ? 'the file is not there' : 'the file counts as still being written';
  throw new FerryError('BAD_ANSWER', `${path} was written and closed, but has no checksum: ${why}`);
}

/** Renames one file onto another: rename2 refuses, the older rename or an overwriting one does not. */
function heeded(files: FileSystem, from: string, onto: string, signal: AbortSignal): Promise<Said<boolean>> {
  return ask(async (each) => {
    const ids = async () => {
      const [left, right] = [await files.status(from, { signal: each }), await files.status(onto, { signal: each })];
      return `${left?.fileId} ${right?.fileId}`;
    };
    const before = await ids();
    const { renamed } = await files.rename(from, onto, { signal: each });
    return !renamed && (await ids()) === before;
  }, signal);
}
