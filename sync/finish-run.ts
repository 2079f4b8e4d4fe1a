import type { TableName } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile, writeControlFile } from './control-file.ts';
import type { Engine } from './engine.ts';
import { fenceRun, type PutBack } from './fence-run.ts';
import { foldLedger, type PartitionStory, readLedger } from './ledger.ts';
import type { RunFootprint } from './plan.ts';
import { controlFolder } from './run-folder.ts';
import { isClosed } from './runs.ts';
import { removeSnapshots } from './snapshots.ts';
import { type RunMarker, readRunMarkers } from './table-runs.ts';

/**
 * Closes a run on the target: fences its run key under every stage root (fenceRun), puts back what it moved aside and
 * never replaced, and registers again what it dropped from the catalog without an end. Tells what it put back. Safe to repeat.
 */
export async function closeFolders(
  engine: Engine,
  target: Cluster,
  of: TableName,
  run: { readonly runKey: string; readonly stageRoots: readonly string[]; readonly keepVerified?: boolean },
  stories: ReadonlyMap<string, PartitionStory>,
): Promise<readonly PutBack[]> {
  const back: PutBack[] = [];
  for (const stageRoot of run.stageRoots)
    back.push(...(await fenceRun(engine, target, run.runKey, stageRoot, stories, run.keepVerified)));
  await undoPrunes(engine, target, of, stories);
  return back;
}

/** A run that ended between dropping a partition and retiring its folder leaves files that no catalog knows. */
export async function undoPrunes(
  engine: Engine,
  target: Cluster,
  of: TableName,
  stories: ReadonlyMap<string, PartitionStory>,
): Promise<void> {
  const { signal } = engine;
  for (const { partition, pruning, pruned } of stories.values()) {
    if (pruning === undefined || pruned) continue;
    const live = await target.files.status(pruning.live, { signal });
    if (pruning.plannedId === undefined || live?.fileId !== pruning.plannedId) continue;
    if ((await target.catalog.table(of, { signal })) === undefined) return;
    const { changed } = await target.catalog.apply(
      { kind: 'add-partitions', of, partitions: [pruning.described] },
      { signal },
    );
    if (changed > 0) engine.log.warn('registered again what was dropped without an end', { partition });
  }
}

/** The runs of a table that have ended. */
export type EndedRuns = {
  readonly closed: readonly RunMarker[];
  /** Still going on, by what Temporal says. */
  readonly open: readonly RunMarker[];
  /** Unknown to Temporal, and too young to be taken as ended. */
  readonly unknown: readonly RunMarker[];
  /** Of the closed ones: those that did not close themselves on the target. */
  readonly abandoned: readonly RunMarker[];
};

export async function sortRuns(engine: Engine, target: Cluster, of: TableName): Promise<EndedRuns> {
  const closed: RunMarker[] = [];
  const open: RunMarker[] = [];
  const unknown: RunMarker[] = [];
  const abandoned: RunMarker[] = [];
  for (const marker of await readRunMarkers(target, of, engine.signal)) {
    engine.heartbeat();
    if (await hasClosedItself(engine, target, marker.runKey)) {
      closed.push(marker);
      continue;
    }
    const state = await engine.runs.stateOf(marker, engine.signal);
    if (isClosed(state, marker.at, engine.now())) {
      closed.push(marker);
      abandoned.push(marker);
    } else (state === 'open' ? open : unknown).push(marker);
  }
  return { closed, open, unknown, abandoned };
}

async function hasClosedItself(engine: Engine, target: Cluster, runKey: string): Promise<boolean> {
  const { outcome, closed } = controlFolder(target.controlRoot, runKey);
  for (const path of [outcome, closed]) {
    if ((await target.files.status(path, { signal: engine.signal })) !== undefined) return true;
  }
  return false;
}

/** Closes a run and puts on record that it is closed. Tells what it put back; undefined: it had planned nothing, so that there was nothing to close. */
export async function finishRun(
  engine: Engine,
  target: Cluster,
  of: TableName,
  { runKey }: Pick<RunMarker, 'runKey'>,
): Promise<readonly PutBack[] | undefined> {
  const { signal } = engine;
  const control = controlFolder(target.controlRoot, runKey);
  const footprint = await readFootprint(target, runKey, signal);
  let back: readonly PutBack[] | undefined;
  if (footprint !== undefined) {
    const stories = foldLedger(await readLedger(target.files, control.ledger, signal));
    back = await closeFolders(engine, target, of, { runKey, stageRoots: footprint.stageRoots }, stories);
  }
  // One that cannot be deleted now is for whoever closes the run next.
  if ((await removeSnapshots(engine, target, runKey)).length > 0) return back;
  const bytes = Buffer.from(`${JSON.stringify({ schemaVersion: 1, at: engine.now().toISOString() })}\n`);
  await writeControlFile(target.files, control.closed, bytes, { signal, uuid: () => engine.uuid() });
  return back;
}

/** undefined: the run has laid down no plan (and so has nothing below a stage root), or is forgotten. */
export async function readFootprint(
  target: Cluster,
  runKey: string,
  signal: AbortSignal,
): Promise<RunFootprint | undefined> {
  const bytes = await readControlFile(target.files, controlFolder(target.controlRoot, runKey).plan, signal);
  return bytes && (JSON.parse(bytes.toString('utf8')) as RunFootprint);
}
