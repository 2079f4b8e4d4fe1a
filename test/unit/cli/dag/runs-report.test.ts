import { describe, expect, it } from '@jest/globals';
import { holeRanges, holesOf } from '../../../../cli/dag/holes.ts';
import { momentsOfIds } from '../../../../cli/dag/known-runs.ts';
import { runsGrid } from '../../../../cli/dag/runs-grid.ts';
import { missingReport, runsReport } from '../../../../cli/dag/runs-report.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { row } from './values.ts';

const layout = { columns: 60, colors: colorsFor(false, {}), timezone: 'UTC', program: 'ferry' };
const ROWS = [
  row(29, 'success', 'arrived=success orders=success'),
  row(30, 'failed', 'arrived=success orders=failed old=success'),
  row(31, 'unknown'),
  row(32, 'running', 'arrived=running orders=none'),
];

describe('the grid of runs', () => {
  it('has a row a task and a column an interval, the month where it begins; a task of older runs stands last', () => {
    expect(runsGrid(['arrived', 'orders'], ROWS, layout).split('\n')).toEqual([
      '         Nov   Dec',
      '         29 30 01 02',
      'run       ✓  ✗  ?  ▸',
      'arrived   ✓  ✓     ▸',
      'orders    ✓  ✗     ·',
      'old          ✓',
      '',
      '✓ success  ✗ failed  ▸ running  · none  ? unknown',
    ]);
  });

  it('shows the newest that have room, and counts the others', () => {
    const many = Array.from({ length: 30 }, (_, place) => row(place + 1, place < 3 ? 'failed' : 'success'));
    const lines = runsGrid(['arrived'], many, layout).split('\n');
    expect(lines[1]).toBe('         14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30');
    expect(lines.at(-1)).toBe('earlier: 13 intervals: 3 failed, 10 success');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('tells the time of intervals within a day in the zone of the DAG', () => {
    const hours = [21, 22, 23].map((hour) => {
      const start = `2026-11-01T${hour}:00:00Z`;
      return { interval: { start, end: start }, state: 'success' as const };
    });
    expect(
      runsGrid(['t'], hours, { ...layout, timezone: 'Europe/Berlin' })
        .split('\n')
        .slice(0, 3),
    ).toEqual(['     Nov 01    Nov 02', '     2200 2300 0000', 'run     ✓    ✓    ✓']);
  });

  it('cuts a long name', () => {
    const name = 'a_task_with_a_name_that_is_much_longer_than_anybody_reads';
    expect(runsGrid([name], [row(1, 'success', `${name}=success`)], layout)).toContain(
      'a_task_with_a_name_that_is_much_longer_t…  ✓',
    );
  });
});

describe('ferry dag runs', () => {
  it('names below the grid what failed, and the command that runs it again', () => {
    const failures = [{ taskId: 'orders', code: 'PARTIAL', message: '2 partitions failed' }];
    const rows = [{ ...row(30, 'failed', 'orders=failed'), workflowId: 'dag/x', failures }];
    const lines = runsReport('orders_daily', ['orders'], rows, layout).split('\n');
    expect(lines[0]).toBe('orders_daily  2026-11-30T00:00:00Z to 2026-12-01T00:00:00Z  (UTC)  1 interval: 1 failed');
    expect(lines.slice(-2)).toEqual([
      '✗ 2026-11-30T00:00:00Z  orders: PARTIAL: 2 partitions failed',
      '  ferry dag clear dag/x orders',
    ]);
  });

  it('of a DAG that was never due', () => {
    expect(runsReport('orders_daily', [], [], layout)).toBe('orders_daily: no interval has ended yet.');
  });
});

describe('ferry dag runs --missing', () => {
  const rows = [
    row(1, 'unknown'),
    row(2, 'success'),
    row(3, 'unknown'),
    row(4, 'unknown'),
    row(5, 'failed'),
    row(6, 'unknown'),
  ];

  it('has a hole where nobody knows a run, and tells those before the first known one apart', () => {
    const holes = holesOf(rows, '2026-11-02T00:00:00Z');
    expect(holes.map(({ start, because }) => [start.slice(8, 10), because])).toEqual([
      ['01', 'before the first run that is known'],
      ['03', 'no run is known'],
      ['04', 'no run is known'],
      ['06', 'no run is known'],
    ]);
    expect(holeRanges(holes).map(({ from, to, count }) => [from.slice(8, 10), to.slice(8, 10), count])).toEqual([
      ['01', '01', 1],
      ['03', '04', 2],
      ['06', '06', 1],
    ]);
    expect(holesOf(rows, undefined).every(({ because }) => because !== 'no run is known')).toBe(true);
  });

  it('gives the backfills that fill the holes', () => {
    expect(missingReport('orders_daily', rows, holesOf(rows, '2026-11-02T00:00:00Z'), layout).split('\n')).toEqual([
      'orders_daily: nobody knows a run of 4 of 6 due intervals:',
      '  2026-11-01T00:00:00Z',
      '    ferry dag backfill orders_daily --from 2026-11-01T00:00:00Z --to 2026-11-01T00:00:00Z',
      '  2026-11-03T00:00:00Z to 2026-11-04T00:00:00Z (2)',
      '    ferry dag backfill orders_daily --from 2026-11-03T00:00:00Z --to 2026-11-04T00:00:00Z',
      '  2026-11-06T00:00:00Z',
      '    ferry dag backfill orders_daily --from 2026-11-06T00:00:00Z --to 2026-11-06T00:00:00Z',
      '1 interval before the first run that is known: they may have run and been forgotten.',
      '1 interval ran and did not succeed: ferry dag runs orders_daily',
    ]);
  });

  it('says so when there is none', () => {
    expect(missingReport('orders_daily', [row(1, 'success')], [], layout)).toBe(
      'orders_daily: no interval is missing; 1 due.',
    );
  });
});

describe('momentsOfIds', () => {
  it('reads the nominal times out of the ids of this DAG alone', () => {
    const ids = [
      'dag/x-2026-11-02T03:00:00Z',
      'dag/x-y-2026-11-02T03:00:00Z',
      'dag/x-by-hand',
      'dag/y-2026-11-02T03:00:00Z',
    ];
    expect(momentsOfIds('x', ids)).toEqual(['2026-11-02T03:00:00Z']);
  });
});
