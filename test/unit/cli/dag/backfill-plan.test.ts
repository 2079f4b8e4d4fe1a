import { describe, expect, it } from '@jest/globals';
import { backfillPlan, backfillPlanReport } from '../../../../cli/dag/backfill-plan.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { dag } from '../../../../dag/dag.ts';
import { syncTable } from '../../../../dag/operators/sync-table.ts';
import { day, record } from './values.ts';

const spec = dag('orders_daily', { schedule: '@daily' }, (d) => {
  d.task('orders', syncTable({ table: 'sales.orders', source: 'a', target: 'b', where: "dt = '{{ ds }}'" }));
});
const RANGE = { from: '2026-11-01', to: '2026-11-05' };
const KNOWN = [
  { interval: day(1), records: [record({ outcome: 'success', endedAt: '2026-11-02T01:00:00.000Z' })] },
  { interval: day(2), records: [record({ outcome: 'failed', workflowId: 'dag/2' })] },
  { interval: day(3), records: [], open: { workflowId: 'dag/3', state: 'queued' as const } },
  { interval: day(4), records: [] },
  { interval: day(5), records: [] },
];

describe('what a backfill would do', () => {
  it('leaves out what has run or goes on, and says why', () => {
    const plan = backfillPlan(spec, RANGE, KNOWN);
    expect(plan).toMatchObject({ total: 5, runs: 2 });
    expect(plan.intervals.map(({ runs, reason }) => [runs, reason?.split(',')[0]])).toEqual([
      [false, 'success before: dag/orders_daily-2026-11-02T00:00:00Z'],
      [false, 'failed before: dag/2'],
      [false, 'queued now: dag/3'],
      [true, undefined],
      [true, undefined],
    ]);
  });

  it.each([
    ['failed', [false, true, false, true, true]],
    ['all', [true, true, false, true, true]],
  ] as const)('with rerun %s', (rerun, runs) => {
    expect(backfillPlan(spec, { ...RANGE, rerun }, KNOWN).intervals.map((each) => each.runs)).toEqual(runs);
  });

  it('names the one sync that copies the same', () => {
    const plan = backfillPlan(spec, RANGE, KNOWN);
    const layout = { columns: 100, colors: colorsFor(false, {}), program: 'ferry' };
    const lines = backfillPlanReport(plan, layout).split('\n');
    expect(lines[0]).toBe('orders_daily  2026-11-01 to 2026-11-05: 2 runs of 5 intervals; nothing was started.');
    expect(lines.slice(-2)).toEqual([
      'One sync copies the same:',
      `  ferry sync sales.orders --source a --target b --where "dt in ('2026-11-04', '2026-11-05')"`,
    ]);
  });
});
