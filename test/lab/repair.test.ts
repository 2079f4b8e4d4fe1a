import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileStatus, FileSystem } from '../../storage/file-system.ts';
import type { VerifyReport } from '../../sync/verify.ts';
import { documentOf, ferry } from './ferry.ts';
import { labFiles } from './lab-tables.ts';

jest.setTimeout(180_000);

const QUEUE = 'repair-tests';
const DATABASE = 'ferry_repair';
const FOLDER = `/warehouse/${DATABASE}.db/orders`;
const TABLE = ['sales.orders', '--source', 'a', '--target', 'b', '--target-table', `${DATABASE}.orders`, '--last', '3'];

let worker: WorkerProcess;
let b: FileSystem;

const dropTarget = () => withHive('b', (query) => query(`DROP DATABASE IF EXISTS ${DATABASE} CASCADE`));

beforeAll(async () => {
  b = labFiles('b');
  await dropTarget();
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await dropTarget();
  await b?.close();
});

type Found = { readonly path: string; readonly status: FileStatus };

/** The data files below a folder, in the order of their paths. */
async function dataFiles(folder: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  for await (const page of (await b.list(folder)) ?? []) {
    for (const status of page) {
      const path = `${folder}/${status.name}`;
      if (status.name.startsWith('.')) continue;
      if (status.kind === 'folder') found.push(...(await dataFiles(path)));
      else found.push({ path, status });
    }
  }
  return found;
}

/** Other bytes of the same length with the same time: what a listing cannot tell. */
async function rot({ path, status }: Found): Promise<void> {
  await b.delete(path);
  await b.create(path, async function* () {
    yield new Uint8Array(status.length).fill(7);
  });
  await b.setModificationTime(path, status.modificationTime);
}

async function verify(...args: string[]): Promise<{ exitCode: number; report: VerifyReport }> {
  const ran = await ferry(['verify', ...TABLE, '--json', ...args]);
  return { exitCode: ran.exitCode, report: documentOf<VerifyReport>(ran) };
}

describe('ferry verify --repair, over the lab', () => {
  it('mends exactly what differs, also what only its content shows', async () => {
    const first = await ferry(['sync', ...TABLE, '--create-database', '--task-queue', QUEUE, '--memory', '64MiB']);
    expect(first.exitCode).toBe(0);
    const files = await dataFiles(FOLDER);
    const [rotten, lost] = [files[0], files.at(-1)];
    if (rotten === undefined || lost === undefined) throw new Error(`no files below ${FOLDER}`);
    await rot(rotten);
    await b.delete(lost.path);

    const before = await verify();
    expect(before.exitCode).toBe(1);
    expect(before.report.differences.map(({ kind }) => kind).sort()).toEqual(['checksum', 'file-missing']);

    const repair = await ferry(['verify', ...TABLE, '--repair', '--task-queue', QUEUE]);
    expect(repair.stdout).toMatch(/2 differences/);
    expect(repair.stdout).toMatch(/complete/);
    expect(repair.exitCode).toBe(0);
    expect((await verify()).report).toMatchObject({ identical: true, partitions: 3 });
    const after = new Map((await dataFiles(FOLDER)).map(({ path, status }) => [path, status.fileId]));
    const untouched = files.filter(({ path }) => !isBeside(path, rotten.path) && !isBeside(path, lost.path));
    expect(untouched.length).toBeGreaterThan(0);
    for (const { path, status } of untouched) expect(after.get(path)).toBe(status.fileId);
  });

  it('a sample says what it is', async () => {
    const { exitCode, report } = await verify('--sample', '34%');
    expect(report).toMatchObject({ identical: true, partitions: 2, sample: { percent: 34, of: 3 } });
    expect(exitCode).toBe(0);
  });

  it('is not asked for together with --json', async () => {
    expect((await ferry(['verify', ...TABLE, '--repair', '--json'])).exitCode).toBe(64);
  });
});

function isBeside(path: string, other: string): boolean {
  return path.slice(0, path.lastIndexOf('/')) === other.slice(0, other.lastIndexOf('/'));
}
