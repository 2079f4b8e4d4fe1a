import { describe, expect, it } from '@jest/globals';
import { exitCodeOf, exitCodeOfError } from '../../../cli/exit-code.ts';
import { CODES, type Code } from '../../../errors/codes.ts';
import type { OutcomeKind } from '../../../sync/outcome.ts';

const outcome = (kind: OutcomeKind, selected: number, ...codes: Code[]) => ({
  outcome: kind,
  partitions: { selected, unchanged: 0, published: 0, diverged: 0, failed: 0, skipped: 0, pruned: 0 },
  failures: codes.map((code) => ({ partition: '(the run)', code, message: 'm', hint: 'h' })),
});

describe('the exit code of a run', () => {
  it.each<[string, ReturnType<typeof outcome>, number]>([
    ['all', outcome('complete', 60), 0],
    ['nothing to do', outcome('nothing-to-do', 60), 0],
    ['an empty table', outcome('nothing-to-do', 0), 0],
    ['some', outcome('partial', 60, 'TARGET_DIVERGED'), 2],
    ['none', outcome('failed', 60, 'CHECKSUM_MISMATCH'), 1],
    ['none, for a cluster that went away in the middle', outcome('failed', 60, 'UNREACHABLE'), 1],
    ['refused', outcome('refused', 0, 'DRIFT_INCOMPATIBLE'), 3],
    ['refused after it was planned', outcome('refused', 60, 'DRIFT_INCOMPATIBLE'), 3],
    ['a cluster was not reached before there was a selection', outcome('refused', 0, 'UNREACHABLE'), 4],
    ['the same, told as failed', outcome('failed', 0, 'STANDBY'), 4],
    ['not only that', outcome('failed', 0, 'STANDBY', 'INTERNAL'), 1],
    ['cancelled', outcome('cancelled', 60), 5],
    ['cancelled before it was planned', outcome('cancelled', 0, 'UNREACHABLE'), 5],
  ])('%s', (_, run, code) => {
    expect(exitCodeOf(run)).toBe(code);
  });
});

describe('the exit code of an error', () => {
  it.each<[Code, number]>([
    ['SPEC_INVALID', 64],
    ['CLUSTER_UNKNOWN', 64],
    ['CONFIG_INVALID', 78],
    ['ACCESS_READ_ONLY', 3],
    ['TABLE_NOT_FOUND', 3],
    ['DRIFT_INCOMPATIBLE', 3],
    ['STAGE_APART', 3],
    ['QUOTA_EXCEEDED', 3],
    ['PRUNE_LIMIT', 3],
    ['UNREACHABLE', 4],
    ['PERMISSION_DENIED', 4],
    ['INTERNAL', 4],
  ])('%s', (code, exit) => {
    expect(exitCodeOfError(code)).toBe(exit);
  });

  it('is one of the documented ones for every code, and never says that all is well', () => {
    for (const code of Object.keys(CODES) as Code[]) expect([3, 4, 64, 78]).toContain(exitCodeOfError(code));
  });
});
