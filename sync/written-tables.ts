import type { TableName } from '../hive/table.ts';
import { childrenOf } from './children-of.ts';
import type { TableCleaning } from './clean-report.ts';
import type { Cluster } from './cluster.ts';
import { readControlFile } from './control-file.ts';
import { tableFolder } from './run-folder.ts';

/** The tables that runs of hive-ferry ever wrote on a target. Their control folders are '<db>.<table>'; neither holds a dot in Hive. */
export async function writtenTables(target: Cluster, signal: AbortSignal): Promise<readonly TableName[]> {
  const folders = (await childrenOf(target.files, `${target.controlRoot}/tables`, signal)) ?? [];
  return folders.flatMap(({ kind, name }) => {
    const [database, table] = name.split('.');
    return kind === 'folder' && database && table ? [{ database, table }] : [];
  });
}

/** What the last cleaning of each of them found; one that was never cleaned is left out. */
export async function lastCleanings(target: Cluster, signal: AbortSignal): Promise<readonly TableCleaning[]> {
  const cleanings: TableCleaning[] = [];
  for (const { database, table } of await writtenTables(target, signal)) {
    const { clean } = tableFolder(target.controlRoot, database, table);
    const bytes = await readControlFile(target.files, clean, signal);
    if (bytes !== undefined) cleanings.push(JSON.parse(bytes.toString('utf8')) as TableCleaning);
  }
  return cleanings;
}
