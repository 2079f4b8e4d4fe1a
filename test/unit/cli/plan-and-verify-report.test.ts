import { describe, expect, it } from '@jest/globals';
import { hasWork, planDocument, planReportText } from '../../../cli/plan-report.ts';
import { colorsFor } from '../../../cli/terminal.ts';
import { verifyReportText } from '../../../cli/verify-report.ts';
import type { Finding } from '../../../sync/compare.ts';
import { countPartitions, type Plan, type PlannedPartition } from '../../../sync/plan.ts';
import { resolveSpec } from '../../../sync/spec.ts';
import type { Difference, VerifyReport } from '../../../sync/verify.ts';

const plain = colorsFor(false, {});

const spec = resolveSpec(
  { table: 'sales.orders', source: 'a', target: 'b' },
  {
    clusters: { a: { access: 'read' }, b: { access: 'write' } },
    defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
    minNodeMemoryBytes: 2 ** 26,
    maxNodeMemoryBytes: 2 ** 30,
    identity: { runKey: 'k', workflowId: 'w', runId: '' },
  },
);

const partition = (name: string, finding: Finding, reason?: string): PlannedPartition => ({
  name,
  values: [name],
  k: '0',
  finding,
  ...(reason === undefined ? {} : { reason }),
  from: `/a/${name}`,
  live: `/b/${name}`,
  to: `/b/${name}`,
  stageRoot: '/b/.hive-ferry',
  files: 3,
  bytes: 2 ** 20,
  sourceDigest: 'd',
});

const planOf = (partitions: readonly PlannedPartition[], changes: Plan['changes'] = []): Plan => ({
  schemaVersion: 1,
  spec,
  strategy: 'swap',
  location: 'hdfs://b/warehouse/orders',
  locationPath: '/warehouse/orders',
  partitioned: true,
  changes,
  counts: countPartitions(partitions),
  partitions,
});

const mixed = planOf(
  [
    partition('dt=1', 'new'),
    partition('dt=2', 'changed'),
    partition('dt=3', 'unchanged'),
    partition('dt=4', 'register'),
    partition('dt=5', 'diverged', 'it was changed by other hands'),
    partition('dt=6', 'source-absent'),
  ],
  [{ kind: 'create-database', database: 'sales' }],
);

describe('what is read of a plan', () => {
  const text = (plan: Plan, columns = 100, all = false) => planReportText(plan, { columns, colors: plain, all });

  it('says what would be done, by which statements, to which partitions', () => {
    expect(text(mixed).split('\n')).toEqual([
      'sales.orders, a -> b: 2 partitions to copy, 1 partition diverged and left alone',
      '  6 partitions selected: 2 to copy (6 files, 2 MiB), 1 unchanged, 1 to register, 1 diverged, 1 without a folder on the source',
      '  published by swap, in hdfs://b/warehouse/orders',
      '  CREATE DATABASE IF NOT EXISTS `sales`;',
      '  loaded by 2 nodes of 256 MiB',
      '    node 1/2 · 1 partition · 3 files · 1 MiB',
      '    node 2/2 · 1 partition · 3 files · 1 MiB',
      'partition  finding        files  bytes  why',
      'dt=1       new                3  1 MiB',
      'dt=2       changed            3  1 MiB',
      'dt=4       register           3  1 MiB',
      'dt=5       diverged           3  1 MiB  it was changed by other hands',
      'dt=6       source-absent      3  1 MiB',
    ]);
  });

  it('lists the unchanged ones on request', () => {
    expect(text(mixed, 100, true)).toContain('dt=3       unchanged');
  });

  it('of ten thousand partitions lists the twenty largest, and says where the others are', () => {
    const many = planOf(
      Array.from({ length: 10_000 }, (_, day) => ({ ...partition(`dt=${day}`, 'new'), bytes: (day + 1) * 2 ** 20 })),
    );
    const lines = text(many).split('\n');
    expect(lines.length).toBeLessThan(32);
    expect(lines.filter((line) => line.startsWith('dt='))).toHaveLength(20);
    expect(lines.find((line) => line.startsWith('dt='))).toMatch(/^dt=9999 /);
    expect(lines.at(-1)).toBe('and 9980 smaller partitions; --all lists them, --json and --out tell of each');
    expect(text(many, 100, true).match(/^dt=/gm)).toHaveLength(10_000);
  });

  it('shows the ten busiest nodes, the most loaded first, and the others together', () => {
    const nodes = { count: 12, memoryBytes: 2 ** 28 };
    const partitions = Array.from({ length: 12 }, (_, day) => ({
      ...partition(`dt=${day}`, 'new'),
      bytes: (day + 1) * 2 ** 20,
    }));
    const lines = text({ ...planOf(partitions), spec: { ...spec, nodes } }).split('\n');
    const shown = lines.filter((line) => line.startsWith('    '));
    expect(shown).toHaveLength(11);
    expect(shown[0]).toBe('    node 1/12 · 1 partition · 3 files · 12 MiB');
    expect(shown.at(-1)).toBe('    2 other nodes · 2 partitions · 6 files · 3 MiB');
  });

  it('has no nodes when nothing is copied', () => {
    expect(text(planOf([partition('dt=1', 'register')]))).not.toContain('node');
  });

  it.each<[readonly Finding[], string]>([
    [['unchanged'], 'nothing to do'],
    [['unchanged', 'new'], '1 partition to copy'],
    [['register'], 'nothing to copy, metadata to refresh'],
    [['extra', 'extra'], '2 partitions to drop'],
    [['new', 'extra'], '1 partition to copy, 1 partition to drop'],
    [['young'], 'nothing to do'],
    [['diverged'], 'nothing to do, 1 partition diverged and left alone'],
  ])('of %j says in its first line: %s', (findings, verdict) => {
    const plan = planOf(findings.map((finding, day) => partition(`dt=${day}`, finding)));
    expect(text(plan).split('\n')[0]).toBe(`sales.orders, a -> b: ${verdict}`);
  });

  it.each<[Finding, boolean]>([
    ['new', true],
    ['changed', true],
    ['register', true],
    ['extra', true],
    ['young', false],
    ['unchanged', false],
    ['diverged', false],
    ['source-absent', false],
  ])('a partition that is %s is work: %s', (finding, work) => {
    expect(hasWork(planOf([partition('dt=1', finding)]))).toBe(work);
  });

  it('takes a change of the table alone for work', () => {
    expect(hasWork(planOf([], mixed.changes))).toBe(true);
  });

  it('is one document for programs', () => {
    expect(planDocument(mixed)).toMatchObject({
      schemaVersion: 1,
      source: 'a',
      target: 'b',
      table: 'sales.orders',
      work: true,
      counts: { selected: 6, toCopy: 2, unchanged: 2, diverged: 1, toPrune: 0, skipped: 0 },
      files: 6,
      bytes: 2 * 2 ** 20,
      nodes: [
        { index: 1, partitions: 1, files: 3, bytes: 2 ** 20 },
        { index: 2, partitions: 1, files: 3, bytes: 2 ** 20 },
      ],
      statements: ['CREATE DATABASE IF NOT EXISTS `sales`'],
    });
    expect(planDocument(mixed).partitions[4]).toEqual({
      name: 'dt=5',
      finding: 'diverged',
      reason: 'it was changed by other hands',
      from: '/a/dt=5',
      live: '/b/dt=5',
      files: 3,
      bytes: 2 ** 20,
    });
  });
});

describe('what is read of a comparison', () => {
  const report: VerifyReport = {
    schemaVersion: 1,
    source: 'a',
    target: 'b',
    table: 'sales.orders',
    level: 'rows',
    identical: true,
    partitions: 60,
    files: 60,
    bytes: 2 ** 30,
    incomparable: 0,
    differences: [],
  };
  const differences: Difference[] = [
    { partition: 'dt=1', kind: 'length', file: 'part-0', detail: '10 bytes at the source, 5 at the target' },
    { partition: 'dt=2', kind: 'partition-missing', detail: 'b does not have it' },
  ];
  const text = (change: Partial<VerifyReport>) =>
    verifyReportText({ ...report, ...change }, { columns: 100, colors: plain });

  it('says what the verdict stands on', () => {
    expect(text({}).split('\n')).toEqual([
      '✓ sales.orders, a and b: identical',
      '  60 partitions, 60 files, 1 GiB compared (files by checksum, and rows through HiveServer2)',
    ]);
    expect(text({ level: 'files', incomparable: 2 })).toContain('2 files compared by length only');
  });

  it('names each difference', () => {
    expect(text({ identical: false, differences }).split('\n')).toEqual([
      '✗ sales.orders, a and b: 2 differences',
      '  60 partitions, 60 files, 1 GiB compared (files by checksum, and rows through HiveServer2)',
      'partition  difference',
      'dt=1       length             part-0: 10 bytes at the source, 5 at the target',
      'dt=2       partition-missing  b does not have it',
    ]);
  });

  it('says how many it leaves out', () => {
    const many = Array.from({ length: 51 }, () => differences[1] as Difference);
    expect(text({ identical: false, differences: many }).split('\n').at(-1)).toBe(
      'and 1 more difference; --json names all',
    );
  });
});
