import { describe, expect, it } from '@jest/globals';
import { DAG_RUN, DAG_RUN_DRAWING, dagRunReport } from '../../../../cli/dag/dag-run-report.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { outcome, task, view } from './values.ts';

const colors = colorsFor(false, {});
const layout = { columns: 80, colors, program: 'ferry' };
const RUNNING = view([
  task('arrived', 'success', { startedAt: '2026-11-02T00:00:00Z', endedAt: '2026-11-02T00:00:12Z' }),
  task('orders', 'running', {
    steps: [
      { step: 'plan nodes', state: 'done', text: '3 selected' },
      { step: 'load and write', state: 'running', text: 'round 1 · 1/3 nodes ended' },
    ],
  }),
  task('checked', 'none', { tries: 0 }),
]);

describe('a run that goes on', () => {
  it('is drawn as its grid, with the step that a sync is at', () => {
    expect(DAG_RUN_DRAWING.lines(RUNNING, 80, colors)).toEqual([
      'orders_daily  2026-11-01T00:00:00Z  running: 1 running, 1 none, 1 success',
      '  ✓ arrived  success  12s',
      '  ▸ orders   running',
      '      load and write: round 1 · 1/3 nodes ended',
      '  · checked  none',
    ]);
    for (const line of DAG_RUN_DRAWING.lines(RUNNING, 30, colors)) expect(line.length).toBeLessThanOrEqual(30);
  });

  it('is a line of a log, at once when a task changes its state', () => {
    expect(DAG_RUN_DRAWING.logLine(RUNNING, new Date('2026-11-02T03:04:05Z'))).toBe(
      '03:04:05 orders_daily  2026-11-01T00:00:00Z  running: 1 running, 1 none, 1 success · orders (load and write, round 1 · 1/3 nodes ended)',
    );
    const retried = view([task('orders', 'running', { tries: 2, nextTryAt: '2026-11-02T03:10:00Z' })]);
    expect(DAG_RUN_DRAWING.logLine(retried, new Date(0))).toContain(' · orders (try 3 at 2026-11-02T03:10:00Z)');
    expect(DAG_RUN_DRAWING.phase(RUNNING)).not.toBe(
      DAG_RUN_DRAWING.phase(view(RUNNING.tasks.with(2, task('checked', 'running')))),
    );
  });
});

describe('how a run ended', () => {
  it('shows its grid', () => {
    expect(dagRunReport(outcome(), [task('arrived', 'success'), task('orders', 'success')], layout)).toBe(
      [
        'orders_daily  2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z  success: 2 success in 1m 5s',
        '  ✓ arrived  success',
        '  ✓ orders   success',
      ].join('\n'),
    );
  });

  it('names what failed, each task once in the command that runs it again', () => {
    const failures = [0, 1].map((mapIndex) => ({ taskId: 'orders', mapIndex, code: 'PARTIAL', message: '2 failed' }));
    const failed = outcome({ outcome: 'failed', tasks: { failed: 2, upstream_failed: 1 }, failures });
    expect(dagRunReport(failed, undefined, layout).split('\n').slice(1)).toEqual([
      '  orders[0]: PARTIAL: 2 failed',
      '  orders[1]: PARTIAL: 2 failed',
      '  To run them again, and what depends on them: ferry dag clear dag/orders_daily-2026-11-02T00:00:00Z orders',
    ]);
  });

  it('counts the failures that it does not show', () => {
    const failures = Array.from({ length: 12 }, (_, mapIndex) => ({ taskId: 't', mapIndex, code: 'X', message: 'x' }));
    const report = dagRunReport(outcome({ outcome: 'failed', tasks: { failed: 30 }, failures }), undefined, layout);
    expect(report).toContain('t[9]: X: x\n  and 20 more failures\n');
  });

  it('names the run that has succeeded already, and how to run it again', () => {
    const other = { state: 'succeeded', workflowId: 'dag/first', runId: 'r', endedAt: 'then' } as const;
    expect(dagRunReport(outcome({ outcome: 'nothing-to-do', other, tasks: {} }), [], layout).split('\n')).toEqual([
      'orders_daily  2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z  nothing-to-do',
      '  It has succeeded already: dag/first (run r), at then',
      '  To run it again: ferry dag trigger orders_daily --interval 2026-11-01T00:00:00Z --rerun',
    ]);
  });

  it('names the run that is at it', () => {
    const other = { state: 'running', workflowId: 'dag/first' } as const;
    const report = dagRunReport(outcome({ outcome: 'nothing-to-do', other, tasks: {} }), undefined, layout);
    expect(report.split('\n')[1]).toBe('  Another run is at this interval: dag/first');
  });

  it.each([
    ['success', 0],
    ['nothing-to-do', 0],
    ['failed', 1],
    ['cancelled', 5],
  ] as const)('%s exits %i', (kind, exit) => {
    expect(DAG_RUN.exitOf(outcome({ outcome: kind }))).toBe(exit);
  });
});
