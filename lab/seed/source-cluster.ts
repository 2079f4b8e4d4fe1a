import type { Catalog } from '../../hive/catalog.ts';
import { createMetastoreCatalog } from '../../hive/metastore/metastore-catalog.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';
import { type HiveQuery, withHive } from '../hive-session.ts';
import { LabError } from '../lab-error.ts';
import { readLabState } from '../state.ts';

/** Cluster a, as those who fill it see it. `query` is one session: one statement at a time. */
export type SourceCluster = {
  readonly query: HiveQuery;
  readonly catalog: Catalog;
  readonly files: FileSystem;
  /** 'hdfs://127.0.0.1:port', as Hive writes locations. */
  readonly fileSystem: string;
  readonly webhdfs: string;
};

/** Opens cluster a of the running lab, gives it to `work`, and closes it. */
export async function withSource<T>(work: (source: SourceCluster) => Promise<T>): Promise<T> {
  const lab = readLabState();
  if (lab === undefined) throw new LabError('The lab is not up: npm run lab -- up');
  const { webhdfs, fileSystem, metastore } = lab.clusters.a;
  const files = createWebHdfs({ cluster: 'a', urls: [webhdfs], user: 'root' });
  const catalog = createMetastoreCatalog({ cluster: 'a', uri: metastore, user: 'root' });
  try {
    return await withHive('a', async (query) => await work({ query, catalog, files, fileSystem, webhdfs }));
  } finally {
    await catalog.close();
    await files.close();
  }
}

/** 'order.select' -> '`order`.`select`'. */
export function quoteTable(name: string): string {
  return name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');
}

/** The folder in which Hive lays a table that is made without a location. */
export function folderOf(name: string): string {
  const [database = '', table = ''] = name.split('.');
  return `/warehouse/${database}.db/${table}`;
}

/** A table expression of one column n, 0 to count - 1. */
export function numbers(count: number): string {
  return `(SELECT posexplode(split(space(${count - 1}), ' ')) AS (n, nothing)) numbers`;
}

/** Writes a file of its own, with the folders above it. */
export async function putFile({ files }: SourceCluster, path: string, text: string): Promise<void> {
  await files.mkdirs(path.slice(0, path.lastIndexOf('/')));
  await files.create(path, async function* () {
    yield Buffer.from(text);
  });
}

/** Files and bytes below a folder; zeros where there is none. */
export async function contentOf(webhdfs: string, folder: string): Promise<{ files: number; bytes: number }> {
  const url = `${webhdfs}/webhdfs/v1${encodeURI(folder)}?op=GETCONTENTSUMMARY&user.name=root`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (answer.status === 404) return { files: 0, bytes: 0 };
  if (!answer.ok) throw new LabError(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  const { ContentSummary } = (await answer.json()) as { ContentSummary: { fileCount: number; length: number } };
  return { files: ContentSummary.fileCount, bytes: ContentSummary.length };
}
