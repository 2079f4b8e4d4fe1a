import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type OpenClusters, openClusters } from '../../config/open-cluster.ts';
import { type ResolvedConfig, resolveConfig } from '../../config/resolved.ts';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome, TableAt } from '../../sync/outcome.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { verifyTable } from '../../sync/verify.ts';
import { ConfigOverLab } from './config-over-lab.ts';
import { documentOf, ferry } from './ferry.ts';
import { labConfig } from './lab-config.ts';
import { labFiles } from './lab-tables.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, runInProcess } from './run-in-process.ts';
import { SEEDED } from './seeded-tables.ts';

jest.setTimeout(300_000);

/** Odd values, default partitions and `hour=01`; an own place and an own format; reserved words; no partitions at all. */
const TABLES = ['logs.raw', 'ext.events', 'order.select', 'ref.countries'];
const QUEUE = 'fallback-tests';
const NOTE = (cluster: string) => `catalog of ${cluster}: HiveServer2 only, slower`;

/** The lab's clusters; those named know no metastore. */
function labWithout(...names: readonly string[]): OpenClusters {
  const config = resolveConfig(labConfig('root'));
  const clusters: ResolvedConfig['clusters'] = Object.fromEntries(
    Object.entries(config.clusters).map(([name, cluster]) => {
      const { metastore: _, ...without } = cluster;
      return [name, names.includes(name) ? without : cluster];
    }),
  );
  return openClusters({ clusters });
}

async function dropDatabase(database: string): Promise<void> {
  const files = labFiles('b');
  await withHive('b', (query) => query(`DROP DATABASE IF EXISTS ${database} CASCADE`));
  await files.delete(`/warehouse/${database}.db`);
  await files.close();
}

describe.each([
  ['the target', ['b'], 'ferry_fallback_b'],
  ['the source', ['a'], 'ferry_fallback_a'],
])('over HiveServer2 alone: %s', (_, without, database) => {
  let clusters: OpenClusters;
  const reader = () => ({
    open: clusters.open,
    signal: new AbortController().signal,
    heartbeat: () => {},
    now: () => new Date(),
  });

  beforeAll(async () => {
    await dropDatabase(database);
    clusters = labWithout(...without);
  });
  afterAll(async () => {
    await clusters.close();
    await dropDatabase(database);
  });

  it.each(TABLES)('%s is copied whole, then there is nothing to do, and both sides are one', async (name) => {
    const [from = '', table = ''] = name.split('.');
    const source: TableAt = { cluster: 'a', database: from, table };
    const target: TableAt = { cluster: 'b', database, table };
    const partitions = SEEDED.find((one) => one.table === name)?.partitions ?? 0;
    const spec = () => labSpec(database, { source, target, createDatabase: true });
    expect((await planSync(reader(), spec())).notes).toEqual(without.map(NOTE));

    const first = await runInProcess(clusters.open, spec());
    expect(first.outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: partitions } });
    const second = await runInProcess(clusters.open, spec());
    expect(second.outcome).toMatchObject({
      outcome: 'nothing-to-do',
      failures: [],
      bytes: { copied: 0 },
      partitions: { unchanged: partitions },
    });

    // By the metastores, which know nothing of how it came about.
    const metastores = labWithout();
    try {
      const over = { ...reader(), open: metastores.open };
      expect((await planSync(over, spec())).counts).toMatchObject({ unchanged: partitions, toCopy: 0, diverged: 0 });
      expect(await verifyTable(over, spec(), 'rows')).toMatchObject({ identical: true, partitions, differences: [] });
    } finally {
      await metastores.close();
    }
  });
});

describe('over HiveServer2 alone, a target that lives on', () => {
  const lines = new LinesTable('ferry_fallback_lines');
  const of = { database: lines.database, table: 'lines' };
  let hive: OpenClusters;
  let metastores: OpenClusters;

  beforeAll(async () => {
    await lines.make();
    hive = labWithout('b');
    metastores = labWithout();
  });
  afterAll(async () => {
    await Promise.all([hive.close(), metastores.close()]);
    await lines.drop();
    await lines.close();
  });

  const sync = async (clusters: OpenClusters, over: Parameters<typeof labSpec>[1] = {}) =>
    (await runInProcess(clusters.open, labSpec(lines.database, over))).outcome;
  const recordOf = async (clusters: OpenClusters, name: string) => {
    for await (const [found] of clusters.open('b').catalog.partitions(of, [name])) {
      const { 'hive-ferry.run': run, 'hive-ferry.digest': digest } = found?.parameters ?? {};
      return { run, digest };
    }
    return undefined;
  };

  it('has its records told alike by HiveServer2 and by the metastore, so that either way of access may go on', async () => {
    expect(await sync(hive)).toMatchObject({ outcome: 'complete', partitions: { published: 2 } });
    const first = await recordOf(hive, 'p=1');
    expect(first).toEqual({ run: expect.any(String), digest: expect.any(String) });
    expect(await recordOf(metastores, 'p=1')).toEqual(first);

    await lines.write('p=1', 'small', 'changed\n');
    expect(await sync(hive)).toMatchObject({ outcome: 'complete', partitions: { published: 1, unchanged: 1 } });
    const second = await recordOf(hive, 'p=1');
    expect(second?.digest).not.toBe(first?.digest);
    expect(await recordOf(metastores, 'p=1')).toEqual(second);

    await lines.write('p=1', 'small', 'changed again\n');
    expect(await sync(metastores)).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
    expect(await recordOf(hive, 'p=1')).toEqual(await recordOf(metastores, 'p=1'));
  });

  it('prunes, and keeps what it drops', async () => {
    await withHive('a', (query) => query(`ALTER TABLE ${lines.database}.lines DROP PARTITION (p='2')`));
    const outcome = await sync(hive, { prune: { percent: 50 } });
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { pruned: 1 } });
    expect(await hive.open('b').catalog.partitionNames(of)).toEqual(['p=1']);
  });
});

describe('over HiveServer2 alone, by command', () => {
  const lines = new LinesTable('ferry_fallback_command');
  const config = new ConfigOverLab({
    clusters: { a: { metastore: undefined }, b: { metastore: undefined } },
  });
  const table = `${lines.database}.lines`;
  let worker: WorkerProcess;

  beforeAll(async () => {
    await lines.make();
    worker = await startWorker({ name: QUEUE, args: ['--config', config.path, '--task-queue', QUEUE] });
  });
  afterAll(async () => {
    await worker?.end('SIGTERM');
    await lines.drop();
    await lines.close();
    config.delete();
  });

  const sized = ['--nodes', '1', '--memory', '64MiB'];
  const command = (name: string, ...args: string[]) => ferry([name, table, ...args, '--config', config.path]);
  const sync = () => command('sync', '--json', ...sized, '--task-queue', QUEUE);

  it('is planned, which says that it is slower, synced, found identical, and not done again', async () => {
    const planned = await command('plan', ...sized);
    expect(planned.exitCode).toBe(0);
    for (const cluster of ['a', 'b']) expect(planned.stdout).toContain(NOTE(cluster));
    expect(planned.stdout).toContain('2 to copy');

    const first = await sync();
    expect(first.exitCode).toBe(0);
    expect(documentOf<Outcome>(first)).toMatchObject({ outcome: 'complete', partitions: { published: 2 } });
    const verified = await command('verify', '--level', 'rows');
    expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining('identical')]);
    const second = await sync();
    expect(second.exitCode).toBe(0);
    expect(documentOf<Outcome>(second)).toMatchObject({ outcome: 'nothing-to-do', partitions: { unchanged: 2 } });

    await lines.write('p=2', 'small', 'changed\n');
    const differs = await command('verify');
    expect([differs.exitCode, differs.stdout]).toEqual([1, expect.stringContaining('p=2')]);
    expect(documentOf<Outcome>(await sync())).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
  });
});
