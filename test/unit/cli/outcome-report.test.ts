import { describe, expect, it } from '@jest/globals';
import { outcomeReport } from '../../../cli/outcome-report.ts';
import { outcomeWithoutRun } from '../../../cli/outcome-without-run.ts';
import { colorsFor } from '../../../cli/terminal.ts';
import { wrapped } from '../../../cli/wrapped.ts';
import type { Outcome, PartitionFailure } from '../../../sync/outcome.ts';

const plain = colorsFor(false, {});
const goOn = 'ferry sync sales.orders --source a --target b';

const base: Outcome = {
  schemaVersion: 1,
  workflowId: 'sync/b/sales.orders/0123456789ab',
  runId: 'r',
  source: 'a',
  target: 'b',
  table: 'sales.orders',
  selection: 'all partitions',
  outcome: 'complete',
  partitions: { selected: 60, unchanged: 48, published: 12, diverged: 0, failed: 0, skipped: 0, pruned: 0 },
  files: { copied: 24, reused: 3 },
  bytes: { copied: 9_800_000_000 },
  nodes: [
    { index: 1, partitions: 6, files: 12, bytes: 1, peakMemoryBytes: 100 * 2 ** 20, budgetBytes: 2 ** 28 },
    { index: 2, partitions: 6, files: 12, bytes: 1, peakMemoryBytes: 212 * 2 ** 20, budgetBytes: 2 ** 28 },
  ],
  drift: [],
  failures: [],
  rounds: 1,
  startedAt: '2026-11-25T12:00:00.000Z',
  endedAt: '2026-11-25T12:01:15.000Z',
  seconds: 75,
};

const failure = (partition: string, code: PartitionFailure['code'], message: string): PartitionFailure => ({
  partition,
  code,
  message,
  hint: `what to do about ${code}`,
});

const report = (outcome: Partial<Outcome>, columns = 100, colors = plain) =>
  outcomeReport({ ...base, ...outcome }, { columns, colors, goOn });

describe('what is read when a run has ended', () => {
  it('complete', () => {
    expect(report({ uiUrl: 'http://ui/run' }).split('\n')).toEqual([
      '✓ sales.orders, a -> b: complete (1m 15s)',
      '  60 of 60 partitions whole on the target: 12 published now, 48 unchanged',
      '  9.13 GiB in 24 files copied, 3 reused · 125 MiB/s · 2 nodes, peak memory 212 MiB of 256 MiB',
      '  http://ui/run',
    ]);
  });

  it('a partition that was pruned was tried, and is none of those to be whole', () => {
    const partitions = { ...base.partitions, selected: 61, pruned: 1 };
    expect(report({ partitions }).split('\n')[1]).toBe(
      '  60 of 60 partitions whole on the target: 12 published now, 48 unchanged · 1 pruned',
    );
    const alone = { selected: 1, unchanged: 0, published: 0, diverged: 0, failed: 0, skipped: 0, pruned: 1 };
    expect(report({ partitions: alone }).split('\n')[1]).toBe('  1 pruned');
  });

  it('attributes that were mended', () => {
    expect(report({ attributesMended: 2 }, 120)).toContain('48 unchanged · attributes of 2 partitions mended');
  });

  it('snapshots that stay', () => {
    const kept = 'a:/t/.snapshot/hive-ferry-1: PERMISSION_DENIED: no';
    expect(report({ snapshotsKept: [kept] }, 200)).toContain(`  to be deleted by hand: ${kept}`);
  });

  it.each(['<script>alert(1)</script>', '{{ ds }}', '%{HOME}', '**bold**'])(
    'a value %s stands there as it is',
    (value) => {
      const failures = [failure(`note=${value}`, 'SOURCE_OPEN', `of ${value}`)];
      expect(report({ outcome: 'partial', failures })).toContain(`note=${value}: of ${value}`);
    },
  );

  it('nothing to do', () => {
    const partitions = { ...base.partitions, unchanged: 60, published: 0 };
    const nothing = { files: { copied: 0, reused: 0 }, bytes: { copied: 0 }, nodes: [] };
    expect(report({ ...nothing, outcome: 'nothing-to-do', partitions, seconds: 0.3 }).split('\n')).toEqual([
      '✓ sales.orders, a -> b: nothing to do (0.3s)',
      '  60 of 60 partitions whole on the target: 60 unchanged',
    ]);
  });

  it('some, at 60 columns: what is whole, what is not, why, and how to go on', () => {
    const partitions = { ...base.partitions, published: 9, diverged: 1, failed: 2 };
    const failures = [
      failure(
        'dt=2026-01-01/region=eu',
        'TARGET_DIVERGED',
        'it was published by hive-ferry and changed by other hands since',
      ),
      failure('dt=2026-01-02/region=eu', 'CHECKSUM_MISMATCH', 'part-0 reads differently'),
      failure('dt=2026-01-03/region=eu', 'CHECKSUM_MISMATCH', 'part-0 reads differently'),
    ];
    const lines = report(
      { outcome: 'partial', partitions, failures, rounds: 3, failuresPath: '/user/x/failures.jsonl' },
      60,
    ).split('\n');
    expect(lines).toEqual([
      '✗ sales.orders, a -> b: not all of it (1m 15s)',
      '  57 of 60 partitions whole on the target: 9 published now,',
      '  48 unchanged · not: 2 failed, 1 diverged',
      '  9.13 GiB in 24 files copied, 3 reused · 125 MiB/s · 2',
      '  nodes, peak memory 212 MiB of 256 MiB · 3 rounds',
      '  TARGET_DIVERGED 1 partition',
      '    dt=2026-01-01/region=eu: it was published by hive-ferry',
      '    and changed by other hands since',
      '    Hint: what to do about TARGET_DIVERGED',
      '  CHECKSUM_MISMATCH 2 partitions',
      '    dt=2026-01-02/region=eu: part-0 reads differently',
      '    dt=2026-01-03/region=eu: part-0 reads differently',
      '    Hint: what to do about CHECKSUM_MISMATCH',
      '  All of them: /user/x/failures.jsonl on the target',
      `  To go on: ${goOn} (it copies only what is missing)`,
    ]);
  });

  it('only diverged: going on would change nothing, replacing would', () => {
    const partitions = { ...base.partitions, published: 11, diverged: 1 };
    const failures = [failure('dt=1', 'TARGET_DIVERGED', 'it was changed by other hands')];
    expect(report({ outcome: 'partial', partitions, failures }).split('\n').at(-1)).toBe(
      `  To replace what diverged: ${goOn} --overwrite diverged`,
    );
  });

  it('names five partitions of a code, and how many more', () => {
    const failures = Array.from({ length: 8 }, (_, day) => failure(`dt=2026-01-0${day}`, 'SOURCE_OPEN', 'is written'));
    expect(report({ outcome: 'partial', failures })).toContain('dt=2026-01-04: is written\n    and 3 more\n');
  });

  it('refused: no partition is to blame, and the same command does not help before that is mended', () => {
    const outcome = outcomeWithoutRun(
      { source: 'a', target: 'b', table: 'sales.orders', selection: 'all partitions' },
      'refused',
      { code: 'ACCESS_READ_ONLY', message: 'b is marked access: "read"', hint: 'name another' },
      [new Date('2026-11-25T12:00:00.000Z'), new Date('2026-11-25T12:00:00.460Z')],
    );
    expect(outcomeReport(outcome, { columns: 100, colors: plain, goOn }).split('\n')).toEqual([
      '✗ sales.orders, a -> b: refused before a byte moved (0.5s)',
      '  ACCESS_READ_ONLY',
      '    b is marked access: "read"',
      '    Hint: name another',
      `  When that is mended: ${goOn}`,
    ]);
  });

  it('cancelled: what was not reached did not fail', () => {
    const partitions = { ...base.partitions, unchanged: 0, published: 1, failed: 59 };
    const failures = [
      failure('dt=1', 'INTERNAL', 'the run was cancelled before it was reached'),
      failure('dt=2', 'SOURCE_OPEN', 'is written'),
    ];
    const text = report({ outcome: 'cancelled', partitions, failures });
    expect(text).toContain('1 of 60 partitions whole on the target: 1 published now · not: 59 not copied');
    expect(text).not.toContain('INTERNAL');
    expect(text).toContain('SOURCE_OPEN 1 partition');
  });

  it('uses no escape code without colours, and some with them', () => {
    const code = String.fromCharCode(27);
    expect(report({ outcome: 'failed', failures: [failure('dt=1', 'SOURCE_OPEN', 'x')] })).not.toContain(code);
    expect(report({}, 100, colorsFor(true, {}))).toContain(code);
  });
});

describe('wrapping', () => {
  it('breaks at spaces, keeps the lines of a text, and never breaks a word', () => {
    expect(wrapped('aaa bbb ccc\nddd', 27, '  ')).toEqual(['  aaa bbb ccc', '  ddd']);
    expect(wrapped('one two three four five six', 24, '  ')).toEqual(['  one two three four', '  five six']);
    expect(wrapped(`a ${'x'.repeat(40)} b`, 24, '')).toEqual(['a', 'x'.repeat(40), 'b']);
  });
});
