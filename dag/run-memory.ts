import type { FileSystem } from '../storage/file-system.ts';
import { childrenOf } from '../sync/children-of.ts';
import { readControlFile, replaceControlFile, type Writing, writeControlFile } from '../sync/control-file.ts';
import type { DagRunOutcomeKind, DagRunRecord } from './run.ts';

/**
 * What ran, remembered beyond Temporal's retention, on the cluster that is the home of DAG runs:
 *
 *   <control root>/runs/<dag_id>/<interval start, without colons>/<run key>.json
 */
export type RunMemory = { readonly files: FileSystem; readonly controlRoot: string };

/** A run that has ended, as far as later runs of its interval need to know it. */
export type KnownRun = {
  readonly outcome: Exclude<DagRunOutcomeKind, 'nothing-to-do'>;
  readonly workflowId: string;
  readonly runId: string;
  readonly endedAt: string;
};

/** Remembers a run. Safe to repeat; what the same run left before is replaced. Returns the file's path. */
export async function rememberRun(
  { files, controlRoot }: RunMemory,
  runKey: string,
  record: DagRunRecord,
  writing: Writing,
): Promise<string> {
  const { dagId, interval } = record.outcome;
  const path = `${intervalFolder(controlRoot, dagId, interval.start)}/${runKey}.json`;
  const bytes = Buffer.from(`${JSON.stringify(record, null, 1)}\n`);
  if ((await writeControlFile(files, path, bytes, writing)) === 'there') {
    await replaceControlFile(files, path, bytes, writing);
  }
  return path;
}

/** The starts of the intervals that runs are remembered of, in order; RFC 3339, UTC. */
export async function rememberedStarts(
  { files, controlRoot }: RunMemory,
  dagId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const folders = (await childrenOf(files, `${controlRoot}/runs/${dagId}`, signal)) ?? [];
  const starts = folders.flatMap(({ name }) => intervalStartOf(name) ?? []);
  return starts.sort((one, other) => Date.parse(one) - Date.parse(other));
}

/** All runs of an interval, the one that ended first before the others. */
export async function recordsOf(
  { files, controlRoot }: RunMemory,
  dagId: string,
  intervalStart: string,
  signal: AbortSignal,
): Promise<readonly DagRunRecord[]> {
  const records = await readRecords(files, intervalFolder(controlRoot, dagId, intervalStart), signal);
  return [...records].sort((one, other) => Date.parse(one.outcome.endedAt) - Date.parse(other.outcome.endedAt));
}

/** The run that counts for an interval; undefined: none is remembered. */
export async function knownRunOf(
  memory: RunMemory,
  dagId: string,
  intervalStart: string,
  signal: AbortSignal,
): Promise<KnownRun | undefined> {
  const folder = intervalFolder(memory.controlRoot, dagId, intervalStart);
  return runThatCounts((await readRecords(memory.files, folder, signal)).map(({ outcome }) => outcome));
}

/** The last success, else the last run. A run that did nothing itself says nothing about its interval. */
export function runThatCounts(outcomes: readonly DagRunRecord['outcome'][]): KnownRun | undefined {
  const ran = outcomes.flatMap(({ outcome, workflowId, runId, endedAt }) =>
    outcome === 'nothing-to-do' ? [] : [{ outcome, workflowId, runId, endedAt }],
  );
  const succeeded = ran.filter(({ outcome }) => outcome === 'success');
  return (succeeded.length > 0 ? succeeded : ran).reduce<KnownRun | undefined>(
    (last, run) => (last === undefined || run.endedAt >= last.endedAt ? run : last),
    undefined,
  );
}

/** HDFS has no colons in names. */
function intervalFolder(controlRoot: string, dagId: string, intervalStart: string): string {
  return `${controlRoot}/runs/${dagId}/${intervalStart.replaceAll(':', '')}`;
}

/** The start of the interval that a folder is of: '2026-11-01T030000Z' -> '2026-11-01T03:00:00Z'; undefined: no such folder. */
export function intervalStartOf(name: string): string | undefined {
  const [, date, hour, minute, rest] = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d+)?Z)$/.exec(name) ?? [];
  return date === undefined ? undefined : `${date}T${hour}:${minute}:${rest}`;
}

async function readRecords(files: FileSystem, folder: string, signal: AbortSignal): Promise<readonly DagRunRecord[]> {
  const records: DagRunRecord[] = [];
  for (const { name } of (await childrenOf(files, folder, signal)) ?? []) {
    // A name that begins with a dot is a file that is still being written, or was never finished.
    if (name.startsWith('.') || !name.endsWith('.json')) continue;
    const bytes = await readControlFile(files, `${folder}/${name}`, signal);
    if (bytes !== undefined) records.push(JSON.parse(bytes.toString('utf8')) as DagRunRecord);
  }
  return records;
}
