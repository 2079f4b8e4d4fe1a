import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dropTarget } from '../../lab/fresh-target.ts';
import { hadoop } from '../../lab/hadoop-client.ts';
import { withHive } from '../../lab/hive-session.ts';
import { readLabState } from '../../lab/state.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry } from './ferry.ts';
import { DATABASE, filesBelow, freshDatabase, labFiles, makeTables, PARTITIONS, TABLES } from './lab-tables.ts';

jest.setTimeout(240_000);

const ORDERS = `${DATABASE}.orders`;
const FOLDER = `/warehouse/${DATABASE}.db/orders`;

let worker: WorkerProcess;
let b: FileSystem;

async function sync(...args: string[]): Promise<Outcome> {
  return documentOf(
    await ferry(['sync', ORDERS, '--source', 'a', '--target', 'b', '--memory', '128MiB', ...args, '--json']),
  );
}

async function distcp(...args: string[]): Promise<string> {
  const lab = readLabState();
  const [from, to] = [`${lab?.clusters.a.fileSystem}${FOLDER}`, `${lab?.clusters.b.fileSystem}${FOLDER}`];
  const { exitCode, stdout, stderr } = await hadoop('a', [
    'org.apache.hadoop.tools.DistCp',
    '-update',
    ...args,
    from,
    to,
  ]);
  expect(exitCode).toBe(0);
  return `${stdout}${stderr}`;
}

beforeAll(async () => {
  b = labFiles('b');
  await freshDatabase(DATABASE, TABLES);
  await makeTables();
  worker = await startWorker({ name: 'peer' });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await b?.close();
});

describe('hadoop distcp, the peer', () => {
  it('finds nothing to copy in what a sync wrote', async () => {
    expect(await sync()).toMatchObject({ outcome: 'complete' });
    const before = await filesBelow(b, FOLDER);
    const told = await distcp();
    expect(told).toMatch(/Files Skipped=6|SKIP=6/);
    expect(told).not.toMatch(/Bytes Copied=[1-9]|BYTESCOPIED=[1-9]/);
    expect((await filesBelow(b, FOLDER)).filter((line) => line.includes('/000000_0'))).toEqual(
      before.filter((line) => line.includes('/000000_0')),
    );
  });

  it('laid down a tree (without times) that a sync takes over by content, without copying a byte', async () => {
    await dropTarget(DATABASE, 'orders');
    await distcp();
    const laid = await filesBelow(b, FOLDER);
    const identities = (lines: readonly string[]) =>
      lines.map((line) =>
        line
          .split(' ')
          .filter((_, place) => place !== 2)
          .join(' '),
      );
    expect(laid.length).toBeGreaterThan(PARTITIONS);

    expect(await sync('--compare', 'content')).toMatchObject({ failures: [], bytes: { copied: 0 } });
    expect(identities(await filesBelow(b, FOLDER))).toEqual(identities(laid));
    expect(await sync()).toMatchObject({
      outcome: 'nothing-to-do',
      bytes: { copied: 0 },
      partitions: { unchanged: PARTITIONS },
    });
    await withHive('a', (query) =>
      query(`INSERT INTO TABLE ${ORDERS} PARTITION (dt='2026-11-01', region='emea') VALUES (1, 'later', 'x')`),
    );
    // What was taken over is ours now: a change of the source is followed, not called diverged.
    expect(await sync()).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
  });
});

describe('prune, over the lab', () => {
  it('drops a partition that the source dropped, retires its folder, and nothing outside the predicate', async () => {
    await withHive('a', async (query) => {
      await query(`ALTER TABLE ${ORDERS} DROP PARTITION (dt='2026-11-01', region='apac')`);
      await query(`ALTER TABLE ${ORDERS} DROP PARTITION (dt='2026-11-02', region='apac')`);
    });
    const outcome = await sync('--where', "dt = '2026-11-01'", '--prune', '50');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { pruned: 1, unchanged: 2 } });
    const names = await withHive('b', (query) => query(`SHOW PARTITIONS ${ORDERS}`));
    expect(names.map((row) => row.partition)).toEqual([
      'dt=2026-11-01/region=amer',
      'dt=2026-11-01/region=emea',
      'dt=2026-11-02/region=amer',
      'dt=2026-11-02/region=apac',
      'dt=2026-11-02/region=emea',
    ]);
    expect(await b.status(`${FOLDER}/dt=2026-11-01/region=apac`)).toBeUndefined();
  });

  it('drops nothing when the source table was dropped and made anew, empty', async () => {
    await withHive('a', async (query) => {
      await query(`CREATE TABLE ${DATABASE}.kept LIKE ${ORDERS}`);
      await query(`DROP TABLE ${ORDERS}`);
      await query(`CREATE EXTERNAL TABLE ${ORDERS} LIKE ${DATABASE}.kept`);
    });
    const ran = await ferry(['sync', ORDERS, '--source', 'a', '--target', 'b', '--prune', '100', '--json']);
    expect(ran.exitCode).toBe(3);
    expect(documentOf<Outcome>(ran)).toMatchObject({ outcome: 'refused', failures: [{ code: 'SOURCE_RECREATED' }] });
    expect(await withHive('b', (query) => query(`SHOW PARTITIONS ${ORDERS}`))).toHaveLength(5);
  });
});
