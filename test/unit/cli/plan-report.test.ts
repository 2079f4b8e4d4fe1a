import { describe, expect, it } from '@jest/globals';
import { hasWork, planDocument, planReportText } from '../../../cli/plan-report.ts';
import { colorsFor } from '../../../cli/terminal.ts';
import type { Finding } from '../../../sync/compare.ts';
import type { Plan } from '../../../sync/plan.ts';
import type { Room } from '../../../sync/space.ts';
import { mixed, partition, planOf, previewOf, spec } from './sample-plan.ts';

const plain = colorsFor(false, {});

describe('what is read of a plan', () => {
  const text = (plan: Plan, columns = 100, all = false) =>
    planReportText(previewOf(plan), { columns, colors: plain, all });

  it('says what would be done, by which statements, to which partitions', () => {
    expect(text(mixed, 140).split('\n')).toEqual([
      'sales.orders, a -> b: 2 partitions to copy, 1 partition diverged and left alone',
      '  6 partitions selected: 2 to copy (6 files, 2 MiB), 1 unchanged, 1 to register, 1 diverged, 1 without a folder on the source',
      '  published by swap, in hdfs://b/warehouse/orders',
      '  CREATE DATABASE IF NOT EXISTS `sales`;',
      '  loaded by 2 nodes of 256 MiB',
      '    node 1/2 · 1 partition · 3 files · 1 MiB',
      '    node 2/2 · 1 partition · 3 files · 1 MiB',
      expect.stringMatching(/^ {2}about \d+ namenode calls: a \d+ \(\d+ status, \d+ list, \d+ \w+, \.\.\.\); b \d+ \(/),
      '  at its peak b holds 2 MiB more, 6 MiB of its disks (3 times the bytes), under 8 new names',
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
    expect(lines.length).toBeLessThan(35);
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
    expect(text(planOf([partition('dt=1', 'register')]))).not.toMatch(/ nodes? of /);
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

  it('tells what is to be known of the clusters, in words and in the document', () => {
    const notes = ['catalog of b: HiveServer2 only, slower'];
    expect(text({ ...mixed, notes })).toContain('\n  catalog of b: HiveServer2 only, slower\n');
    expect(planDocument(previewOf({ ...mixed, notes })).notes).toEqual(notes);
    expect(planDocument(previewOf(mixed)).notes).toEqual([]);
  });

  it('is one document for programs', () => {
    expect(planDocument(previewOf(mixed))).toMatchObject({
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
    expect(planDocument(previewOf(mixed)).partitions[4]).toEqual({
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

describe('what a plan needs', () => {
  const room = (over: Partial<Room>): Room => ({
    ...{
      path: '/warehouse',
      kind: 'space',
      limit: 10 * 2 ** 20,
      used: 2 ** 20,
      needed: 6 * 2 ** 20,
      margin: 0,
      fits: 'yes',
    },
    ...over,
  });
  const text = (rooms: readonly Room[], unread: readonly string[] = []) =>
    planReportText(previewOf(mixed, { rooms, unread }), { columns: 200, colors: plain, all: false });

  it.each<[Partial<Room>, string]>([
    [{}, '  space quota of /warehouse: 10 MiB, 1 MiB used, 6 MiB needed: it fits'],
    [{ fits: 'tight' }, 'it fits only just: what is written at once may find no room'],
    [{ fits: 'no' }, 'IT DOES NOT FIT: a sync would be refused'],
    [
      { kind: 'names', limit: 100, used: 99, needed: 8, fits: 'no' },
      '  name quota of /warehouse: 100, 99 used, 8 needed: IT DOES NOT FIT: a sync would be refused',
    ],
  ])('says of a quota %j: %s', (over, line) => {
    expect(text([room(over)])).toContain(line);
  });

  it('says which quotas it was not told', () => {
    expect(text([], ['/', '/warehouse'])).toContain('  quotas that are not told: /, /warehouse\n');
  });

  it('says nothing of costs where there is nothing to do', () => {
    const idle = planReportText(previewOf(planOf([partition('dt=1', 'unchanged')])), {
      columns: 100,
      colors: plain,
      all: false,
    });
    expect(idle).not.toMatch(/namenode|peak/);
  });
});

describe('a plan in a narrow terminal, or a pipe', () => {
  const long = partition(
    'dt=2026-11-01/region=Nordrhein-Westfalen und Umgebung/kind=returned',
    'diverged',
    'it holds files that no run of hive-ferry published',
  );
  const rooms: readonly Room[] = [
    {
      path: '/warehouse/sales.db',
      kind: 'space',
      limit: 2 ** 40,
      used: 2 ** 39,
      needed: 2 ** 30,
      margin: 0,
      fits: 'yes',
    },
  ];

  it.each([60, 80])('fits into %i columns, and every word is there', (columns) => {
    const many = planOf([
      ...Array.from({ length: 60 }, (_, day) => partition(`dt=${day}`, 'new')),
      { ...long, bytes: 2 ** 30 },
    ]);
    const written = planReportText(previewOf(many, { rooms }), { columns, colors: plain, all: false });
    expect(written.split('\n').filter((line) => line.length > columns)).toEqual([]);
    const squeezed = written.replace(/\s+/g, '');
    expect(squeezed).toContain('1partitiondivergedandleftalone');
    expect(squeezed).toContain('spacequotaof/warehouse/sales.db:1TiB');
  });

  it('has escape codes only where there are colors', () => {
    const escapeCode = String.fromCharCode(27);
    const written = (env: Readonly<Record<string, string>>, isTty: boolean) =>
      planReportText(previewOf(mixed), { columns: 80, colors: colorsFor(isTty, env), all: false });
    expect(written({}, true)).toContain(escapeCode);
    expect(written({ NO_COLOR: '1' }, true)).not.toContain(escapeCode);
    expect(written({}, false)).not.toContain(escapeCode);
  });

  it.each(['<script>alert(1)</script>', '{{ ds }}', '%{HOME}', '[x](http://evil)', '**bold**'])(
    'a value %s stands there as it is',
    (value) => {
      const name = `note=${value.replaceAll('/', '%2F')}`;
      const written = planReportText(previewOf(planOf([partition(name, 'new')])), {
        columns: 120,
        colors: plain,
        all: false,
      });
      expect(written).toContain(name);
      expect(planDocument(previewOf(planOf([partition(name, 'new')]))).partitions[0]?.name).toBe(name);
    },
  );
});
