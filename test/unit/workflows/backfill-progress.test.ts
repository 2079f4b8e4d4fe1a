import { describe, expect, it } from '@jest/globals';
import type { BackfillInterval } from '../../../dag/run.ts';
import {
  type BackfillState,
  backfillDetails,
  backfillOutcome,
  backfillText,
  withInterval,
} from '../../../workflows/backfill-progress.ts';

const START: BackfillState = { dagId: 'orders', total: 3, counts: {}, intervals: [] };
const RANGE = { from: '2026-11-01', to: '2026-11-03' };

function row(of: number, state: BackfillInterval['state'], reason?: string): BackfillInterval {
  const interval = { start: `start-${of}`, end: `end-${of}` };
  return { interval, state, ...(reason === undefined ? {} : { reason }) };
}

function settled(...rows: readonly BackfillInterval[]): BackfillState {
  return rows.reduce(withInterval, START);
}

describe('the progress of a backfill', () => {
  it('counts each interval in its latest state', () => {
    const state = settled(row(1, 'running'), row(2, 'skipped'), row(1, 'success'));
    expect(state.counts).toEqual({ success: 1, skipped: 1 });
    expect(state.intervals.map(({ state: each }) => each)).toEqual(['success', 'skipped']);
  });

  it('of very many intervals keeps those that run or failed, and the latest others', () => {
    const rows = Array.from({ length: 500 }, (_, of) =>
      row(of, of === 3 ? 'failed' : of === 4 ? 'running' : 'success'),
    );
    const { counts, intervals } = settled(...rows);
    expect(counts).toEqual({ success: 498, failed: 1, running: 1 });
    expect(intervals).toHaveLength(200);
    expect(intervals.slice(0, 3).map(({ interval }) => interval.start)).toEqual(['start-3', 'start-4', 'start-302']);
    expect(settled(...Array.from({ length: 300 }, (_, of) => row(of, 'failed'))).intervals).toHaveLength(200);
  });

  it.each([
    [['success', 'success'], 'complete'],
    [['success', 'failed'], 'partial'],
    [['failed', 'skipped'], 'failed'],
    [['skipped', 'nothing-to-do'], 'nothing-to-do'],
    [['skipped', 'success'], 'complete'],
    [[], 'nothing-to-do'],
  ] as const)('of %j is %s', (states, outcome) => {
    expect(backfillOutcome(RANGE, settled(...states.map((state, of) => row(of, state))), 'ended').outcome).toBe(
      outcome,
    );
  });

  it('is told in a line, and as a table in which every value is text', () => {
    const outcome = backfillOutcome(RANGE, settled(row(1, 'success'), row(2, 'failed', 'a | <b>')), 'running');
    expect(outcome.outcome).toBe('running');
    expect(backfillText(outcome)).toBe('orders, 2026-11-01 to 2026-11-03: 1 success, 1 failed, 1 to come');
    const lines = backfillDetails(outcome).split('\n');
    expect(lines.at(-1)).toContain('&#124;&#160;&#60;b&#62;');
    expect(lines).toHaveLength(6);
  });
});
