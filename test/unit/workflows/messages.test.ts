import { describe, expect, it } from '@jest/globals';
import type { Ending, Outcome } from '../../../sync/outcome.ts';
import {
  countText,
  goOnText,
  nodeSummary,
  outcomeText,
  planText,
  sizeText,
  syncLabel,
} from '../../../workflows/messages.ts';
import { nodeRef, PLAN } from '../../workflow/fake-activities.ts';
import { OUTCOME, SPEC } from './run-values.ts';

describe('sizeText', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [9_800_000_000, '9.1 GiB'],
    [5 * 1024 ** 4, '5 TiB'],
    [3 * 1024 ** 6, '3072 PiB'],
  ])('%d -> %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

it.each([
  [0, '0 nodes'],
  [1, '1 node'],
  [2, '2 nodes'],
])('countText: %d -> %s', (count, text) => {
  expect(countText(count, 'node')).toBe(text);
});

describe('nodeSummary', () => {
  it.each([
    [nodeRef(3, { of: 16, partitions: 42, bytes: 9_800_000_000 }), 'node 3/16 · 42 partitions · 9.1 GiB'],
    [nodeRef(1, { of: 1, partitions: 1, bytes: 0 }), 'node 1/1 · 1 partition · 0 B'],
    [nodeRef(2, { round: 3, partitions: 1 }), 'node 2/3 · 1 partition · 4 MiB · round 3'],
  ])('%#', (node, text) => {
    expect(nodeSummary(node)).toBe(text);
  });
});

describe('planText', () => {
  it.each([
    [PLAN, '20 selected: 12 to copy, 8 unchanged · 3 nodes'],
    [
      {
        ...PLAN,
        nodes: [nodeRef(1)],
        toRegister: 2,
        counts: { selected: 5, toCopy: 1, unchanged: 3, diverged: 1, toPrune: 0, skipped: 0 },
      },
      '5 selected: 1 to copy, 3 unchanged, 1 diverged, 2 to register · 1 node',
    ],
  ])('%#', (plan, text) => {
    expect(planText(plan)).toBe(text);
  });
});

describe('syncLabel and goOnText', () => {
  const SAME = 'To go on, start it again with the same input; it copies only what is missing.';
  it.each([
    [
      SPEC,
      'sales.orders, a -> b',
      'To go on: ferry sync sales.orders --source a --target b (it copies only what is missing)',
    ],
    [{ ...SPEC, partitions: ['dt=1'] }, 'sales.orders, a -> b', SAME],
    [{ ...SPEC, target: { ...SPEC.target, table: 'copy' } }, 'sales.orders, a -> b (as sales.copy)', SAME],
    [{ ...SPEC, target: { ...SPEC.target, location: '/w/x' } }, 'sales.orders, a -> b', SAME],
  ])('%#', (spec, label, goOn) => {
    expect([syncLabel(spec), goOnText(spec)]).toEqual([label, goOn]);
  });
});

describe('outcomeText', () => {
  const open = (partition: string, message = 'part-0 is being written') =>
    ({ partition, code: 'SOURCE_OPEN', message, hint: 'h' }) as const;
  const quota = {
    code: 'QUOTA_EXCEEDED',
    message: 'node 2/3: the quota of /w is exceeded',
    hint: 'Raise it.',
    beforeAnyByte: false,
  } as const;
  const partial = (over: Partial<Outcome>): Outcome => ({ ...OUTCOME, outcome: 'partial', ...over });
  const lines = (outcome: Outcome, failure?: Ending['failure']) => outcomeText(SPEC, outcome, failure).split('\n');

  it('names the partitions that failed, what is whole, and the command that goes on', () => {
    const partitions = { ...OUTCOME.partitions, published: 10, failed: 1, diverged: 1 };
    expect(lines(partial({ partitions, failures: [open('dt=1')] }))).toEqual([
      'sales.orders, a -> b: partial.',
      '  dt=1: SOURCE_OPEN: part-0 is being written',
      'Whole at the target: 18 of 20 partitions (10 copied now, 8 unchanged). Not: 2 (1 failed, 1 diverged, 0 not tried).',
      'To go on: ferry sync sales.orders --source a --target b (it copies only what is missing)',
    ]);
  });

  it('names five of many, and where all of them are', () => {
    const failures = Array.from({ length: 9 }, (_, place) => open(`dt=${place}`));
    const text = lines(partial({ failures, failuresPath: '/user/etl/failures.jsonl' }));
    expect(text.slice(1, 8)).toEqual([
      ...[0, 1, 2, 3, 4].map((place) => `  dt=${place}: SOURCE_OPEN: part-0 is being written`),
      '  and 4 more',
      '  all of them: /user/etl/failures.jsonl on b',
    ]);
  });

  it('tells once the failure that kept partitions from their turn', () => {
    const failures = [open('dt=1'), open('dt=2', quota.message), open('dt=3', quota.message)];
    expect(lines(partial({ outcome: 'failed', failures }), quota).slice(0, 4)).toEqual([
      'sales.orders, a -> b: failed.',
      'QUOTA_EXCEEDED: node 2/3: the quota of /w is exceeded',
      'Raise it.',
      '  dt=1: SOURCE_OPEN: part-0 is being written',
    ]);
  });

  it('counts nothing where nothing was selected', () => {
    const partitions = { ...OUTCOME.partitions, selected: 0, unchanged: 0, published: 0 };
    expect(lines(partial({ outcome: 'refused', partitions }), quota)).toHaveLength(4);
  });
});
