import { describe, expect, it } from '@jest/globals';
import { foldNodes } from '../../../sync/make-outcome.ts';
import type { Ending, NodeResult } from '../../../sync/outcome.ts';
import { outcomeWithoutClosing } from '../../../workflows/outcome-without-closing.ts';
import { PLAN } from '../../workflow/fake-activities.ts';
import { SPEC } from './run-values.ts';

const NODE: NodeResult = {
  index: 1,
  round: 1,
  partitions: 4,
  published: 3,
  failed: 1,
  retryable: 0,
  files: { copied: 6, reused: 1 },
  bytes: { copied: 600 },
  peakMemoryBytes: 5,
  budgetBytes: 9,
  seconds: 1,
};
const RESULTS: readonly NodeResult[] = [NODE, { ...NODE, index: 2, published: 4, failed: 0 }];
const ENDING = {
  startedAt: '2026-11-25T20:00:00.000Z',
  rounds: 1,
  cancelled: false,
  nodes: foldNodes(RESULTS),
  failure: { code: 'UNREACHABLE', message: 'close the run: nn1 is down', hint: 'h', beforeAnyByte: false },
} satisfies Ending;
const END = new Date('2026-11-25T20:01:30.000Z');

describe('outcomeWithoutClosing', () => {
  it('counts what the nodes said', () => {
    expect(outcomeWithoutClosing(SPEC, PLAN, RESULTS, ENDING, END)).toMatchObject({
      outcome: 'failed',
      table: 'sales.orders',
      partitions: { selected: 20, unchanged: 8, published: 7, failed: 5, diverged: 0 },
      files: { copied: 12, reused: 2 },
      bytes: { copied: 1200 },
      nodes: [{ index: 1, peakMemoryBytes: 5 }, { index: 2 }],
      plan: PLAN.file,
      failures: [{ code: 'UNREACHABLE', message: 'close the run: nn1 is down' }],
      seconds: 90,
    });
  });

  it.each([
    ['cancelled', { ...ENDING, cancelled: true }],
    ['refused', { ...ENDING, nodes: [], failure: { ...ENDING.failure, beforeAnyByte: true } }],
    ['failed', ENDING],
  ] as const)('is %s', (kind, ending) => {
    expect(outcomeWithoutClosing(SPEC, undefined, [], ending, END).outcome).toBe(kind);
  });
});
