import { withHive } from '../../lab/hive-session.ts';
import { readLabState } from '../../lab/state.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';

export const DATABASE = 'ferry_lab';
export const TABLES = ['orders', 'countries'] as const;

/** One cluster's files in the lab. */
export function labFiles(cluster: 'a' | 'b'): FileSystem {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  return createWebHdfs({ cluster, urls: [lab.clusters[cluster].webhdfs], user: 'root' });
}

/** Every file and folder below a path but what is hidden from queries: 'path length mtime fileId', sorted. */
export async function filesBelow(files: FileSystem, folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const page of (await files.list(folder)) ?? []) {
    for (const child of page) {
      if (child.name.startsWith('.')) continue;
      const path = `${folder}/${child.name}`;
      lines.push(`${path} ${child.length} ${child.modificationTime} ${child.fileId}`);
      if (child.kind === 'folder') lines.push(...(await filesBelow(files, path)));
    }
  }
  return lines.sort();
}

/** An empty database on both clusters; of these tables of an earlier run nothing is left, neither files nor records. */
export async function freshDatabase(database: string, tables: readonly string[]): Promise<void> {
  for (const cluster of ['a', 'b'] as const) {
    const files = labFiles(cluster);
    await withHive(cluster, async (query) => {
      await query(`DROP DATABASE IF EXISTS ${database} CASCADE`);
      await files.delete(`/warehouse/${database}.db`);
      await query(`CREATE DATABASE ${database}`);
    });
    for (const table of tables) await files.delete(`/user/root/hive-ferry/tables/${database}.${table}`);
    await files.close();
  }
}

/** A partitioned and an unpartitioned table on a, with rows of the seed. */
export async function makeTables(database = DATABASE): Promise<void> {
  await withHive('a', async (query) => {
    await query(
      `CREATE EXTERNAL TABLE ${database}.orders (order_id bigint, customer string, note string COMMENT 'it''s "noted" — ünï')
       PARTITIONED BY (dt string, region string) STORED AS ORC`,
    );
    await query(
      `INSERT OVERWRITE TABLE ${database}.orders PARTITION (dt, region)
       SELECT order_id, customer, note, dt, region FROM sales.orders WHERE dt IN ('2026-11-01', '2026-11-02')`,
    );
    await query(`CREATE EXTERNAL TABLE ${database}.countries STORED AS ORC AS SELECT * FROM ref.countries`);
  });
}

export const PARTITIONS = 6;

/** Adds a row to one partition of a cluster's copy, as somebody with a Hive session would. */
export async function insertRow(cluster: 'a' | 'b', dt: string, region: string): Promise<void> {
  await withHive(cluster, (query) =>
    query(`INSERT INTO TABLE ${DATABASE}.orders PARTITION (dt='${dt}', region='${region}') VALUES (1, 'by hand', 'x')`),
  );
}

export async function countRows(cluster: 'a' | 'b', table: string): Promise<number> {
  return await withHive(cluster, async (query) => {
    const [row] = await query(`SELECT cast(count(*) AS string) AS n FROM ${DATABASE}.${table}`);
    return Number(row?.n);
  });
}
