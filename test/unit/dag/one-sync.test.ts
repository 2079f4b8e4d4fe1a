import { describe, expect, it } from '@jest/globals';
import { dag } from '../../../dag/dag.ts';
import { asOneSync } from '../../../dag/one-sync.ts';
import { fileSensor } from '../../../dag/operators/file-sensor.ts';
import { type SyncTableOptions, syncTable } from '../../../dag/operators/sync-table.ts';
import type { DataInterval } from '../../../dag/spec.ts';

const USUAL: SyncTableOptions = { table: 'sales.orders', source: 'a', target: 'b', where: "dt = '{{ ds }}'" };
const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03'].map((day) => interval(`${day}T03:00:00Z`));

function interval(start: string): DataInterval {
  return { start, end: start };
}

function one(options: object) {
  return dag('d', { params: { table: 'orders' } }, (d) => void d.task('t', syncTable({ ...USUAL, ...options })));
}

describe('asOneSync', () => {
  it.each([
    [{}, "dt in ('2026-11-01', '2026-11-02', '2026-11-03')"],
    [{ where: 'dt = {{ ds | hql }}' }, "dt in ('2026-11-01', '2026-11-02', '2026-11-03')"],
    [{ where: "day='{{ds_nodash}}'" }, "day in ('20261101', '20261102', '20261103')"],
  ])('%j: the days as a list', (options, where) => {
    expect(asOneSync(one(options), DAYS)).toEqual({ table: 'sales.orders', source: 'a', target: 'b', where });
  });

  it("takes days in the DAG's zone, each once", () => {
    const spec = { ...one({}), timezone: 'Asia/Shanghai' };
    const hours = ['2026-11-01T15:00:00Z', '2026-11-01T16:00:00Z', '2026-11-01T17:00:00Z'].map(interval);
    expect(asOneSync(spec, hours)?.where).toBe("dt in ('2026-11-01', '2026-11-02')");
  });

  it.each<[string, ReturnType<typeof dag>]>([
    ['a predicate that goes by more than the day', one({ where: "dt = '{{ ds }}' and region = 'eu'" })],
    ["a day that is not the run's own", one({ where: "dt = '{{ ds | ds_add: -7 }}'" })],
    ['no predicate', one({ where: undefined, partitions: ['dt={{ ds }}/region=eu'] as readonly string[] })],
    ['a table that is a template', one({ table: 'sales.{{ params.table }}' })],
    ['further options', one({ overwrite: 'diverged' })],
    [
      'another task besides',
      dag('d', {}, (d) => {
        d.task('t', syncTable(USUAL));
        d.task('u', fileSensor({ cluster: 'a', path: '/x' }));
      }),
    ],
    ['another operator', dag('d', {}, (d) => void d.task('t', fileSensor({ cluster: 'a', path: '/x' })))],
    ['a mapped task', dag('d', {}, (d) => void d.task('t', syncTable(USUAL), { expand: ['x'] }))],
  ])('there is none for %s', (_what, spec) => {
    expect(asOneSync(spec, DAYS)).toBeUndefined();
  });

  it('there is none for a single day', () => {
    expect(asOneSync(one({}), DAYS.slice(1, 2))).toBeUndefined();
  });
});
