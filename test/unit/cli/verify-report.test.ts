import { describe, expect, it } from '@jest/globals';
import { colorsFor } from '../../../cli/terminal.ts';
import { verifyReportText } from '../../../cli/verify-report.ts';
import type { Difference, VerifyReport } from '../../../sync/verify.ts';

const plain = colorsFor(false, {});

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
