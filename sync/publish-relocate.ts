import { parseLocation } from '../hive/location.ts';
import { assertOwn } from './claim.ts';
import { handOn } from './hand-on.ts';
import type { LedgerEvent, PartitionStory } from './ledger.ts';
import { type Listing, listContents, listFolder, sameListing } from './listing.ts';
import type { AttemptContext } from './node-context.ts';
import type { PlannedPartition } from './plan.ts';
import { nextRelocation, type SeenRelocation } from './publish.ts';
import { failed } from './publish-swap.ts';
import { settleRename } from './settle-rename.ts';
import { countsOf, countUntold, stagePartition, type Tally, toldIn } from './stage.ts';

const MOST_LOOKS = 12;
const MOST_STAGINGS = 3;

/**
 * Stages a partition, or an unpartitioned table, and lands it in a folder of the run's own. Nothing live is touched: the
 * step that refreshes metadata flips the location, only while the catalog still shows the planned one.
 */
export async function publishByRelocation(
  context: AttemptContext,
  partition: PlannedPartition,
  story: PartitionStory | undefined,
  tally: Tally,
): Promise<LedgerEvent> {
  const { ledger, source, target, engine, folder } = context;
  const signal = engine.signal;
  const stage = folder.stage(partition.k);
  let announced = false;
  let stagings = 0;
  const isAnnounced = (folder: Listing | undefined) =>
    announced || story?.publishing.some((entry) => entry.stagedId === folder?.folderId) === true;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    await assertOwn(context);
    const wanted = await listContents(source.files, partition.from, signal);
    if (wanted === undefined) return failed('SOURCE_CHANGED', `${source.name}:${partition.from} is gone`, tally);
    const staged = await listFolder(target.files, stage, signal);
    const landing = await listFolder(target.files, partition.to, signal);
    const live = await classifyLive(context, partition, wanted.digest);
    const seen: SeenRelocation = {
      staged: staged !== undefined && sameListing(staged, wanted),
      landing: landing === undefined ? 'absent' : sameListing(landing, wanted) ? 'wanted' : 'other',
      live,
    };
    const move = nextRelocation(seen);
    if (move === 'done') {
      if (seen.landing !== 'wanted') return { event: 'present', digest: wanted.digest, ...countsOf(tally) };
      if (isAnnounced(landing)) return { event: 'landed', digest: wanted.digest, to: partition.to, ...countsOf(tally) };
      return failed('TARGET_CHANGED', `${target.name}:${partition.to} was not made by this run`, tally);
    }
    if (move === 'target-changed') {
      return failed(
        'TARGET_CHANGED',
        `${target.name}:${partition.live} is not what it was when this run was planned`,
        tally,
      );
    }
    if (move === 'stage') {
      stagings += 1;
      if (stagings > MOST_STAGINGS)
        return failed('SOURCE_CHANGED', `${source.name}:${partition.from} keeps changing`, tally);
      const done = await stagePartition(context, partition, tally);
      if (done.kind === 'source-open') {
        return failed('SOURCE_OPEN', `${source.name}:${partition.from}/${done.file} is still being written`, tally);
      }
    } else if (staged) {
      await handOn(context, partition, stage, toldIn(tally));
      if (stagings === 0 && !isAnnounced(staged)) countUntold(staged, tally);
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
      announced = true;
      await settleRename(target.files, staged.folderId, stage, partition.to, signal);
    }
  }
  return failed('TARGET_CHANGED', `${target.name}:${partition.to} could not be landed`, tally);
}

/** Where the catalog points now, and whether that is what stood there at plan time. */
async function classifyLive(
  context: AttemptContext,
  partition: PlannedPartition,
  wantedDigest: string,
): Promise<SeenRelocation['live']> {
  const { target, engine } = context;
  const location = await registeredLocation(context, partition);
  if (location === undefined)
    return partition.registeredAt === undefined && partition.name !== '' ? 'planned' : 'other';
  const at = parseLocation(location, target.fileSystems).path;
  const live = await listFolder(target.files, at, engine.signal);
  const isPlanned =
    at === partition.live &&
    (partition.planned === undefined
      ? live === undefined || live.files.length === 0
      : live?.digest === partition.planned.digest);
  // Where checksums told the planned version apart from the source, listing equal to it does not make it wanted.
  if (isPlanned && partition.contentDiffers) return 'planned';
  if (live && live.files.length > 0 && live.digest === wantedDigest) return 'wanted';
  return isPlanned ? 'planned' : 'other';
}

/** The location that the target's catalog has now, of the table or of the partition; undefined: it has none. */
async function registeredLocation(
  { target, spec, engine }: AttemptContext,
  { name }: PlannedPartition,
): Promise<string | undefined> {
  const of = { database: spec.target.database, table: spec.target.table };
  const { signal } = engine;
  if (name === '') return (await target.catalog.table(of, { signal }))?.storage.location;
  for await (const [partition] of target.catalog.partitions(of, [name], { signal })) return partition?.storage.location;
  return undefined;
}
