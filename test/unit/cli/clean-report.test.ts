import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { cleanReportText } from '../../../cli/clean-report.ts';
import type { TableCleaning } from '../../../sync/clean-report.ts';
import { foldCleanings } from '../../../sync/clean-tables.ts';

const ROOT = '/w/sales.db/orders/.hive-ferry/run-1.closed/retired';

const cleaning: TableCleaning = {
  schemaVersion: 1,
  table: 'sales.orders',
  at: '2026-11-26T04:00:00.000Z',
  dryRun: false,
  runs: { closed: 3, open: 1, unknown: 1 },
  finished: ['run-1'],
  restored: [{ path: '/w/sales.db/orders/dt=1', run: 'run-1', partition: 'dt=1' }],
  deleted: [
    { path: `${ROOT}/k-1`, what: 'retired', run: 'run-1', partition: 'dt=2', bytes: 2048 },
    { path: '/user/etl/hive-ferry/run-0', what: 'records', run: 'run-0' },
  ],
  kept: [
    { path: `${ROOT}/k-2`, why: 'retained', run: 'run-1', partition: 'dt=3', until: '2026-11-27T00:00:00.000Z' },
    { path: `${ROOT}/k-3`, why: 'foreign', run: 'run-1', partition: 'dt=4' },
  ],
};

const text = (dryRun: boolean) =>
  cleanReportText(
    foldCleanings(
      'b',
      dryRun,
      [cleaning, { ...cleaning, table: 'sales.empty', restored: [], deleted: [], kept: [] }],
      [{ table: 'sales.gone', code: 'PERMISSION_DENIED', message: 'no' }],
    ),
    { columns: 140, colors: pc.createColors(false) },
  );

describe('what a cleaning did', () => {
  it('names what came back, what went and what stays until somebody says so, and counts the rest', () => {
    expect(text(false).split('\n')).toEqual([
      'put back',
      'table         partition  at',
      'sales.orders  dt=1       /w/sales.db/orders/dt=1',
      'deleted',
      'table         what              size   path',
      `sales.orders  retired dt=2      2 KiB  ${ROOT}/k-1`,
      'sales.orders  records of a run         /user/etl/hive-ferry/run-0',
      'kept until you say so',
      'table         why                        path',
      `sales.orders  not as hive-ferry left it  ${ROOT}/k-3`,
      'not cleaned',
      'table       code               why',
      'sales.gone  PERMISSION_DENIED  no',
      '2 tables on b, 2 runs closed, 1 put back, 2 deleted (2 KiB), 1 kept for their time, 1 kept until you say so, 2 runs unknown to Temporal, left alone',
    ]);
  });

  it('of a dry run says what would be', () => {
    expect(text(true)).toMatch(/^would be put back\n/);
    expect(text(true)).toMatch(/2 would be deleted \(2 KiB\)/);
  });

  it('counts the intervals of DAGs that are forgotten', () => {
    const report = (dryRun: boolean) =>
      cleanReportText(
        { ...foldCleanings('b', dryRun, [], []), forgottenIntervals: 2 },
        { columns: 140, colors: pc.createColors(false) },
      );
    expect(report(false)).toMatch(/, 2 intervals of DAGs forgotten$/);
    expect(report(true)).toMatch(/, 2 intervals of DAGs would be forgotten$/);
  });
});
