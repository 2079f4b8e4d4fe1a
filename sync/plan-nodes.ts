import { FerryError } from '../errors/ferry-error.ts';
import { statementsOf } from '../hive/statements.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile, readRecords, sha256, writeControlFile, writeRecords } from './control-file.ts';
import type { Engine } from './engine.ts';
import { foldLedger, readLedger } from './ledger.ts';
import { loadOf, nodeShares, totalOf } from './nodes.ts';
import type { FileRef, NodeRef, PlanRef, ResolvedSpec } from './outcome.ts';
import { isRetryable, mustLoad, mustRegister, type Plan, type PlanFile, type PlannedPartition } from './plan.ts';
import { planDigest, planLines } from './plan-lines.ts';
import { assertFits, planSpace } from './plan-space.ts';
import { planSync } from './plan-sync.ts';
import { sourceIdentity } from './records.ts';
import { controlFolder, recordsPath, tableFolder } from './run-folder.ts';
import { shortStatements } from './short-texts.ts';
import { type Freeze, takeSnapshots } from './snapshots.ts';
import { assertStagePlaces } from './stage-places.ts';
import { stagedBefore } from './staged-before.ts';
import type { RunMarker } from './table-runs.ts';
import { closeAbandoned, takeOver } from './take-over.ts';

/**
 * Plans a run and lays the plan down on the target: the partitions, a manifest a node, then plan.json. A plan.json that
 * is there already is the plan of this run, whoever wrote it. Besides what planSync refuses: PLAN_STALE, STAGE_APART,
 * QUOTA_EXCEEDED, each before anything is written.
 */
export async function planNodes(engine: Engine, spec: ResolvedSpec): Promise<PlanRef> {
  const target = engine.open(spec.target.cluster);
  const control = controlFolder(target.controlRoot, spec.runKey);
  const before = await readControlFile(target.files, control.plan, engine.signal);
  if (before) return begun(engine, spec, before);

  // A run that died between its renames must not make this one take the partition for absent.
  const takesOver = await closeAbandoned(engine, spec);
  const plan = await planSync(engine, spec, freezeFor(engine, spec));
  holdToPlan(plan, spec);
  await assertStagePlaces(engine, plan);
  assertFits(await planSpace(engine, plan, await stagedBefore(engine, plan, takesOver)), target.name);
  const writing = { signal: engine.signal, uuid: () => engine.uuid() };
  await leaveMarker(engine, spec, target);
  await target.files.mkdirs(control.ledger, { signal: engine.signal });
  const partitionsFile = await writeRecords(target.files, `${control.root}/partitions`, plan.partitions, writing);
  const shares = nodeShares(plan);
  const nodes = await writeManifests(engine, target, spec, 1, shares.length, shares);
  const { partitions: _, ...rest } = plan;
  const file: PlanFile = {
    ...rest,
    partitionsFile,
    nodes,
    toRegister: plan.partitions.filter(({ finding }) => mustRegister(finding)).length,
    stageRoots: stageRootsOf(plan.partitions),
    takesOver,
  };
  const bytes = Buffer.from(`${JSON.stringify(file, null, 1)}\n`);
  await writeControlFile(target.files, control.plan, bytes, writing);
  const written = await readControlFile(target.files, control.plan, engine.signal);
  if (written === undefined) throw new FerryError('PLAN_CORRUPT', `${target.name}:${control.plan} is gone`);
  return begun(engine, spec, written);
}

/** A run whose plan lies on the target takes over what earlier ones have verified. */
async function begun(engine: Engine, spec: ResolvedSpec, bytes: Buffer): Promise<PlanRef> {
  await takeOver(engine, spec, JSON.parse(bytes.toString('utf8')) as PlanFile);
  const target = engine.open(spec.target.cluster);
  return refOf(controlFolder(target.controlRoot, spec.runKey).plan, bytes);
}

/** A run that is held to a plan does that one or nothing. */
function holdToPlan(plan: Plan, { planDigest: expected }: ResolvedSpec): void {
  if (expected === undefined) return;
  const found = planDigest(planLines(plan));
  if (found === expected) return;
  const { selected, toCopy, toPrune } = plan.counts;
  throw new FerryError(
    'PLAN_STALE',
    `this is not the plan that was asked for (digest ${expected.slice(0, 12)}, now ${found.slice(0, 12)}): now ${toCopy} of ${selected} partitions would be copied and ${toPrune} dropped`,
  );
}

/** Every stage root that the run may write under. */
function stageRootsOf(partitions: readonly PlannedPartition[]): readonly string[] {
  const written = partitions.filter((planned) => mustLoad(planned) || planned.finding === 'extra');
  return [...new Set(written.map(({ stageRoot }) => stageRoot))].sort();
}

/** The partitions of one node in one round. */
export function readManifest(
  target: Cluster,
  spec: ResolvedSpec,
  node: NodeRef,
  signal: AbortSignal,
): Promise<readonly PlannedPartition[]> {
  const start = controlFolder(target.controlRoot, spec.runKey).manifest(node.round, node.index);
  return readRecords(target.files, { path: recordsPath(start, node.manifest), sha256: node.manifest }, signal);
}

/** plan.json, checked against the hash that the run carries. */
export async function readPlanFile(target: Cluster, ref: FileRef, signal: AbortSignal): Promise<PlanFile> {
  const bytes = await readControlFile(target.files, ref.path, signal);
  if (bytes === undefined || sha256(bytes) !== ref.sha256) {
    throw new FerryError('PLAN_CORRUPT', `${target.name}:${ref.path} is ${bytes ? 'not what was written' : 'absent'}`);
  }
  return JSON.parse(bytes.toString('utf8')) as PlanFile;
}

function refOf(path: string, bytes: Uint8Array): PlanRef {
  const plan = JSON.parse(Buffer.from(bytes).toString('utf8')) as PlanFile;
  return {
    file: { path, sha256: sha256(bytes) },
    counts: plan.counts,
    nodes: plan.nodes,
    ensure: shortStatements(
      plan.changes.map((change) => statementsOf(change)[0] ?? change.kind),
      path,
    ),
    toRegister: plan.toRegister,
  };
}

/** A run that made a snapshot and died is found by its marker. */
function freezeFor(engine: Engine, spec: ResolvedSpec): Freeze {
  return async (folders) => {
    await leaveMarker(engine, spec, engine.open(spec.target.cluster));
    await takeSnapshots(engine, spec, folders);
  };
}

async function leaveMarker(engine: Engine, spec: ResolvedSpec, target: Cluster): Promise<void> {
  const marker: RunMarker = {
    schemaVersion: 1,
    runKey: spec.runKey,
    workflowId: spec.workflowId,
    source: sourceIdentity(engine.open(spec.source.cluster), spec.source),
    at: engine.now().toISOString(),
  };
  const { runs } = tableFolder(target.controlRoot, spec.target.database, spec.target.table);
  await writeControlFile(target.files, `${runs}/${spec.runKey}.json`, Buffer.from(`${JSON.stringify(marker)}\n`), {
    signal: engine.signal,
    uuid: () => engine.uuid(),
  });
}

async function writeManifests(
  engine: Engine,
  target: Cluster,
  spec: ResolvedSpec,
  round: number,
  of: number,
  nodes: readonly { readonly index: number; readonly partitions: readonly PlannedPartition[] }[],
): Promise<readonly NodeRef[]> {
  const control = controlFolder(target.controlRoot, spec.runKey);
  const refs: NodeRef[] = [];
  for (const { index, partitions } of nodes) {
    engine.heartbeat();
    const manifest = await writeRecords(target.files, control.manifest(round, index), partitions, {
      signal: engine.signal,
      uuid: () => engine.uuid(),
    });
    refs.push({
      index,
      round,
      of,
      manifest: manifest.sha256,
      partitions: partitions.length,
      ...totalOf(partitions.map(loadOf)),
    });
  }
  return refs;
}

/**
 * The nodes of a later round: each node again, with those of its partitions whose failure a further try may mend,
 * looked at again. A target that changed meanwhile is planned as it is now only where it is still ours to replace.
 */
export async function planRound(
  engine: Engine,
  spec: ResolvedSpec,
  plan: PlanRef,
  round: number,
): Promise<{ readonly nodes: readonly NodeRef[] }> {
  const target = engine.open(spec.target.cluster);
  const control = controlFolder(target.controlRoot, spec.runKey);
  const { signal } = engine;
  const path = control.round(round);
  const before = await readControlFile(target.files, path, signal);
  if (before) return { nodes: JSON.parse(before.toString('utf8')) as readonly NodeRef[] };

  const stories = foldLedger(await readLedger(target.files, control.ledger, signal));
  const file = await readPlanFile(target, plan.file, signal);
  const again = new Map(
    (await planSync(engine, spec, freezeFor(engine, spec))).partitions.map((partition) => [partition.name, partition]),
  );
  const nodes: { index: number; partitions: PlannedPartition[] }[] = [];
  for (const node of file.nodes) {
    const partitions: PlannedPartition[] = [];
    for (const planned of await readManifest(target, spec, node, signal)) {
      const story = stories.get(planned.name);
      if (!story?.failed || !isRetryable(story.failed.code, spec.openFiles)) continue;
      const now = again.get(planned.name);
      if (now) partitions.push(replanned(planned, now));
    }
    if (partitions.length > 0) nodes.push({ index: node.index, partitions });
  }
  const refs = await writeManifests(engine, target, spec, round, file.nodes.length, nodes);
  const bytes = Buffer.from(`${JSON.stringify(refs)}\n`);
  await writeControlFile(target.files, path, bytes, { signal, uuid: () => engine.uuid() });
  const written = await readControlFile(target.files, path, signal);
  return { nodes: JSON.parse((written ?? bytes).toString('utf8')) as readonly NodeRef[] };
}

/**
 * What a partition's next try is planned on. Where the fresh look says it is ours to replace (or already right, or
 * gone), the fresh look counts; where somebody else's rows stand there now, the old plan stays, so that the table of
 * moves leaves them alone again.
 */
function replanned(planned: PlannedPartition, now: PlannedPartition): PlannedPartition {
  if (now.finding === 'diverged' || now.finding === 'source-absent') return planned;
  return { ...now, stageRoot: planned.stageRoot };
}
