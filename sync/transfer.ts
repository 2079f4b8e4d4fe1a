import { createHash, type Hash } from 'node:crypto';
import { CODES } from '../errors/codes.ts';
import { isFerryError } from '../errors/ferry-error.ts';
import type { Checksum, FileStatus } from '../storage/file-system.ts';
import type { VerificationLevel } from './ledger.ts';
import type { ListedFile } from './listing.ts';
import { metered } from './metered.ts';
import type { AttemptContext } from './node-context.ts';
import { verifyCopy } from './verify-copy.ts';
import { whileBeating } from './while-beating.ts';

export type Transferred =
  | { readonly kind: 'copied'; readonly verified: VerificationLevel }
  /** The source is no longer what was listed; nothing of it is kept. */
  | { readonly kind: 'source-moved' }
  /** The source file is still being written. */
  | { readonly kind: 'source-open' };

/** Bytes of a source file, and what they are written to: a path at which nothing stands. */
export type Piece = {
  readonly from: string;
  readonly offset: number;
  readonly length: number;
  readonly part: string;
  readonly blockSize: number;
  /** Octal. */
  readonly permission: string;
};

/**
 * Copies one file to `part`, a path of this attempt's own at which nothing stands, and verifies it at the level the spec
 * asks for. The copy is given the source's block size (so that checksums compare) and modification time. The source is
 * looked at again when it is read (asListed).
 */
export function transferFile(
  context: AttemptContext,
  from: string,
  file: ListedFile,
  part: string,
  permission = '644',
): Promise<Transferred> {
  return asListed<never>(context, from, file, part, async (sum) => {
    const { length, blockSize } = file;
    const sent = await writePiece(context, { from, offset: 0, length, part, blockSize, permission });
    return verifyCopy(context, { from, part, length }, sum, sent);
  });
}

/**
 * Does a copy of a listed file to `part`, looks at the source again, and gives what was made its time, which says that it
 * is the file as listed. A source that moved explains a copy that is wrong, and is told instead of it; else a wrong copy
 * throws CHECKSUM_MISMATCH or LENGTH_MISMATCH. A copy may end otherwise, as something that is passed through.
 */
export async function asListed<Other extends object = never>(
  context: AttemptContext,
  from: string,
  file: ListedFile,
  part: string,
  copy: (sum: Checksum) => Promise<VerificationLevel | Other>,
): Promise<Transferred | Other> {
  const { source, target, engine } = context;
  const signal = engine.signal;
  const isThere = () => isStillThere(context, from, file);
  const sum = await whileBeating(engine, source.files.checksum(from, { signal }));
  if (sum === undefined) return { kind: 'source-moved' };
  if (sum === 'open') return { kind: 'source-open' };
  let verified: VerificationLevel | Other;
  try {
    verified = await copy(sum);
  } catch (error) {
    if (isFerryError(error) && CODES[error.code].retry === 'round' && !(await isThere()))
      return { kind: 'source-moved' };
    throw error;
  }
  if (typeof verified === 'object') return verified;
  if (!(await isThere())) return { kind: 'source-moved' };
  await target.files.setModificationTime(part, file.modificationTime, { signal });
  return { kind: 'copied', verified };
}

/** Whether the source file still is the listed one. */
export async function isStillThere(context: AttemptContext, from: string, file: ListedFile): Promise<boolean> {
  const status: FileStatus | undefined = await context.source.files.status(from, { signal: context.engine.signal });
  return status?.kind === 'file' && status.length === file.length && status.modificationTime === file.modificationTime;
}

/** Writes a piece, which is yet to be verified. Gives the SHA-256 of the bytes sent where the spec has them read back. */
export async function writePiece(context: AttemptContext, piece: Piece): Promise<string | undefined> {
  const { target, spec, engine } = context;
  const { part, blockSize, permission } = piece;
  const sent = spec.verify === 'stream' ? createHash('sha256') : undefined;
  const options = { blockSize, permission, signal: engine.signal };
  await target.files.create(part, () => meteredBody(context, piece, sent), options);
  return sent?.digest('hex');
}

/** The source's bytes, metered, and counted in the progress. */
async function* meteredBody(
  context: AttemptContext,
  { from, offset, length }: Piece,
  hash: Hash | undefined,
): AsyncGenerator<Uint8Array> {
  const { engine, meter, source } = context;
  if (length === 0) return;
  const stream = await source.files.open(from, { offset, length, signal: engine.signal });
  for await (const bytes of metered(context, stream)) {
    hash?.update(bytes);
    yield bytes;
    meter.chunk(bytes.length);
  }
}
