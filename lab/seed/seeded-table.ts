import type { TableName } from '../../hive/table.ts';
import { LabError } from '../lab-error.ts';
import { contentOf, folderOf, quoteTable, type SourceCluster } from './source-cluster.ts';

/** A table of the seed: what it is, and how it is made on an empty place. */
export type SeededTable = {
  /** 'web.clicks', unquoted. */
  readonly name: string;
  /** What is special about it, in a few words. */
  readonly shape: string;
  /** Raised when `make` makes something else than before: tables of an older seed are then made anew. */
  readonly version: number;
  /** undefined: it is not partitioned. */
  readonly partitions?: number;
  /** How many rows a query finds. */
  rows(scale: number): number;
  /** Folders of its own outside the usual one. */
  readonly elsewhere?: readonly string[];
  make(source: SourceCluster, scale: number): Promise<void>;
};

/** The table property that holds what the seed made; compared with what is there before anything is made again. */
const MARK = 'lab.seed';

/** Makes a table unless it stands there as the seed made it, at the same scale. true: it was made. */
export async function ensureSeeded(source: SourceCluster, table: SeededTable, scale: number): Promise<boolean> {
  if (await isThere(source, table, scale)) return false;
  const { query, files } = source;
  await query(`DROP TABLE IF EXISTS ${quoteTable(table.name)}`);
  // Dropping an external table leaves its files; new ones must not mix with them.
  for (const folder of foldersOf(table)) await files.delete(folder);
  await table.make(source, scale);
  const partitions = await countPartitions(source, table);
  if (partitions !== (table.partitions ?? 0)) {
    throw new LabError(`The seed of ${table.name} came out with ${partitions} partitions, not ${table.partitions}`);
  }
  const mark = await markOf(source, table, scale);
  await query(`ALTER TABLE ${quoteTable(table.name)} SET TBLPROPERTIES ('${MARK}' = '${mark}')`);
  return true;
}

async function isThere(source: SourceCluster, table: SeededTable, scale: number): Promise<boolean> {
  const there = await source.catalog.table(nameOf(table));
  return (
    there !== undefined &&
    there.parameters[MARK] === (await markOf(source, table, scale)) &&
    (await countPartitions(source, table)) === (table.partitions ?? 0)
  );
}

async function markOf({ webhdfs }: SourceCluster, table: SeededTable, scale: number): Promise<string> {
  const contents = await Promise.all(foldersOf(table).map((folder) => contentOf(webhdfs, folder)));
  const sum = (of: 'files' | 'bytes') => contents.reduce((total, content) => total + content[of], 0);
  return `version ${table.version}, scale ${scale}, ${sum('files')} files, ${sum('bytes')} bytes`;
}

async function countPartitions({ catalog }: SourceCluster, table: SeededTable): Promise<number> {
  return (await catalog.partitionNames(nameOf(table)))?.length ?? 0;
}

function nameOf({ name }: SeededTable): TableName {
  const [database = '', table = ''] = name.split('.');
  return { database, table };
}

function foldersOf({ name, elsewhere = [] }: SeededTable): readonly string[] {
  return [folderOf(name), ...elsewhere];
}
