import { FerryError } from '../errors/ferry-error.ts';
import { fileMode, following } from './attributes.ts';
import { chunksOf } from './chunks.ts';
import { assertOwn, makeInside } from './claim.ts';
import { concurrently } from './concurrently.ts';
import { giveAttributes, type Told } from './give-attributes.ts';
import { makeFollowing, partFolder, wantedWhileStaged } from './hand-on.ts';
import { canJoin } from './join-files.ts';
import type { CopyCounts, VerificationLevel } from './ledger.ts';
import {
  type Contents,
  foldersOf,
  type ListedFile,
  type Listing,
  listContents,
  listFolder,
  sameListing,
} from './listing.ts';
import type { AttemptContext } from './node-context.ts';
import { intoPlace, type Parts } from './parts.ts';
import type { PlannedPartition } from './plan.ts';
import { parentOf } from './run-folder.ts';
import { takeInto } from './take-over.ts';
import { type Transferred, transferFile } from './transfer.ts';
import { transferInChunks } from './transfer-chunks.ts';
import { tryAgain } from './try-again.ts';

/** Counts up what an attempt does for one partition. */
export type Tally = {
  filesCopied: number;
  filesReused: number;
  bytesCopied: number;
  verified?: VerificationLevel;
  notHandedOn?: readonly string[];
  attributesSet?: number;
};

/** Keeps count of the attributes that the cluster would not set, each once. */
export function toldIn(tally: Tally): Told {
  return (attribute) => {
    tally.notHandedOn = [...new Set([...(tally.notHandedOn ?? []), attribute])];
  };
}

export function countsOf(tally: Tally): CopyCounts {
  return { ...tally };
}

export type Staged =
  | { readonly kind: 'staged' }
  /** The source changed while it was read. */
  | { readonly kind: 'source-moved' }
  | { readonly kind: 'source-open'; readonly file: string };

/**
 * Brings stage/<k> to the source's present listing: keeps what an earlier attempt verified, removes what the source no
 * longer has, copies the rest. Makes the parent of the landing too, since publishing makes no folder.
 */
export async function stagePartition(
  context: AttemptContext,
  partition: PlannedPartition,
  tally: Tally,
): Promise<Staged> {
  const { source, engine, folder } = context;
  const signal = engine.signal;
  const wanted = await listContents(source.files, partition.from, signal);
  if (wanted === undefined) return { kind: 'source-moved' };
  const stage = folder.stage(partition.k);
  await makeFollowing(context, parentOf(partition.to));
  await takeInto(context, `stage/${partition.k}`, stage);
  const like = await wantedWhileStaged(context, partition);
  const dress = (at: string) => giveAttributes(context, at, like, toldIn(tally));
  // One that stands there already may have been made ready to land: closed to its writer.
  if (!(await makeInside(context, stage, dress))) await dress(stage);
  for (const inner of foldersOf(wanted.files)) {
    await makeInside(context, `${stage}/${inner}`, (aside) => giveAttributes(context, aside, following(like)));
  }

  const missing = await keepVerified(context, stage, wanted, tally);
  const marker = missing.filter((file) => file.path === '_SUCCESS');
  const data = missing.filter((file) => file.path !== '_SUCCESS');
  if (missing.length > 0) {
    const parts = { folder: await partFolder(context, partition, like), permission: fileMode(like) };
    for (const batch of [data, marker]) {
      const ended = await copyFiles(context, partition, parts, batch, tally);
      if (ended) return ended;
    }
  }
  const now = await listContents(source.files, partition.from, signal);
  return now && sameListing(now, wanted) ? { kind: 'staged' } : { kind: 'source-moved' };
}

/** Counts what an earlier attempt has staged whole and, since it was killed right then, told nobody of. */
export function countUntold(staged: Listing, tally: Tally): void {
  tally.filesReused += staged.files.length;
}

/** Deletes from the stage what the source does not have like this; tells what is still to be copied. */
async function keepVerified(
  context: AttemptContext,
  stage: string,
  wanted: Contents,
  tally: Tally,
): Promise<readonly ListedFile[]> {
  const { target, engine, meter } = context;
  const signal = engine.signal;
  const staged = await listFolder(target.files, stage, signal);
  if (staged === undefined) {
    await assertOwn(context);
    throw new FerryError('PATH_ABSENT', `${target.name}:${stage} is gone`);
  }
  const bySource = new Map(wanted.files.map((file) => [file.path, file]));
  const kept = new Set<string>();
  for (const file of staged.files) {
    const like = bySource.get(file.path);
    if (like && like.length === file.length && like.modificationTime === file.modificationTime) kept.add(file.path);
    else await target.files.delete(`${stage}/${file.path}`, { signal });
  }
  for (const file of wanted.files) {
    if (!kept.has(file.path)) continue;
    tally.filesReused += 1;
    meter.fileDone(file.length);
  }
  return wanted.files.filter((file) => !kept.has(file.path));
}

async function copyFiles(
  context: AttemptContext,
  partition: PlannedPartition,
  parts: Parts,
  files: readonly ListedFile[],
  tally: Tally,
): Promise<Staged | undefined> {
  let ended: Staged | undefined;
  let failed = false;
  const goOn = () => ended === undefined && !failed;
  await concurrently(files, Number.POSITIVE_INFINITY, async (file) => {
    try {
      const done = await copyFile(context, partition, file, parts, tally, goOn);
      if (done.kind === 'source-open') ended = { kind: 'source-open', file: file.path };
      else if (done.kind === 'source-moved') ended = { kind: 'source-moved' };
      else if (done.kind === 'copied') {
        tally.verified = weaker(tally.verified, done.verified);
        context.meter.fileDone(0);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  });
  return ended;
}

type Copied = Transferred | { readonly kind: 'given-up' };

/** Copies a file and puts it into the stage, in chunks where it is large enough and the target can join them. */
async function copyFile(
  context: AttemptContext,
  partition: PlannedPartition,
  file: ListedFile,
  parts: Parts,
  tally: Tally,
  goOn: () => boolean,
): Promise<Copied> {
  const { folder, spec, meter } = context;
  const chunks = chunksOf(file, spec.chunkBytes);
  const from = `${partition.from}/${file.path}`;
  const to = `${folder.stage(partition.k)}/${file.path}`;
  const about = { partition: partition.name, file: file.path };
  if (chunks.length > 0 && goOn() && (await tryAgain(context, about, () => canJoin(context)))) {
    let bytes = 0;
    const copied = (more: number) => {
      bytes += more;
      tally.bytesCopied += more;
    };
    meter.working(workName(partition, file));
    const job = { from, file, k: partition.k, chunks, parts, about, copied, goOn };
    const done = await tryAgain(context, about, async () => {
      const made = await transferInChunks(context, job);
      if (made.kind === 'copied') await intoPlace(context, made.at, to, file.length);
      return made;
    });
    if (done.kind === 'copied') tally[bytes > 0 ? 'filesCopied' : 'filesReused'] += 1;
    if (done.kind !== 'unjoinable') return done;
  }
  return context.streams.use(file.length, async () => {
    if (!goOn()) return { kind: 'given-up' };
    const done = await copyWhole(context, partition, file, parts, { from, to });
    if (done.kind === 'copied') {
      tally.filesCopied += 1;
      tally.bytesCopied += file.length;
    }
    return done;
  });
}

function copyWhole(
  context: AttemptContext,
  partition: PlannedPartition,
  file: ListedFile,
  parts: Parts,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Transferred> {
  const { target, engine, meter } = context;
  const { signal } = engine;
  let part = '';
  return tryAgain(
    context,
    { partition: partition.name, file: file.path },
    async () => {
      part = `${parts.folder}/${context.serial()}`;
      meter.working(workName(partition, file));
      const done = await transferFile(context, from, file, part, parts.permission);
      if (done.kind === 'copied') await intoPlace(context, part, to, file.length);
      else await target.files.delete(part, { signal });
      return done;
    },
    () => target.files.delete(part, { signal }),
  );
}

function workName(partition: PlannedPartition, file: ListedFile): string {
  return partition.name === '' ? file.path : `${partition.name}/${file.path}`;
}

function weaker(a: VerificationLevel | undefined, b: VerificationLevel): VerificationLevel {
  const order: readonly VerificationLevel[] = ['length', 'stream', 'checksum'];
  return a === undefined || order.indexOf(b) < order.indexOf(a) ? b : a;
}
