import { describe, expect, it } from '@jest/globals';
import { skipReason } from '../../../dag/backfill.ts';
import type { KnownRun } from '../../../dag/run-memory.ts';

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
    const reason = skipReason(rerun, outcome === undefined ? undefined : known(outcome));
    expect(reason).toBe(runs ? undefined : `${outcome} before: dag/x, at then`);
  });
});
