import { describe, expect, it } from '@jest/globals';
import { BACKFILL, BACKFILL_DRAWING, backfillReport } from '../../../../cli/dag/backfill-report.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import type { BackfillOutcome } from '../../../../dag/run.ts';
import { day } from './values.ts';

const colors = colorsFor(false, {});
const layout = { columns: 100, colors, program: 'ferry' };

function backfill(over: Partial<BackfillOutcome> = {}): BackfillOutcome {
  return {
    schemaVersion: 1,
    dagId: 'orders_daily',
    from: '2026-11-01',
    to: '2026-11-04',
    outcome: 'partial',
    total: 4,
    counts: { success: 1, failed: 1, skipped: 1 },
    intervals: [
      { interval: day(2), state: 'failed', workflowId: 'dag/2', reason: 'FAILED: orders: PARTIAL' },
      { interval: day(1), state: 'success', workflowId: 'dag/1' },
      { interval: day(3), state: 'skipped', reason: 'success before: dag/3, at then' },
    ],
    ...over,
  };
}

describe('a backfill', () => {
  it('that goes on shows its counts, and the intervals that run or failed', () => {
    const going = backfill({ outcome: 'running' });
    expect(BACKFILL_DRAWING.lines(going, 100, colors)).toEqual([
      'orders_daily  2026-11-01 to 2026-11-04: 1 success, 1 failed, 1 skipped, 1 to come',
      '  ✗ 2026-11-02T00:00:00Z  failed  FAILED: orders: PARTIAL',
    ]);
    expect(BACKFILL_DRAWING.logLine(going, new Date('2026-11-02T03:04:05Z'))).toBe(
      '03:04:05 orders_daily  2026-11-01 to 2026-11-04: 1 success, 1 failed, 1 skipped, 1 to come',
    );
    expect(BACKFILL.outcomeOf(going)).toBeUndefined();
    expect(BACKFILL.outcomeOf(backfill())).toEqual(backfill());
  });

  it('that ended tells each interval in order, and how to run the failed ones again', () => {
    expect(backfillReport(backfill({ total: 3 }), layout).split('\n')).toEqual([
      'orders_daily  2026-11-01 to 2026-11-04: 1 success, 1 failed, 1 skipped  partial',
      'interval              state',
      '2026-11-01T00:00:00Z  success  dag/1',
      '2026-11-02T00:00:00Z  failed   FAILED: orders: PARTIAL',
      '2026-11-03T00:00:00Z  skipped  success before: dag/3, at then',
      'To run those again that did not succeed: ferry dag backfill orders_daily --from 2026-11-01 --to 2026-11-04 --rerun failed',
    ]);
  });

  it('that left out a failure of before says how to run that again', () => {
    const intervals = [{ interval: day(1), state: 'skipped', reason: 'failed before: dag/1, at then' }] as const;
    const left = backfill({ outcome: 'nothing-to-do', total: 1, counts: { skipped: 1 }, intervals });
    expect(backfillReport(left, layout)).toContain('--rerun failed');
    const fine = [{ ...intervals[0], reason: 'success before: dag/1, at then' }];
    expect(backfillReport({ ...left, intervals: fine }, layout)).not.toContain('--rerun');
  });

  it('tells how many intervals it did not come to, and how many it does not list', () => {
    const cancelled = backfill({ outcome: 'cancelled', total: 500, counts: { cancelled: 2, success: 300 } });
    const report = backfillReport(cancelled, layout);
    expect(report).toContain(': 2 cancelled, 300 success, 198 not started  cancelled\n');
    expect(report).toContain('\nand 299 more intervals\n');
  });

  it.each([
    ['complete', 0],
    ['nothing-to-do', 0],
    ['failed', 1],
    ['partial', 2],
    ['cancelled', 5],
  ] as const)('%s exits %i', (outcome, exit) => {
    expect(BACKFILL.exitOf(backfill({ outcome }))).toBe(exit);
  });
});
