import { FerryError } from '../errors/ferry-error.ts';
import { assertOwn } from './claim.ts';
import { handOn } from './hand-on.ts';
import { identityOf } from './identity.ts';
import type { LedgerEvent, PartitionStory } from './ledger.ts';
import { type Contents, type Listing, listContents, listFolder, sameListing } from './listing.ts';
import type { AttemptContext } from './node-context.ts';
import type { PlannedPartition, Version } from './plan.ts';
import { nextMove, type Seen } from './publish.ts';
import { parentOf } from './run-folder.ts';
import { settleRename } from './settle-rename.ts';
import { countsOf, countUntold, stagePartition, type Tally, toldIn } from './stage.ts';

/** More looks than any run of crashes and rivals needs; beyond it somebody keeps changing the partition. */
const MOST_LOOKS = 24;
/** The first copy, one more when the source moved, one after a version was restored. */
const MOST_STAGINGS = 3;

type Look = {
  readonly seen: Seen;
  readonly source: Contents;
  readonly staged: Listing | undefined;
  readonly live: Listing | undefined;
};

/**
 * Stages a partition and publishes it by two renames: the live folder aside, the staged one in its place. Driven by the
 * table of moves (publish.ts): look, move, look again. Returns the ledger's closing word on the partition; throws what
 * ends the attempt. Between its two renames nothing is cancelled.
 */
export async function publishBySwap(
  context: AttemptContext,
  partition: PlannedPartition,
  story: PartitionStory | undefined,
  tally: Tally,
): Promise<LedgerEvent> {
  const { ledger, target, engine, folder } = context;
  const stage = folder.stage(partition.k);
  const slot = folder.retiredSlot(partition.k, partition.planned?.folderId ?? 'none');
  const steady = new AbortController().signal;
  const stagedIds = new Set(story?.publishing.map((entry) => entry.stagedId));
  let announced = '';
  let stagings = 0;

  const announce = async (staged: Listing) => {
    if (announced === staged.folderId) return;
    if (stagings === 0 && !stagedIds.has(staged.folderId)) countUntold(staged, tally);
    await ledger.write(partition.name, {
      event: 'publishing',
      k: partition.k,
      to: partition.to,
      stagedId: staged.folderId,
      ...(partition.planned && {
        plannedId: partition.planned.folderId,
        plannedDigest: partition.planned.digest,
      }),
      digest: staged.digest,
      ...countsOf(tally),
    });
    announced = staged.folderId;
    stagedIds.add(staged.folderId);
  };
  const landed = (digest: string): LedgerEvent => ({ event: 'landed', digest, to: partition.to, ...countsOf(tally) });
  const present = (live: Listing): LedgerEvent =>
    stagedIds.has(live.folderId) ? landed(live.digest) : { event: 'present', digest: live.digest, ...countsOf(tally) };
  const land = async (staged: Listing): Promise<LedgerEvent | undefined> => {
    const settled = await settleRename(target.files, staged.folderId, stage, partition.to, steady);
    if (settled.moved === 'yes') return landed(staged.digest);
    if (
      settled.moved === 'no' &&
      (await target.files.status(parentOf(partition.to), { signal: steady })) === undefined
    ) {
      throw new FerryError('PATH_ABSENT', `the parent of ${target.name}:${partition.to} is gone: ${settled.reason}`);
    }
    return undefined;
  };

  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const look = await lookAt(context, partition, stage, slot, story?.landed !== undefined);
    if (look === undefined) return failed('SOURCE_CHANGED', `${context.source.name}:${partition.from} is gone`, tally);
    const move = nextMove(look.seen);
    if (move === 'done' && look.live) return present(look.live);
    if (move === 'drop' && look.live) {
      await target.files.delete(stage, { signal: engine.signal });
      return present(look.live);
    }
    if (move === 'target-changed') return targetChanged(context, partition, tally);
    if (move === 'stage') {
      stagings += 1;
      if (stagings > MOST_STAGINGS)
        return failed('SOURCE_CHANGED', `${context.source.name}:${partition.from} keeps changing`, tally);
      const staged = await stagePartition(context, partition, tally);
      if (staged.kind === 'source-open') {
        return failed(
          'SOURCE_OPEN',
          `${context.source.name}:${partition.from}/${staged.file} is still being written`,
          tally,
        );
      }
    } else if (move === 'land' && look.staged) {
      await handOn(context, partition, stage, toldIn(tally));
      await announce(look.staged);
      const event = await land(look.staged);
      if (event) return event;
    } else if (move === 'retire' && look.staged && look.live) {
      await handOn(context, partition, stage, toldIn(tally));
      await announce(look.staged);
      const settled = await settleRename(target.files, look.live.folderId, partition.to, slot, steady);
      if (settled.moved === 'yes' && (await classify(context, slot, partition.planned, steady)) === 'planned') {
        const event = await land(look.staged);
        if (event) return event;
      }
    } else if (move === 'restore' || move === 'put-back') {
      const aside = await target.files.status(slot, { signal: steady });
      if (aside) await settleRename(target.files, identityOf(target.files, slot, aside), slot, partition.to, steady);
      if (move === 'put-back') return targetChanged(context, partition, tally);
    }
  }
  return targetChanged(context, partition, tally);
}

function targetChanged(context: AttemptContext, partition: PlannedPartition, tally: Tally): LedgerEvent {
  return failed(
    'TARGET_CHANGED',
    `${context.target.name}:${partition.to} is not what it was when this run was planned`,
    tally,
  );
}

export function failed(
  code: 'SOURCE_CHANGED' | 'SOURCE_OPEN' | 'TARGET_CHANGED',
  message: string,
  tally: Tally,
): LedgerEvent {
  return { event: 'failed', code, message, ...countsOf(tally) };
}

/** Everything the next move depends on, seen now; undefined: the source folder is gone. */
async function lookAt(
  context: AttemptContext,
  partition: PlannedPartition,
  stage: string,
  slot: string,
  landed: boolean,
): Promise<Look | undefined> {
  const { source, target, engine } = context;
  const signal = engine.signal;
  await assertOwn(context);
  const [wanted, staged, live, retired] = await Promise.all([
    listContents(source.files, partition.from, signal),
    listFolder(target.files, stage, signal),
    listFolder(target.files, partition.to, signal),
    classify(context, slot, partition.planned, signal),
  ]);
  if (wanted === undefined) return undefined;
  const isStaged = staged !== undefined && sameListing(staged, wanted);
  return {
    seen: { staged: isStaged, live: classifyLive(live, partition, wanted), retired, landed },
    source: wanted,
    staged,
    live,
  };
}

function classifyLive(
  live: Listing | undefined,
  { planned, contentDiffers }: PlannedPartition,
  wanted: Contents,
): Seen['live'] {
  if (live === undefined) return 'absent';
  const isPlanned = planned && live.folderId === planned.folderId && live.digest === planned.digest;
  // Where checksums told the planned version apart from the source, listing equal to it does not make it wanted.
  if (isPlanned && contentDiffers) return 'planned';
  if (sameListing(live, wanted)) return 'wanted';
  return isPlanned ? 'planned' : 'other';
}

/** A Hive INSERT keeps the folder's identity, so that identity and listing both must be those of plan time. */
async function classify(
  context: AttemptContext,
  slot: string,
  planned: Version | undefined,
  signal: AbortSignal,
): Promise<Seen['retired']> {
  const folder = await listFolder(context.target.files, slot, signal);
  if (folder === undefined) return 'no';
  return planned && folder.folderId === planned.folderId && folder.digest === planned.digest ? 'planned' : 'other';
}
