import type { TableName } from '../hive/table.ts';
import { childrenOf } from './children-of.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile } from './control-file.ts';
import { tableFolder } from './run-folder.ts';

/** What a run leaves under its table before anything else, so that its plan and ledger can be found again. */
export type RunMarker = {
  readonly schemaVersion: 1;
  readonly runKey: string;
  readonly workflowId: string;
  /** The identity of the source table (records.ts). */
  readonly source: string;
  readonly at: string;
};

/** The runs that ever worked on a table of the target and are not forgotten yet, the oldest first. */
export async function readRunMarkers(
  target: Cluster,
  of: TableName,
  signal: AbortSignal,
): Promise<readonly RunMarker[]> {
  const { runs } = tableFolder(target.controlRoot, of.database, of.table);
  const markers: RunMarker[] = [];
  for (const { kind, name } of (await childrenOf(target.files, runs, signal)) ?? []) {
    if (kind !== 'file' || !name.endsWith('.json') || name.startsWith('.')) continue;
    const bytes = await readControlFile(target.files, `${runs}/${name}`, signal);
    if (bytes !== undefined) markers.push(JSON.parse(bytes.toString('utf8')) as RunMarker);
  }
  return markers.sort((a, b) => (a.at < b.at ? -1 : 1));
}
