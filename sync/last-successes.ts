import type { TableName } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile } from './control-file.ts';
import type { Outcome } from './outcome.ts';
import { controlFolder, tableFolder } from './run-folder.ts';
import { readRunMarkers } from './table-runs.ts';
import { writtenTables } from './written-tables.ts';

/** Runs of a table that are looked at, the latest first; one that has failed more often in a row has no success to tell. */
const MOST_RUNS = 50;

/** A sync that left its selection of the table as on the source, whether or not it had anything to copy. */
export function isSuccess({ outcome }: Pick<Outcome, 'outcome'>): boolean {
  return outcome === 'complete' || outcome === 'nothing-to-do';
}

/**
 * The outcome of the last successful sync of each table that hive-ferry ever wrote on a target, as far as its records
 * reach back. A table whose records cannot be read ends it with that error.
 */
export async function* lastSuccesses(target: Cluster, signal: AbortSignal): AsyncGenerator<Outcome> {
  for (const table of await writtenTables(target, signal)) {
    const found = await lastSuccess(target, table, signal);
    if (found !== undefined) yield found;
  }
}

async function lastSuccess(target: Cluster, table: TableName, signal: AbortSignal): Promise<Outcome | undefined> {
  const { last } = tableFolder(target.controlRoot, table.database, table.table);
  const latest = await readOutcome(target, last, signal);
  // Without it no run of the table has ended yet.
  if (latest === undefined || isSuccess(latest)) return latest;
  const runs = (await readRunMarkers(target, table, signal)).slice(-MOST_RUNS).reverse();
  for (const { runKey } of runs) {
    const outcome = await readOutcome(target, controlFolder(target.controlRoot, runKey).outcome, signal);
    if (outcome !== undefined && isSuccess(outcome)) return outcome;
  }
  return undefined;
}

async function readOutcome(target: Cluster, path: string, signal: AbortSignal): Promise<Outcome | undefined> {
  const bytes = await readControlFile(target.files, path, signal);
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString('utf8')) as Outcome);
}
