import { FerryError, isFerryError } from '../errors/ferry-error.ts';
import type { Checksum } from '../storage/file-system.ts';
import { childrenOf } from './children-of.ts';
import { type Chunk, chunkFolderName, joinedChunks } from './chunks.ts';
import { makeInside } from './claim.ts';
import { concurrently } from './concurrently.ts';
import { joinFiles } from './join-files.ts';
import type { VerificationLevel } from './ledger.ts';
import type { ListedFile } from './listing.ts';
import type { AttemptContext } from './node-context.ts';
import { intoPlace, type Parts } from './parts.ts';
import { streamsOf } from './streams.ts';
import { takeInto } from './take-over.ts';
import { asListed, isStillThere, type Transferred, writePiece } from './transfer.ts';
import { type FileAtWork, tryAgain } from './try-again.ts';
import { assertHash, assertLength, verifyCopy } from './verify-copy.ts';

/** A file that is copied in chunks. */
export type ChunkedFile = {
  readonly from: string;
  readonly file: ListedFile;
  /** Of its partition. */
  readonly k: string;
  readonly chunks: readonly Chunk[];
  readonly parts: Parts;
  readonly about: FileAtWork;
  /** A chunk was copied, not found. */
  copied(bytes: number): void;
  /** False: something else has ended the partition, and no further chunk is begun. */
  goOn(): boolean;
};

export type ChunksTransferred =
  | Exclude<Transferred, { readonly kind: 'copied' }>
  /** Whole and verified, at this path. */
  | { readonly kind: 'copied'; readonly verified: VerificationLevel; readonly at: string }
  | Unmade;

type Unmade =
  /** The cluster refuses to join the chunks; they are gone. */
  | { readonly kind: 'unjoinable' }
  /** Not gone on with; what was copied stays. */
  | { readonly kind: 'given-up' };

/** More in one call, and the request would be longer than web servers take. */
const MOST_JOINED = 32;

/**
 * Copies a file in chunks, over whatever streams of the node are free, and joins them. A chunk appears in the file's own
 * folder by a rename, when it is verified; what stands there is good by its name alone, so that the next attempt, which
 * takes the folder over, copies only what is missing. With verify: "stream" each chunk is read back; at the other levels
 * a chunk is verified by its length, and what they make together as a whole file is.
 */
export async function transferInChunks(context: AttemptContext, job: ChunkedFile): Promise<ChunksTransferred> {
  const { target, engine, spec, folder } = context;
  const { from, file } = job;
  const { signal } = engine;
  const name = chunkFolderName(job.k, file, spec);
  const at = `${folder.chunks}/${name}`;
  const first = pathOf(at, 0);
  const done = await asListed<Unmade>(context, from, file, first, async (sum) => {
    await makeInside(context, folder.chunks);
    await takeInto(context, `chunks/${name}`, at);
    await makeInside(context, at);
    return (await makeWhole(context, job, at)) ?? verifyWhole(context, job, at, sum);
  });
  if (done.kind === 'copied') return { ...done, at: first };
  if (done.kind !== 'given-up') await target.files.delete(at, { signal });
  return done;
}

function pathOf(folder: string, index: number): string {
  return `${folder}/${index}`;
}

/** Copies the chunks that are missing and joins them all to the first one, or tells why not. */
async function makeWhole(context: AttemptContext, job: ChunkedFile, at: string): Promise<Unmade | undefined> {
  const { chunks, file } = job;
  let joined = await copyMissing(context, job, at);
  if (!job.goOn()) return { kind: 'given-up' };
  while (joined < chunks.length) {
    const next = chunks.slice(joined, joined + MOST_JOINED);
    joined += next.length;
    const length = chunks[joined]?.offset ?? file.length;
    const others = next.map(({ index }) => pathOf(at, index));
    if (!(await joinFiles(context, pathOf(at, 0), others, length))) return { kind: 'unjoinable' };
  }
  return undefined;
}

/** Tells how many chunks are in the first one, itself included. */
async function copyMissing(context: AttemptContext, job: ChunkedFile, at: string): Promise<number> {
  const { target, engine, meter, streams, lease } = context;
  const { chunks, from, file } = job;
  const { signal } = engine;
  const found = new Map(((await childrenOf(target.files, at, signal)) ?? []).map(({ name, length }) => [name, length]));
  const joined = joinedChunks(chunks, found.get('0') ?? 0) ?? 0;
  const isThere = ({ index, length }: Chunk) => index < joined || found.get(`${index}`) === length;
  for (const { length } of chunks.filter(isThere)) meter.found(length);
  const missing = chunks.filter((chunk) => !isThere(chunk));
  await concurrently(missing, streamsOf(lease.budgetBytes), (chunk) =>
    streams.use(chunk.length, async () => {
      if (!job.goOn()) return;
      if (!(await isStillThere(context, from, file))) throw new FerryError('SOURCE_CHANGED', `${from} changed`);
      await copyChunk(context, job, chunk, pathOf(at, chunk.index));
      job.copied(chunk.length);
    }),
  );
  return Math.max(joined, 1);
}

async function copyChunk(context: AttemptContext, job: ChunkedFile, chunk: Chunk, to: string): Promise<void> {
  const { target, engine } = context;
  const { from, file, parts, about } = job;
  const { signal } = engine;
  const { offset, length } = chunk;
  let part = '';
  await tryAgain(
    context,
    about,
    async () => {
      part = `${parts.folder}/${context.serial()}`;
      const piece = { from, offset, length, part, blockSize: file.blockSize, permission: parts.permission };
      const sent = await writePiece(context, piece);
      if (sent === undefined) await assertLength(context, piece);
      else await assertHash(context, piece, sent);
      await intoPlace(context, part, to, length);
    },
    () => target.files.delete(part, { signal }),
  );
}

async function verifyWhole(
  context: AttemptContext,
  { from, file }: ChunkedFile,
  at: string,
  sum: Checksum,
): Promise<VerificationLevel> {
  const { target, engine, spec, streams } = context;
  const whole = { from, part: pathOf(at, 0), length: file.length };
  try {
    if (spec.verify !== 'stream') return await streams.use(file.length, () => verifyCopy(context, whole, sum));
    await assertLength(context, whole);
    return 'stream';
  } catch (error) {
    // Which of the chunks is wrong nobody can tell: the next try copies them all.
    if (isFerryError(error) && error.code === 'CHECKSUM_MISMATCH')
      await target.files.delete(at, { signal: engine.signal });
    throw error;
  }
}
