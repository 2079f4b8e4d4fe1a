import { CODES, type Code } from '../errors/codes.ts';
import { codeOf, isFerryError } from '../errors/ferry-error.ts';
import type { TableName } from '../hive/table.ts';
import { assertTarget } from './assert-target.ts';
import { type Deleted, type Kept, needsPerson, type Restored, type TableCleaning } from './clean-report.ts';
import { cleanTable } from './clean-table.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import { writtenTables } from './written-tables.ts';

/** What cleaning did, or would do; small, however many tables there are. The whole of it lies in each table's clean.json. */
export type CleanResult = {
  readonly schemaVersion: 1;
  readonly target: string;
  readonly dryRun: boolean;
  /** The first of them; the counts of `total` are of all. */
  readonly tables: readonly TableCounts[];
  readonly total: Counts;
  /** Of all tables, the first of each. */
  readonly restored: readonly Of<Restored>[];
  readonly deleted: readonly Of<Deleted>[];
  /** What stays until a person says so. */
  readonly kept: readonly Of<Kept>[];
  readonly failures: readonly NotCleaned[];
  /** Of a cleaning of all tables, on the cluster that remembers DAG runs: the intervals that are remembered no longer. */
  readonly forgottenIntervals?: number;
};

type NotCleaned = { readonly table: string; readonly code: Code; readonly message: string };

type Of<T> = T & { readonly table: string };

type Counts = {
  readonly tables: number;
  readonly runs: TableCleaning['runs'];
  /** Runs that ended without closing themselves and were closed now. */
  readonly finished: number;
  readonly restored: number;
  readonly deleted: number;
  readonly deletedBytes: number;
  /** Deleted later, when their time is over. */
  readonly retained: number;
  readonly kept: number;
};

export type TableCounts = Omit<Counts, 'tables'> & { readonly table: string };

const MOST_NAMED = 100;
const MOST_TABLES = 300;

/**
 * Cleans one table, or all that runs of hive-ferry ever wrote on the target, one after the other. A table that cannot be
 * cleaned does not keep the others from it, unless it is the only one, or its server is away. Refuses what assertTarget
 * does, a dry run too.
 */
export async function cleanTables(
  engine: Engine,
  target: Cluster,
  of: TableName | undefined,
  options: { readonly dryRun: boolean },
): Promise<CleanResult> {
  await assertTarget(target, engine.signal);
  const names = of === undefined ? await writtenTables(target, engine.signal) : [of];
  const cleanings: TableCleaning[] = [];
  const failures: NotCleaned[] = [];
  for (const name of names) {
    try {
      cleanings.push(await cleanTable(engine, target, name, options));
    } catch (error) {
      if (of !== undefined) throw error;
      failures.push(notCleaned(`${name.database}.${name.table}`, error, engine.signal));
    }
  }
  return foldCleanings(target.name, options.dryRun, cleanings, failures);
}

/** What the report says of something that could not be cleaned, and need not keep the rest from it; else throws the error. */
export function notCleaned(table: string, error: unknown, signal: AbortSignal): NotCleaned {
  const code = codeOf(error);
  if (signal.aborted || !isFerryError(error) || CODES[code].retry === 'retry') throw error;
  return { table, code, message: error.message };
}

export function foldCleanings(
  target: string,
  dryRun: boolean,
  cleanings: readonly TableCleaning[],
  failures: CleanResult['failures'],
): CleanResult {
  const named = <T>(list: (cleaning: TableCleaning) => readonly T[]): readonly Of<T>[] =>
    cleanings
      .flatMap((cleaning) => list(cleaning).map((each) => ({ ...each, table: cleaning.table })))
      .slice(0, MOST_NAMED);
  const tables = cleanings.map(countsOf);
  const sum = (count: (of: TableCounts) => number) => tables.reduce((total, each) => total + count(each), 0);
  return {
    schemaVersion: 1,
    target,
    dryRun,
    tables: tables.slice(0, MOST_TABLES),
    total: {
      tables: tables.length,
      runs: {
        closed: sum(({ runs }) => runs.closed),
        open: sum(({ runs }) => runs.open),
        unknown: sum(({ runs }) => runs.unknown),
      },
      finished: sum(({ finished }) => finished),
      restored: sum(({ restored }) => restored),
      deleted: sum(({ deleted }) => deleted),
      deletedBytes: sum(({ deletedBytes }) => deletedBytes),
      retained: sum(({ retained }) => retained),
      kept: sum(({ kept }) => kept),
    },
    restored: named(({ restored }) => restored),
    deleted: named(({ deleted }) => deleted),
    kept: named(({ kept }) => kept.filter(needsPerson)),
    failures: failures.slice(0, MOST_NAMED),
  };
}

function countsOf({ table, runs, finished, restored, deleted, kept }: TableCleaning): TableCounts {
  return {
    table,
    runs,
    finished: finished.length,
    restored: restored.length,
    deleted: deleted.length,
    deletedBytes: deleted.reduce((bytes, each) => bytes + (each.bytes ?? 0), 0),
    retained: kept.filter((each) => !needsPerson(each)).length,
    kept: kept.filter(needsPerson).length,
  };
}
