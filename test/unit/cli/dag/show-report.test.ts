import { describe, expect, it } from '@jest/globals';
import { graphLines, showReport } from '../../../../cli/dag/show-report.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { chain, dag, type Task } from '../../../../dag/dag.ts';
import { nextIntervals } from '../../../../dag/next-intervals.ts';
import { hiveCheck } from '../../../../dag/operators/hive-check.ts';
import { hiveQuery } from '../../../../dag/operators/hive-query.ts';
import { syncTable } from '../../../../dag/operators/sync-table.ts';

const colors = colorsFor(false, {});

/** A diamond of eight tasks, one of which is expanded. */
const DIAMOND = dag(
  'warehouse_daily',
  {
    schedule: '0 3 * * *',
    timezone: 'Asia/Shanghai',
    startDate: '2026-11-01',
    catchup: true,
    params: { region: 'eu' },
    tags: ['sales', 'nightly'],
    description: 'Every table of the warehouse, and a check of all of them.',
  },
  (d) => {
    const tables = d.task('tables', hiveQuery({ cluster: 'a', query: 'show tables in sales', result: 'column' }));
    const copy = (id: string) =>
      d.task(id, syncTable({ table: `sales.${id}`, source: 'a', target: 'b' }), { retries: 2 });
    const each = d.task('every_other_table', syncTable({ table: 'sales.{{ item }}', source: 'a', target: 'b' }), {
      expand: tables,
      retries: 1,
    });
    const middle: Task[] = [each, ...['customers', 'orders', 'payments', 'refunds', 'stores'].map(copy)];
    const checked = d.task('checked', hiveCheck({ cluster: 'b', query: 'select count(*) > 0 from sales.orders' }), {
      triggerRule: 'none_failed',
      executionTimeout: '90m',
    });
    chain(tables, middle, checked);
  },
);

const NEXT = nextIntervals(DIAMOND, '2026-11-26T08:00:00Z', 2);

describe('ferry dag show', () => {
  it('draws a diamond of eight tasks, one of them expanded, within 100 columns', () => {
    const text = showReport(DIAMOND, NEXT, { columns: 100, colors });
    expect(text).toBe(
      `
warehouse_daily
          Every table of the warehouse, and a check of all of them.
schedule  0 3 * * * (Asia/Shanghai), from 2026-10-31T16:00:00Z, catches up
next      2026-11-26T19:00:00Z  for 2026-11-25T19:00:00Z to 2026-11-26T19:00:00Z
          2026-11-27T19:00:00Z  for 2026-11-26T19:00:00Z to 2026-11-27T19:00:00Z
limits    16 runs and 16 tasks of one at a time
failure   a failed run ends
params    region = "eu"
tags      sales, nightly

●      tables             hiveQuery
├─●    customers          syncTable · 2 retries
├─│─●  every_other_table  syncTable · one for each of tables · 1 retry
│ ├─╯
├─│─●  orders             syncTable · 2 retries
│ ├─╯
├─│─●  payments           syncTable · 2 retries
│ ├─╯
├─│─●  refunds            syncTable · 2 retries
│ ├─╯
● │    stores             syncTable · 2 retries
╰─┤
  ●    checked            hiveCheck · none_failed · 1h 30m at most`.trimStart(),
    );
    expect(widest(text)).toBeLessThanOrEqual(100);
  });

  it.each([100, 60])('stays within %d columns, whatever the tasks are named', (columns) => {
    for (const length of [5, 30, 50]) {
      const long = DIAMOND.tasks.map((task) => ({
        ...task,
        taskId: task.taskId.padEnd(length, '_'),
        upstream: task.upstream.map((id) => id.padEnd(length, '_')),
      }));
      const lines = graphLines(long, { columns, colors });
      expect(widest(lines.join('\n'))).toBeLessThanOrEqual(columns);
      for (const { taskId } of long) expect(lines.join('\n')).toContain(taskId);
    }
  });

  it('tells the edges in words where their lines take more than half of the width', () => {
    const roots = Array.from({ length: 20 }, (_, place) => `root_${place}`);
    const [first] = DIAMOND.tasks;
    if (first === undefined) throw new Error('no task');
    // Each leads to another set of tasks, so that no two lines join.
    const leaves = roots.map((root, place) => ({
      ...first,
      taskId: `leaf_${place}`,
      upstream: [root, roots[(place + 1) % 20] ?? ''],
    }));
    const lines = graphLines([...roots.map((taskId) => ({ ...first, taskId })), ...leaves], { columns: 60, colors });
    expect(lines).toHaveLength(40);
    expect(lines[20]).toBe('leaf_0   hiveQuery · after root_0, root_1');
  });
});

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
