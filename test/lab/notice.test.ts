import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry, startFerryInTerminal } from './ferry.ts';
import { labTemporal } from './lab-temporal.ts';
import { LinesTable } from './lines-table.ts';

jest.setTimeout(240_000);

const QUEUE = 'notice';
const BETWEEN = ['--source', 'a', '--target', 'b'];
const ESCAPE = '\u001b';

const lines = new LinesTable('ferry_notice');
const TABLE = `${lines.database}.lines`;
let worker: WorkerProcess;

const sync = (...args: string[]) => ferry(['sync', TABLE, ...BETWEEN, '--task-queue', QUEUE, ...args]);
const synced = async (...args: string[]) => documentOf<Outcome>(await sync('--json', ...args));

beforeAll(async () => {
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});
afterAll(async () => {
  await worker?.end('SIGTERM');
  await lines.drop();
  await lines.close();
});

describe('mistakes', () => {
  it('a misspelt table is refused with the one that was meant, exit 3', async () => {
    const { exitCode, stdout, stderr } = await ferry(['sync', 'sales.ordres', ...BETWEEN, '--task-queue', QUEUE]);
    expect(exitCode).toBe(3);
    expect(`${stdout}${stderr}`.replace(/\s+/g, ' ')).toContain(
      'has no table sales.ordres; did you mean "sales.orders"?',
    );
  });

  it('a config with five mistakes is five lines, exit 78', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-notice-'));
    const file = join(folder, 'temporal.config.ts');
    writeFileSync(
      file,
      `export default {
  temporal: { adress: 'localhost:7233' },
  clusters: {
    a: { webhdfs: 'nn1:9870', user: 'ferry', fileSystem: 'hdfs://nn1:8020', metastore: 'thrift://hms:9083', access: 'none' },
  },
  worker: { pool: '256M', namenodeCalls: 3 },
};
`,
    );
    const { exitCode, stdout, stderr } = await ferry(['sync', 'sales.orders', '--config', file]);
    rmSync(folder, { recursive: true });
    expect([exitCode, stdout]).toEqual([78, '']);
    for (const field of [
      'temporal.adress',
      'clusters.a.webhdfs',
      'clusters.a.access',
      'worker.pool',
      'worker.namenodeCalls',
    ])
      expect(stderr.split('\n').filter((line) => line.startsWith(`  - ${field}: `))).toHaveLength(1);
  });
});

describe('a table of the source', () => {
  it('that was dropped and made anew, empty, has nothing pruned', async () => {
    await lines.make();
    expect((await synced()).outcome).toBe('complete');
    const before = await lines.names(lines.folder());
    await withHive('a', async (query) => {
      await query(`DROP TABLE ${TABLE}`);
      await query(`CREATE EXTERNAL TABLE ${TABLE} (line string) PARTITIONED BY (p string) STORED AS TEXTFILE`);
    });
    const { exitCode, stdout } = await sync('--prune', '100', '--json');
    expect(exitCode).toBe(3);
    expect((JSON.parse(stdout) as Outcome).failures).toMatchObject([{ code: 'SOURCE_RECREATED' }]);
    expect(await lines.names(lines.folder())).toEqual(before);
    expect(await withHive('b', (query) => query(`SHOW PARTITIONS ${TABLE}`))).toHaveLength(2);
  });

  it('that lost partitions has none pruned outside of the predicate', async () => {
    await lines.make();
    expect((await synced()).outcome).toBe('complete');
    await withHive('a', (query) => query(`ALTER TABLE ${TABLE} DROP PARTITION (p='1'), PARTITION (p='2')`));
    const outcome = await synced('--where', "p = '1'", '--prune', '100');
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { pruned: 1 } });
    expect(await withHive('b', (query) => query(`SHOW PARTITIONS ${TABLE}`))).toEqual([{ partition: 'p=2' }]);
    expect(await lines.names(`${lines.folder()}/p=2`)).toEqual(['small']);
  });
});

describe('the terminal', () => {
  it.each([
    ['plan', ['plan', TABLE, ...BETWEEN]],
    ['verify', ['verify', TABLE, ...BETWEEN]],
    ['an error', ['verify', 'sales.ordres', ...BETWEEN]],
    ['help', ['sync', '--help']],
  ])('of 60 columns holds every line of %s', async (_, args) => {
    const { stdout } = await startFerryInTerminal(args, {}, 60).ended;
    const wide = stripVTControlCharacters(stdout)
      .split(/\r?\n/)
      .filter((line) => line.length > 60 && !line.startsWith('  ferry '));
    expect(stdout.length).toBeGreaterThan(100);
    expect(wide).toEqual([]);
  });

  it('piped, nothing has escape codes', async () => {
    for (const args of [
      ['plan', 'sales.orders', ...BETWEEN],
      ['sync', '--help'],
      ['plan', 'sales.ordres', ...BETWEEN],
    ]) {
      const { stdout, stderr } = await ferry(args);
      expect(`${stdout}${stderr}`).not.toContain(ESCAPE);
    }
  });
});

describe('a partition value that looks like a template or like HTML', () => {
  const VALUES = ['<script>alert(1)</script>', '{{ ds }}', '$' + '{x}'];

  it('is text, in Hive, in the outcome, in the terminal and in the details of the run', async () => {
    await lines.make();
    await withHive('a', async (query) => {
      for (const value of VALUES) await query(`INSERT INTO ${TABLE} PARTITION (p) SELECT 'hello', '${value}'`);
    });
    const first = await synced();
    expect(first).toMatchObject({ outcome: 'complete', partitions: { published: 5 } });
    const shown = await withHive('b', (query) => query(`SELECT DISTINCT p FROM ${TABLE} ORDER BY p`));
    expect(shown).toEqual([...VALUES, '1', '2'].sort().map((p) => ({ p })));

    // Changed on both sides, so that the outcome and the details have to name it.
    await withHive('b', (query) => query(`INSERT INTO ${TABLE} PARTITION (p='${VALUES[0]}') SELECT 'mine'`));
    await withHive('a', (query) => query(`INSERT INTO ${TABLE} PARTITION (p='${VALUES[0]}') SELECT 'yours'`));
    const second = await synced();
    const named = `p=${(VALUES[0] ?? '').replace('/', '%2F')}`;
    expect(second.failures).toMatchObject([{ partition: named, code: 'TARGET_DIVERGED' }]);
    const { client, close } = await labTemporal();
    const { currentDetails } = await client.workflow
      .getHandle(second.workflowId, second.runId)
      .query<{ currentDetails: string }, []>('__temporal_workflow_metadata');
    await close();
    expect(currentDetails).toContain('p=&#60;script&#62;alert(1)&#60;%2Fscript&#62;');
    expect(currentDetails).not.toContain('<script');
    expect((await ferry(['plan', TABLE, ...BETWEEN])).stdout.replace(/\s+/g, '')).toContain(named);
  });
});
