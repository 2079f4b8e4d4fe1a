import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileSystem } from '../../storage/file-system.ts';
import { hadoop } from '../hadoop-client.ts';
import { withHive } from '../hive-session.ts';
import { LabError } from '../lab-error.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The files of the one partition that is copied; `table` is its table in the database of the bench. */
export type Shape = { readonly name: string; readonly table: string; readonly files: number; readonly bytes: number };

export const SHAPES: readonly Shape[] = [
  { name: '1 x 1 GiB', table: 'one_huge', files: 1, bytes: 1024 * MIB },
  { name: '200 x 1 MiB', table: 'middling', files: 200, bytes: MIB },
  { name: '2,000 x 10 KiB', table: 'many_small', files: 2000, bytes: 10 * KIB },
];

/** With Hadoop's own closing delay, where DistCp takes half a second a file. */
export const STOCK_SHAPES: readonly Shape[] = [
  ...SHAPES.slice(0, 2),
  { name: '400 x 10 KiB', table: 'some_small', files: 400, bytes: 10 * KIB },
];

export const BENCH_DATABASE = 'ferry_bench';

/** The folder of a shape's one partition, the same path on both clusters. */
export function partitionFolder({ table }: Shape): string {
  return `/warehouse/${BENCH_DATABASE}.db/${table}/p=1`;
}

/** The database on both clusters, and on a the shapes' tables with files of random bytes; what is there and whole stays. */
export async function makeShapes(shapes: readonly Shape[], a: FileSystem): Promise<void> {
  for (const cluster of ['a', 'b'] as const) {
    await withHive(cluster, (query) => query(`CREATE DATABASE IF NOT EXISTS ${BENCH_DATABASE}`));
  }
  for (const shape of shapes) {
    if (!(await isWhole(shape, a))) await writeFiles(shape, a);
    await withHive('a', async (query) => {
      const table = `${BENCH_DATABASE}.${shape.table}`;
      await query(
        `CREATE EXTERNAL TABLE IF NOT EXISTS ${table} (line string) PARTITIONED BY (p string) STORED AS TEXTFILE`,
      );
      await query(`ALTER TABLE ${table} ADD IF NOT EXISTS PARTITION (p='1') LOCATION '${partitionFolder(shape)}'`);
    });
  }
}

/** Whether a folder, by default the source's, holds the shape's files at their full length. */
export async function isWhole(shape: Shape, files: FileSystem, folder = partitionFolder(shape)): Promise<boolean> {
  let found = 0;
  for await (const page of (await files.list(folder)) ?? []) {
    found += page.filter(({ kind, length }) => kind === 'file' && length === shape.bytes).length;
  }
  return found === shape.files;
}

async function writeFiles(shape: Shape, a: FileSystem): Promise<void> {
  const here = mkdtempSync(join(tmpdir(), 'ferry-bench-'));
  try {
    const folder = join(here, 'p=1');
    mkdirSync(folder);
    for (let file = 0; file < shape.files; file += 1) {
      const path = join(folder, String(file).padStart(6, '0'));
      if (shape.bytes <= MIB) writeFileSync(path, randomBytes(shape.bytes));
      else await pipeline(Readable.from(blocks(shape.bytes)), createWriteStream(path));
    }
    const parent = partitionFolder(shape).slice(0, -'/p=1'.length);
    await a.delete(parent);
    await a.mkdirs(parent);
    const put = await hadoop('a', ['org.apache.hadoop.fs.FsShell', '-put', '-t', '8', folder, parent]);
    if (put.exitCode !== 0) throw new LabError(`hdfs dfs -put: ${put.stderr.slice(-2000)}`);
  } finally {
    rmSync(here, { recursive: true });
  }
}

function* blocks(bytes: number): Generator<Buffer> {
  for (let written = 0; written < bytes; written += MIB) yield randomBytes(MIB);
}
