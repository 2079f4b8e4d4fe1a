import { createHash, type Hash } from 'node:crypto';
import { CODES } from '../errors/codes.ts';
import { FerryError, isFerryError } from '../errors/ferry-error.ts';
import type { Checksum, FileStatus, FileSystem } from '../storage/file-system.ts';
import type { VerificationLevel } from './ledger.ts';
import type { ListedFile } from './listing.ts';
import type { AttemptContext } from './node-context.ts';

export type Transferred =
  | { readonly kind: 'copied'; readonly verified: VerificationLevel }
  /** The source is no longer what was listed; nothing of it is kept. */
  | { readonly kind: 'source-moved' }
  /** The source file is still being written. */
  | { readonly kind: 'source-open' };

/** The source file as it is now, if it still is the listed one. */
function isListed(status: FileStatus | undefined, file: ListedFile): boolean {
  return status?.kind === 'file' && status.length === file.length && status.modificationTime === file.modificationTime;
}

/**
 * Copies one file to `part`, a path of this attempt's own at which nothing stands, and verifies it: by length, and at
 * the level the spec asks for. The copy is given the source's block size (so that checksums compare) and modification
 * time. The source is looked at before and after: one that moved explains a copy that is wrong, and is told instead of
 * it. Else a wrong copy throws CHECKSUM_MISMATCH or LENGTH_MISMATCH.
 */
export async function transferFile(
  context: AttemptContext,
  from: string,
  file: ListedFile,
  part: string,
  permission = '644',
): Promise<Transferred> {
  const { source, target, engine } = context;
  const signal = engine.signal;
  const isThere = async () => isListed(await source.files.status(from, { signal }), file);
  if (!(await isThere())) return { kind: 'source-moved' };
  const sum = await source.files.checksum(from, { signal });
  if (sum === undefined) return { kind: 'source-moved' };
  if (sum === 'open') return { kind: 'source-open' };
  let verified: VerificationLevel;
  try {
    verified = await copyVerified(context, from, file, { path: part, permission }, sum);
  } catch (error) {
    if (isFerryError(error) && CODES[error.code].retry === 'round' && !(await isThere()))
      return { kind: 'source-moved' };
    throw error;
  }
  if (!(await isThere())) return { kind: 'source-moved' };
  await target.files.setModificationTime(part, file.modificationTime, { signal });
  return { kind: 'copied', verified };
}

async function copyVerified(
  context: AttemptContext,
  from: string,
  file: ListedFile,
  { path: part, permission }: { readonly path: string; readonly permission: string },
  sum: Checksum,
): Promise<VerificationLevel> {
  const { source, target, spec, engine } = context;
  const signal = engine.signal;
  const sent = spec.verify === 'stream' ? createHash('sha256') : undefined;
  await target.files.create(part, () => meteredBody(context, from, file.length, sent), {
    blockSize: file.blockSize,
    permission,
    signal,
  });
  const written = await target.files.status(part, { signal });
  if (written?.length !== file.length) {
    throw new FerryError(
      'LENGTH_MISMATCH',
      `${target.name}:${part} has ${written?.length ?? 'no'} bytes of the ${file.length} of ${source.name}:${from}`,
    );
  }
  return verifyCopy(context, from, part, sum, sent?.digest('hex'));
}

/** The source's bytes, counted against the node's memory, the worker's bandwidth and the progress. */
async function* meteredBody(
  context: AttemptContext,
  from: string,
  length: number,
  hash: Hash | undefined,
): AsyncGenerator<Uint8Array> {
  const { engine, lease, meter, source } = context;
  if (length === 0) return;
  for await (const chunk of await source.files.open(from, { length, signal: engine.signal })) {
    const bytes = chunk as Uint8Array;
    lease.hold(bytes.length);
    try {
      await engine.bandwidth.take(bytes.length);
      engine.signal.throwIfAborted();
      hash?.update(bytes);
      yield bytes;
      meter.chunk(bytes.length);
    } finally {
      lease.letGo(bytes.length);
    }
  }
}

async function verifyCopy(
  context: AttemptContext,
  from: string,
  part: string,
  sourceSum: Checksum,
  sentHash: string | undefined,
): Promise<VerificationLevel> {
  const { source, target, spec, engine } = context;
  const mismatch = () =>
    new FerryError('CHECKSUM_MISMATCH', `${target.name}:${part} does not hold the bytes of ${source.name}:${from}`);
  if (spec.verify === 'length') return 'length';
  if (spec.verify === 'checksum') {
    const sum = await target.files.checksum(part, { signal: engine.signal });
    if (sum !== undefined && sum !== 'open' && sum.algorithm === sourceSum.algorithm) {
      if (sum.bytes !== sourceSum.bytes) throw mismatch();
      return 'checksum';
    }
  }
  // No checksum in common: incomparable is neither equal nor a mismatch, so the bytes themselves are read back.
  const wanted = sentHash ?? (await hashOf(context, source.files, from));
  if ((await hashOf(context, target.files, part)) !== wanted) throw mismatch();
  return 'stream';
}

async function hashOf(context: AttemptContext, files: FileSystem, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await files.open(path, { signal: context.engine.signal })) {
    hash.update(chunk as Uint8Array);
    context.engine.heartbeat(context.meter.read());
  }
  return hash.digest('hex');
}
