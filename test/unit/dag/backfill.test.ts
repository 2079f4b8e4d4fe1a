import { describe, expect, it } from '@jest/globals';
import { skipReason } from '../../../dag/backfill.ts';
import type { KnownRun } from '../../../dag/run-memory.ts';

const interval = { start: '2026-11-24T00:00:00Z', end: '2026-11-25T00:00:00Z' };
const after = new Date('2026-11-25T00:00:00Z');

describe('an interval that is not over', () => {
  it.each([undefined, 'failed', 'all'] as const)('is left out, with rerun %s', (rerun) => {
    const before = new Date('2026-11-24T23:59:59Z');
    expect(skipReason(rerun, { interval }, before)).toBe('not over before 2026-11-25T00:00:00Z');
    expect(skipReason(rerun, { interval }, after)).toBeUndefined();
  });
});

describe('an interval that ran before', () => {
  const known = (outcome: KnownRun['outcome']): KnownRun => ({
    outcome,
    workflowId: 'dag/x',
    runId: 'r',
    endedAt: 'then',
  });

  it.each([
    [undefined, undefined, true],
    [undefined, 'success', false],
    [undefined, 'failed', false],
    ['failed', 'success', false],
    ['failed', 'failed', true],
    ['failed', 'cancelled', true],
    ['all', 'success', true],
    ['all', 'failed', true],
  ] as const)('with rerun %s and last outcome %s: runs %s', (rerun, outcome, runs) => {
    const reason = skipReason(rerun, { interval, known: outcome === undefined ? undefined : known(outcome) }, after);
    expect(reason).toBe(runs ? undefined : `${outcome} before: dag/x, at then`);
  });
});
