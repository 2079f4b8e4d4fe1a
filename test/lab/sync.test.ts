import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PlanDocument } from '../../cli/plan-report.ts';
import { planSchema } from '../../cli/plan-schema.ts';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { outcomeSchema } from '../../sync/outcome-schema.ts';
import type { VerifyReport } from '../../sync/verify.ts';
import { documentOf, ferry } from './ferry.ts';
import {
  countRows,
  DATABASE,
  filesBelow,
  freshDatabase,
  insertRow,
  labFiles,
  makeTables,
  PARTITIONS,
  TABLES,
} from './lab-tables.ts';

jest.setTimeout(180_000);

const ORDERS = `${DATABASE}.orders`;
const FOLDER = `/warehouse/${DATABASE}.db/orders`;

let worker: WorkerProcess;
let a: FileSystem;
let b: FileSystem;

async function sync(args: readonly string[]): Promise<{ exitCode: number; outcome: Outcome }> {
  const ran = await ferry(['sync', ...args, '--json']);
  const outcome = documentOf<Outcome>(ran);
  expect(outcomeSchema.parse(outcome)).toEqual(outcome);
  return { exitCode: ran.exitCode, outcome };
}

async function verify(table: string, ...args: string[]): Promise<{ exitCode: number; report: VerifyReport }> {
  const ran = await ferry(['verify', table, '--source', 'a', '--target', 'b', ...args, '--json']);
  return { exitCode: ran.exitCode, report: documentOf<VerifyReport>(ran) };
}

const aToB = (table: string, ...args: string[]) =>
  sync([table, '--source', 'a', '--target', 'b', '--memory', '128MiB', ...args]);

beforeAll(async () => {
  a = labFiles('a');
  b = labFiles('b');
  await freshDatabase(DATABASE, TABLES);
  await makeTables();
  worker = await startWorker({ name: 'lab-tests' });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await a?.close();
  await b?.close();
});

// The tests go on from each other's state, as the days of a table do.
describe('a partitioned table, over the lab', () => {
  it('is copied whole by the first sync; both sides answer alike', async () => {
    const { exitCode, outcome } = await aToB(ORDERS);
    expect(outcome).toMatchObject({
      outcome: 'complete',
      failures: [],
      partitions: { selected: PARTITIONS, published: PARTITIONS },
    });
    expect(exitCode).toBe(0);
    expect((await verify(ORDERS, '--level', 'rows')).report).toMatchObject({
      identical: true,
      partitions: PARTITIONS,
      differences: [],
    });
    expect(await countRows('b', 'orders')).toBe(await countRows('a', 'orders'));
  });

  it('copies 0 bytes the second time', async () => {
    const before = await filesBelow(b, FOLDER);
    const { exitCode, outcome } = await aToB(ORDERS);
    expect(outcome).toMatchObject({
      outcome: 'nothing-to-do',
      bytes: { copied: 0 },
      partitions: { unchanged: PARTITIONS },
    });
    expect(exitCode).toBe(0);
    expect(await filesBelow(b, FOLDER)).toEqual(before);
  });

  it('moves only the partition in which a file changed', async () => {
    const before = await filesBelow(b, FOLDER);
    await insertRow('a', '2026-11-01', 'emea');
    const { outcome } = await aToB(ORDERS);
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { published: 1, unchanged: PARTITIONS - 1 } });
    const others = (lines: readonly string[]) =>
      lines.filter((line) => line.includes('/dt=') && !line.includes('dt=2026-11-01/region=emea'));
    const inFolders = (lines: readonly string[]) => others(lines).filter((line) => line.includes('/region='));
    expect(inFolders(await filesBelow(b, FOLDER))).toEqual(inFolders(before));
    expect((await verify(ORDERS, '--level', 'rows')).exitCode).toBe(0);
  });

  it('case 41: count(*) on the target follows a replaced partition', async () => {
    expect(await countRows('b', 'orders')).toBe(await countRows('a', 'orders'));
  });

  it('leaves no staging behind', async () => {
    const left: string[] = [];
    for await (const page of (await b.list(`${FOLDER}/.hive-ferry`)) ?? []) {
      for (const { name, kind } of page)
        if (kind === 'folder') left.push(...(await filesBelow(b, `${FOLDER}/.hive-ferry/${name}`)));
    }
    expect(left.filter((line) => !/\.closed\/retired[/ ]/.test(line))).toEqual([]);
  });

  it('names a partition that somebody changed on the target TARGET_DIVERGED and leaves it alone', async () => {
    await insertRow('b', '2026-11-02', 'apac');
    const before = await filesBelow(b, `${FOLDER}/dt=2026-11-02`);
    const { exitCode, outcome } = await aToB(ORDERS);
    expect(exitCode).toBe(2);
    expect(outcome).toMatchObject({
      outcome: 'partial',
      bytes: { copied: 0 },
      partitions: { diverged: 1, unchanged: PARTITIONS - 1 },
    });
    expect(outcome.failures).toMatchObject([{ partition: 'dt=2026-11-02/region=apac', code: 'TARGET_DIVERGED' }]);
    expect(await filesBelow(b, `${FOLDER}/dt=2026-11-02`)).toEqual(before);
    const { exitCode: different, report } = await verify(ORDERS);
    expect(different).toBe(1);
    expect(report.differences).toMatchObject([{ partition: 'dt=2026-11-02/region=apac', kind: 'file-extra' }]);
  });

  it('writes nothing with source and target swapped, not even where they differ', async () => {
    const before = await filesBelow(a, FOLDER);
    const { exitCode, outcome } = await sync([ORDERS, '--source', 'b', '--target', 'a', '--memory', '128MiB']);
    expect(exitCode).toBe(2);
    expect(outcome).toMatchObject({
      bytes: { copied: 0 },
      partitions: { published: 0, diverged: 1, unchanged: PARTITIONS - 1 },
    });
    expect(await filesBelow(a, FOLDER)).toEqual(before);
  });

  it('replaces what diverged when it is told to', async () => {
    const { exitCode, outcome } = await aToB(ORDERS, '--overwrite', 'diverged');
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
    expect(exitCode).toBe(0);
    expect((await verify(ORDERS, '--level', 'rows')).exitCode).toBe(0);
  });

  it('writes nothing with source and target swapped after a good sync', async () => {
    const before = await filesBelow(a, FOLDER);
    const { exitCode, outcome } = await sync([ORDERS, '--source', 'b', '--target', 'a', '--memory', '128MiB']);
    expect(exitCode).toBe(0);
    expect(outcome).toMatchObject({ outcome: 'nothing-to-do', bytes: { copied: 0 } });
    expect(await filesBelow(a, FOLDER)).toEqual(before);
  });

  it('plans without writing anything', async () => {
    await insertRow('a', '2026-11-02', 'amer');
    const before = await filesBelow(b, `/warehouse/${DATABASE}.db`);
    const ran = await ferry(['plan', ORDERS, '--source', 'a', '--target', 'b', '--json']);
    expect(ran.exitCode).toBe(0);
    const document = documentOf<PlanDocument>(ran);
    expect(planSchema.parse(document)).toEqual(document);
    expect(document.counts).toMatchObject({
      selected: PARTITIONS,
      toCopy: 1,
      unchanged: PARTITIONS - 1,
    });
    expect(await filesBelow(b, `/warehouse/${DATABASE}.db`)).toEqual(before);
  });
});

describe('partitions published by relocation, over the lab', () => {
  it('land in a folder of the run; the catalog points to it, the old folder stays', async () => {
    const before = await filesBelow(b, `${FOLDER}/dt=2026-11-02/region=amer`);
    const { exitCode, outcome } = await aToB(ORDERS, '--publish', 'relocate');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 1 } });
    expect(exitCode).toBe(0);
    const rows = await withHive('b', (query) =>
      query(`DESCRIBE FORMATTED ${ORDERS} PARTITION (dt='2026-11-02', region='amer')`),
    );
    const line = rows.find((row) => String(row.col_name).trim() === 'Location:');
    expect(String(line?.data_type).trim()).toMatch(/\/orders-versions\/[0-9a-f-]{36}\/dt=2026-11-02\/region=amer$/);
    expect(await filesBelow(b, `${FOLDER}/dt=2026-11-02/region=amer`)).toEqual(before);
    expect(await countRows('b', 'orders')).toBe(await countRows('a', 'orders'));
    expect((await verify(ORDERS, '--level', 'rows')).report).toMatchObject({ identical: true });
  });

  it('are swapped again where they stand now, when a later sync swaps', async () => {
    await insertRow('a', '2026-11-02', 'amer');
    expect((await aToB(ORDERS)).outcome).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
    expect((await verify(ORDERS, '--level', 'rows')).report).toMatchObject({ identical: true });
    expect((await aToB(ORDERS)).outcome).toMatchObject({ outcome: 'nothing-to-do' });
  });
});

describe('an unpartitioned table, over the lab', () => {
  const location = async () => {
    const rows = await withHive('b', (query) => query(`DESCRIBE FORMATTED ${DATABASE}.countries`));
    const line = rows.find((row) => String(row.col_name).trim() === 'Location:');
    return String(line?.data_type).trim();
  };

  it('is relocated into a folder of the run; the next sync has nothing to do', async () => {
    const { outcome } = await aToB(`${DATABASE}.countries`);
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 1 } });
    expect(await location()).toMatch(/\/countries-versions\/[0-9a-f-]{36}\/countries$/);
    expect(await countRows('b', 'countries')).toBe(250);
    expect((await aToB(`${DATABASE}.countries`)).outcome).toMatchObject({
      outcome: 'nothing-to-do',
      bytes: { copied: 0 },
    });
  });

  it('goes to a new folder when the source changed; the old one stays for those who still read it', async () => {
    const before = await location();
    await withHive('a', (query) =>
      query(`INSERT INTO TABLE ${DATABASE}.countries SELECT * FROM ref.countries LIMIT 5`),
    );
    expect((await aToB(`${DATABASE}.countries`)).outcome).toMatchObject({ outcome: 'complete' });
    expect(await location()).not.toBe(before);
    expect(await countRows('b', 'countries')).toBe(255);
    expect(await b.status(before.replace(/^hdfs:\/\/[^/]+/, ''))).toMatchObject({ kind: 'folder' });
    expect((await verify(`${DATABASE}.countries`, '--level', 'rows')).report).toMatchObject({ identical: true });
  });

  it('cannot be swapped: refused before a byte moves', async () => {
    const { exitCode, outcome } = await aToB(`${DATABASE}.countries`, '--publish', 'swap');
    expect(exitCode).toBe(3);
    expect(outcome).toMatchObject({ outcome: 'refused', failures: [{ code: 'PUBLISH_UNSUPPORTED' }] });
  });
});

describe('a cluster marked access: "read"', () => {
  it('is refused as a target before any call', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-config-'));
    const root = join(__dirname, '..', '..');
    const config = join(folder, 'temporal.config.ts');
    writeFileSync(
      config,
      `import { defineConfig } from 'hive-ferry';
import lab from '${root}/temporal.config.ts';
export default defineConfig({ ...lab, clusters: { a: lab.clusters.a, b: { ...lab.clusters.b, access: 'read' } } });
`,
    );
    try {
      const ran = await ferry(['sync', ORDERS, '--source', 'a', '--target', 'b', '--config', config]);
      expect(ran.exitCode).toBe(3);
      expect(ran.stderr + ran.stdout).toContain('access: "read"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
