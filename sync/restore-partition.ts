import { endsCall } from '../errors/codes.ts';
import { codeOf, FerryError } from '../errors/ferry-error.ts';
import type { TableName } from '../hive/table.ts';
import { assertTarget } from './assert-target.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile, writeControlFile } from './control-file.ts';
import type { Engine } from './engine.ts';
import { finishRun } from './finish-run.ts';
import { foldLedger, type Ledger, openLedger, readLedger } from './ledger.ts';
import { listFolder } from './listing.ts';
import { labelOf, type RunFootprint, type Version } from './plan.ts';
import { type RestoreCandidate, restoreCandidates } from './restore-candidates.ts';
import { moveBack } from './restore-move.ts';
import { pointTo, registeredAs } from './restore-registration.ts';
import { closedFolder, controlFolder, tableFolder } from './run-folder.ts';
import type { RunName } from './runs.ts';
import type { RunMarker } from './table-runs.ts';

/** Which partition ('' for a whole table) of which table, and from which run where there are several versions. */
export type RestoreOrder = { readonly of: TableName; readonly partition: string; readonly run?: string };

/** The plan.json of a run that brings a partition back. */
export type RestorePlan = RunFootprint & {
  readonly partition: string;
  readonly candidate: RestoreCandidate;
  /** What stands at the candidate's place and is retired for it; left out: nothing. */
  readonly present?: Version;
  /** The location that the catalog has for the partition; left out: it is not registered. */
  readonly registeredAt?: string;
};

export type Restoration =
  | {
      readonly kind: 'restored';
      readonly partition: string;
      readonly run: string;
      readonly was: RestoreCandidate['was'];
      readonly from: string;
      readonly to: string;
      /** Where what stood there is kept now; left out: nothing did, or it stays where it is. */
      readonly retired?: string;
    }
  /** Nothing of the partition is aside (or nothing of that run). */
  | { readonly kind: 'nothing' }
  /** Several are: one has to be named by its run. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Omit<RestoreCandidate, 'described'>[] };

/**
 * Brings a replaced, pruned or outdated version of a partition back, as a run of its own: what it will do lies on the
 * target before it moves anything, what stands in the way is retired and can be brought back in the same way, the catalog
 * is pointed to the version (a pruned one is registered as it was), and the run closes itself. Safe to repeat under the
 * same run key. Throws TARGET_CHANGED when one of the two versions is not as it was when this began (both are left, or
 * put, where they were), CATALOG_CONFLICT when the catalog points elsewhere than it did. Refuses what assertTarget does.
 */
export async function restorePartition(
  engine: Engine,
  target: Cluster,
  name: RunName,
  order: RestoreOrder,
): Promise<Restoration> {
  const { signal } = engine;
  const { of } = order;
  await assertTarget(target, signal);
  const control = controlFolder(target.controlRoot, name.runKey);
  const before = await readControlFile(target.files, control.plan, signal);
  const plan = before
    ? (JSON.parse(before.toString('utf8')) as RestorePlan)
    : await choose(engine, target, name, order);
  if ('kind' in plan) return plan;
  const writing = { signal, uuid: () => engine.uuid() };
  const attempt = engine.uuid();
  const ledger = openLedger(target.files, control.ledger, { node: 0, round: 1, attempt }, () => engine.now(), writing);
  const close = () => finishRun(engine, target, of, name);
  try {
    await bringBack(engine, target, of, plan, ledger, attempt);
  } catch (error) {
    // What no other attempt mends is undone here and now.
    if (!signal.aborted && endsCall(codeOf(error)) && codeOf(error) !== 'RUN_CLOSED') await close();
    throw error;
  }
  await close();
  const { candidate, present } = plan;
  const slot = `${closedFolder(candidate.stageRoot, name.runKey)}/retired/${candidate.k}-${present?.folderId}`;
  return {
    kind: 'restored',
    partition: labelOf(plan.partition),
    run: candidate.run,
    was: candidate.was,
    from: candidate.path,
    to: candidate.to,
    ...(present && { retired: slot }),
  };
}

async function bringBack(
  engine: Engine,
  target: Cluster,
  of: TableName,
  plan: RestorePlan,
  ledger: Ledger,
  attempt: string,
): Promise<void> {
  const { candidate, partition, present, spec } = plan;
  const { k, to, digest } = candidate;
  const folder = controlFolder(target.controlRoot, spec.runKey).ledger;
  const story = foldLedger(await readLedger(target.files, folder, engine.signal)).get(partition);
  // An earlier attempt may have come as far as closing the run, which shuts out every later one.
  if (story?.registered) return;
  if (!story?.landed) {
    await ledger.write(partition, {
      event: 'publishing',
      k,
      to,
      stagedId: candidate.folderId,
      digest,
      ...(present && { plannedId: present.folderId, plannedDigest: present.digest }),
      ...NOTHING_COPIED,
    });
    if (candidate.path !== to) await moveBack(engine, target, plan, attempt);
    await ledger.write(partition, { event: 'landed', digest, to, ...NOTHING_COPIED });
  }
  await pointTo(engine, target, of, plan);
  const now = await listFolder(target.files, to, engine.signal);
  if (now?.folderId !== candidate.folderId) {
    await pointTo(engine, target, of, plan, 'back');
    throw new FerryError('TARGET_CHANGED', `${target.name}:${to} went away while it was brought back`);
  }
  await ledger.write(partition, { event: 'registered' });
}

const NOTHING_COPIED = { filesCopied: 0, filesReused: 0, bytesCopied: 0 } as const;

/** Decides what to bring back and lays that down on the target, or tells why there is nothing to decide. */
async function choose(
  engine: Engine,
  target: Cluster,
  { runKey, workflowId }: RunName,
  { of, partition, run }: RestoreOrder,
): Promise<RestorePlan | Exclude<Restoration, { kind: 'restored' }>> {
  const { signal } = engine;
  const all = await restoreCandidates(engine, target, of, partition);
  const candidates = all.filter((each) => run === undefined || each.run === run);
  const [candidate] = candidates;
  if (candidate === undefined) return { kind: 'nothing' };
  if (candidates.length > 1) return { kind: 'ambiguous', candidates: candidates.slice(0, MOST_NAMED).map(named) };
  const { to, stageRoot, retainMs, source } = candidate;
  const present = candidate.path === to ? undefined : await listFolder(target.files, to, signal);
  const registeredAt = await registeredAs(target, of, partition, signal);
  const plan: RestorePlan = {
    schemaVersion: 1,
    spec: { runKey, workflowId, retainMs },
    stageRoots: [stageRoot],
    partition,
    candidate,
    ...(present && { present: { folderId: present.folderId, digest: present.digest } }),
    ...(registeredAt !== undefined && { registeredAt }),
  };
  const writing = { signal, uuid: () => engine.uuid() };
  const marker: RunMarker = { schemaVersion: 1, runKey, workflowId, source, at: engine.now().toISOString() };
  const { runs } = tableFolder(target.controlRoot, of.database, of.table);
  await writeControlFile(target.files, `${runs}/${runKey}.json`, bytesOf(marker), writing);
  const control = controlFolder(target.controlRoot, runKey);
  await writeControlFile(target.files, control.plan, bytesOf(plan), writing);
  const written = await readControlFile(target.files, control.plan, signal);
  return written ? (JSON.parse(written.toString('utf8')) as RestorePlan) : plan;
}

/** A result of Temporal's is small; the latest ones come first. */
const MOST_NAMED = 50;

function named({ described: _, ...candidate }: RestoreCandidate): Omit<RestoreCandidate, 'described'> {
  return candidate;
}

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}
