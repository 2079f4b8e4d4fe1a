import type { TableName } from '../hive/table.ts';
import { cleanRecords } from './clean-records.ts';
import type { Restored, TableCleaning } from './clean-report.ts';
import { cleanRetired } from './clean-retired.ts';
import { nameStrays } from './clean-strays.ts';
import { cleanVersions } from './clean-versions.ts';
import type { Cleaning, ClosedRun } from './cleaning.ts';
import type { Cluster } from './cluster.ts';
import { replaceControlFile } from './control-file.ts';
import type { Engine } from './engine.ts';
import { finishRun, readFootprint, sortRuns } from './finish-run.ts';
import { foldLedger, openLedger, readLedger } from './ledger.ts';
import { labelOf } from './plan.ts';
import { readRegistrations } from './registrations.ts';
import { controlFolder, stageRootFor, tableFolder } from './run-folder.ts';
import { readHistory, type TableHistory } from './table-history.ts';
import type { RunMarker } from './table-runs.ts';

/**
 * Cleans after the runs of one table of the target. First closes those that ended without doing so, which brings back
 * what they moved aside and never replaced; only then looks at what closed runs left, and deletes what is past its time
 * and safe to delete (retired.ts, outdated.ts). Touches nothing of a run that goes on. Safe to repeat, and beside
 * anything else. What it found lies in clean.json of the table's control folder afterwards.
 */
export async function cleanTable(
  engine: Engine,
  target: Cluster,
  of: TableName,
  { dryRun }: { readonly dryRun: boolean },
): Promise<TableCleaning> {
  const { signal } = engine;
  const runs = await sortRuns(engine, target, of);
  const finished: string[] = [];
  const restored: Restored[] = [];
  for (const marker of runs.abandoned) {
    const back = dryRun ? [] : await finishRun(engine, target, of, marker);
    if (back === undefined) continue;
    finished.push(marker.runKey);
    const run = marker.runKey;
    restored.push(...back.map(({ path, partition }) => ({ path, run, partition: labelOf(partition) })));
  }
  const markers = [...runs.closed, ...runs.open, ...runs.unknown];
  const registrations = await readRegistrations(engine, target, of);
  const history = await readHistory(engine, target, markers, registrations);
  if (!dryRun) await recordRegistrations(engine, target, history, new Set(runs.closed.map(({ runKey }) => runKey)));
  const cleaning: Cleaning = {
    engine,
    target,
    of,
    dryRun,
    registrations,
    history,
    restored,
    deleted: [],
    kept: [],
  };
  const roots = new Set<string>();
  const { tablePath } = cleaning.registrations;
  if (tablePath !== undefined) roots.add(stageRootFor(`${tablePath}/any`, tablePath));
  for (const marker of runs.closed) {
    // What a dry run would close first is not laid out yet as it is looked at here.
    if (dryRun && runs.abandoned.includes(marker)) continue;
    const run = await readClosed(engine, target, marker);
    for (const stageRoot of run.stageRoots) {
      roots.add(stageRoot);
      await cleanVersions(cleaning, run, stageRoot);
      await cleanRetired(cleaning, run, stageRoot);
    }
    await cleanRecords(cleaning, run);
  }
  await nameStrays(cleaning, new Set(markers.map(({ runKey }) => runKey)), [...roots]);
  const report: TableCleaning = {
    schemaVersion: 1,
    table: `${of.database}.${of.table}`,
    at: engine.now().toISOString(),
    dryRun,
    runs: { closed: runs.closed.length, open: runs.open.length, unknown: runs.unknown.length },
    finished,
    restored: cleaning.restored,
    deleted: cleaning.deleted,
    kept: cleaning.kept,
  };
  if (!dryRun) {
    const { root, clean } = tableFolder(target.controlRoot, of.database, of.table);
    await target.files.mkdirs(root, { signal });
    const bytes = Buffer.from(`${JSON.stringify(report, null, 1)}\n`);
    await replaceControlFile(target.files, clean, bytes, { signal, uuid: () => engine.uuid() });
  }
  return report;
}

/** Puts on record what closed runs did not read back, so that what they replaced has a date from which its time is counted. */
async function recordRegistrations(
  engine: Engine,
  target: Cluster,
  { unrecorded }: TableHistory,
  closed: ReadonlySet<string>,
): Promise<void> {
  const writing = { signal: engine.signal, uuid: () => engine.uuid() };
  for (const { runKey, partition } of unrecorded) {
    if (!closed.has(runKey)) continue;
    const { ledger } = controlFolder(target.controlRoot, runKey);
    const identity = { node: 0, round: AFTER_ALL_ROUNDS, attempt: engine.uuid() };
    const write = openLedger(target.files, ledger, identity, () => engine.now(), writing);
    await write.write(partition, { event: 'registered' });
  }
}

/** A spec allows 10 rounds at most. */
const AFTER_ALL_ROUNDS = 1_000;

async function readClosed(engine: Engine, target: Cluster, marker: RunMarker): Promise<ClosedRun> {
  const { signal } = engine;
  const footprint = await readFootprint(target, marker.runKey, signal);
  const { ledger } = controlFolder(target.controlRoot, marker.runKey);
  return {
    marker,
    retainMs: footprint?.spec.retainMs ?? 0,
    stageRoots: footprint?.stageRoots ?? [],
    stories: foldLedger(await readLedger(target.files, ledger, signal)),
  };
}
