import { CODES } from '../errors/codes.ts';
import { codeOf, isFerryError } from '../errors/ferry-error.ts';
import { adoptTimes } from './adopt-times.ts';
import { assertOwn, claimNode } from './claim.ts';
import { concurrently } from './concurrently.ts';
import type { Engine } from './engine.ts';
import { giveSourceAttributes, mendInPlace } from './give-source-attributes.ts';
import { guardVersions } from './hand-on.ts';
import { foldLedger, type LedgerEvent, openLedger, type PartitionStory, readLedger } from './ledger.ts';
import type { Lease } from './memory-pool.ts';
import type { AttemptContext, NodeContext } from './node-context.ts';
import { loadOf } from './nodes.ts';
import type { NodeRef, NodeResult, ResolvedSpec } from './outcome.ts';
import { isRetryable, labelOf, mustCopy, type PlannedPartition } from './plan.ts';
import { readManifest } from './plan-nodes.ts';
import { nodeMeter } from './progress.ts';
import { publishByRelocation } from './publish-relocate.ts';
import { publishBySwap } from './publish-swap.ts';
import { attemptFolder, controlFolder } from './run-folder.ts';
import { countsOf, type Tally, toldIn } from './stage.ts';
import { Streams, streamsOf } from './streams.ts';
import { takenFrom } from './take-over.ts';

/** Partitions a node works on at once, so that the next one is staged while the last is published. */
const PARTITIONS_AT_ONCE = 8;

/**
 * One attempt at a virtual node: claims it, stages, verifies and publishes each of its partitions, and skips those that
 * an earlier attempt is on record for. A partition that fails is told in the result and the ledger; what concerns the
 * node as a whole is thrown: POOL_BUSY, CLAIMED, RUN_CLOSED, PLAN_CORRUPT, a server that stays away, an abort.
 */
export async function loadNode(engine: Engine, spec: ResolvedSpec, node: NodeRef): Promise<NodeResult> {
  const startedAt = engine.now().getTime();
  const source = engine.open(spec.source.cluster);
  const target = engine.open(spec.target.cluster);
  const lease = await engine.pool.take(spec.nodes.memoryBytes, { signal: engine.signal });
  try {
    const attempt = engine.uuid();
    const control = controlFolder(target.controlRoot, spec.runKey);
    const partitions = await readManifest(target, spec, node, engine.signal);
    let serial = 0;
    const context: NodeContext = {
      engine,
      spec,
      source,
      target,
      node,
      lease,
      streams: new Streams(lease.budgetBytes),
      ledger: openLedger(
        target.files,
        control.ledger,
        { node: node.index, round: node.round, attempt },
        () => engine.now(),
        { signal: engine.signal, uuid: () => engine.uuid() },
      ),
      meter: nodeMeter(engine, node),
      serial: () => {
        serial += 1;
        return serial;
      },
    };
    const attempts = await claimAll(context, partitions, attempt);
    // Read when no earlier attempt can land anything any more.
    const stories = foldLedger(await readLedger(target.files, control.ledger, engine.signal, node.index));
    const todo = partitions.filter((partition) => !isSettled(stories.get(partition.name)));
    for (const partition of partitions) {
      if (todo.includes(partition)) continue;
      const { files, bytes } = loadOf(partition);
      for (let file = 0; file < files; file += 1) context.meter.fileDone(0);
      context.meter.found(bytes);
      context.meter.partitionDone();
    }
    await concurrently(todo, Math.min(PARTITIONS_AT_ONCE, streamsOf(lease.budgetBytes)), async (partition) => {
      const at = attempts.get(partition.stageRoot);
      if (at) await loadPartition(at, partition, stories.get(partition.name));
    });
    const entries = await readLedger(target.files, control.ledger, engine.signal, node.index);
    const after = foldLedger(entries.filter(({ round }) => round === node.round));
    return summarize(partitions, after, node, spec, lease, (engine.now().getTime() - startedAt) / 1000);
  } finally {
    lease.release();
  }
}

/** A landing ends a partition for its run; so does content that was found in place. */
function isSettled(story: PartitionStory | undefined): boolean {
  return story?.landed !== undefined || story?.present !== undefined;
}

async function claimAll(
  context: NodeContext,
  partitions: readonly PlannedPartition[],
  attempt: string,
): Promise<ReadonlyMap<string, AttemptContext>> {
  const attempts = new Map<string, AttemptContext>();
  for (const stageRoot of new Set(partitions.map((partition) => partition.stageRoot))) {
    const folder = attemptFolder(stageRoot, context.spec.runKey, context.node.index, attempt);
    await claimNode({ ...context, folder });
    const at = { ...context, folder, taken: await takenFrom(context, folder) };
    await guardVersions(at);
    attempts.set(stageRoot, at);
  }
  return attempts;
}

async function loadPartition(
  context: AttemptContext,
  partition: PlannedPartition,
  story: PartitionStory | undefined,
): Promise<void> {
  const { engine, ledger, meter } = context;
  const tally: Tally = { filesCopied: 0, filesReused: 0, bytesCopied: 0 };
  let event: LedgerEvent;
  try {
    event = mustCopy(partition.finding)
      ? await publish(context, partition, story, tally)
      : await mendAttributes(context, partition, tally);
  } catch (error) {
    const { retry } = CODES[codeOf(error)];
    if (engine.signal.aborted || !isFerryError(error) || (retry !== 'round' && retry !== 'never')) throw error;
    if (error.code === 'RUN_CLOSED' || error.code === 'PLAN_CORRUPT') throw error;
    await assertOwn(context); // A fenced attempt meets such errors too; its word on the partition does not count.
    event = { event: 'failed', code: error.code, message: error.message, ...countsOf(tally) };
  }
  await ledger.write(partition.name, event);
  meter.partitionDone();
  engine.counters?.filesCopied(tally.filesCopied);
  const fields = { partition: labelOf(partition.name), files: tally.filesCopied, bytes: tally.bytesCopied };
  if (event.event === 'failed')
    engine.log.warn('partition failed', { ...fields, code: event.code, message: event.message });
  else engine.log.info(event.event === 'landed' ? 'partition published' : 'partition was in place', fields);
}

/** Copies a partition; content that is in place already is given the source's times, or attributes, where it lacks them. */
async function publish(
  context: AttemptContext,
  partition: PlannedPartition,
  story: PartitionStory | undefined,
  tally: Tally,
): Promise<LedgerEvent> {
  if (partition.finding === 'adopt') await adoptTimes(context, partition);
  const byStrategy = partition.live === partition.to ? publishBySwap : publishByRelocation;
  const event = await byStrategy(context, partition, story, tally);
  if (event.event !== 'present' || context.spec.attributes !== 'source') return event;
  tally.attributesSet = await giveSourceAttributes(context, partition, partition.live, toldIn(tally));
  return { ...event, ...countsOf(tally) };
}

/** Of a partition whose files are as they should be. */
async function mendAttributes(
  context: AttemptContext,
  partition: PlannedPartition,
  tally: Tally,
): Promise<LedgerEvent> {
  tally.attributesSet = await mendInPlace(context, partition, toldIn(tally));
  return { event: 'present', digest: partition.sourceDigest, ...countsOf(tally) };
}

function summarize(
  partitions: readonly PlannedPartition[],
  stories: ReadonlyMap<string, PartitionStory>,
  node: NodeRef,
  { openFiles }: Pick<ResolvedSpec, 'openFiles'>,
  { peakBytes, budgetBytes }: Lease,
  seconds: number,
): NodeResult {
  let published = 0;
  let failed = 0;
  let retryable = 0;
  const files = { copied: 0, reused: 0 };
  const bytes = { copied: 0 };
  for (const partition of partitions) {
    const story = stories.get(partition.name);
    if (!story) continue;
    if (isSettled(story)) published += 1;
    else if (story.failed) {
      failed += 1;
      if (isRetryable(story.failed.code, openFiles)) retryable += 1;
    }
    files.copied += story.filesCopied;
    files.reused += story.filesReused;
    bytes.copied += story.bytesCopied;
  }
  return {
    index: node.index,
    round: node.round,
    partitions: partitions.length,
    published,
    failed,
    retryable,
    files,
    bytes,
    peakMemoryBytes: peakBytes,
    budgetBytes,
    seconds,
  };
}
