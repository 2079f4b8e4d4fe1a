import { describe, expect, it, jest } from '@jest/globals';
import type { MetricMeter, MetricTags } from '@temporalio/common';
import { Metrics } from '../../../activities/metrics.ts';
import type { Outcome, OutcomeKind } from '../../../sync/outcome.ts';

type Told = readonly [name: string, value: number, tags?: MetricTags];

/** A meter that remembers what it was told. */
function meter(): { readonly told: Told[]; readonly meter: MetricMeter } {
  const told: Told[] = [];
  const metric = (name: string, ..._: readonly unknown[]) => {
    const record = (value: number, tags?: MetricTags) => {
      told.push(tags === undefined ? [name, value] : [name, value, tags]);
    };
    return { name, add: record, set: record };
  };
  return { told, meter: { createCounter: metric, createGauge: metric } as unknown as MetricMeter };
}

const ORDERS = { source: 'a', target: 'b', table: 'sales.orders' };
const NONE = { selected: 0, unchanged: 0, published: 0, diverged: 0, failed: 0, skipped: 0, pruned: 0 };

function outcome(
  kind: OutcomeKind,
  partitions: Partial<Outcome['partitions']> = {},
  endedAt = '2026-11-26T03:00:00.500Z',
): Outcome {
  return { ...ORDERS, outcome: kind, partitions: { ...NONE, ...partitions }, endedAt } as Outcome;
}

function started() {
  const { told, meter: to } = meter();
  const metrics = new Metrics();
  metrics.start(to, 1024);
  told.length = 0;
  return { metrics, told };
}

describe('the metrics of a worker', () => {
  it('tell the pool at once, and how much of it is in use whenever that changes', () => {
    const { told, meter: to } = meter();
    const metrics = new Metrics();
    metrics.poolUsed(1);
    metrics.start(to, 1024);
    metrics.poolUsed(256);
    expect(told).toEqual([
      ['hive_ferry_memory_pool_size_bytes', 1024],
      ['hive_ferry_memory_pool_used_bytes', 0],
      ['hive_ferry_memory_pool_used_bytes', 256],
    ]);
  });

  it('count bytes a table, many chunks at a time', () => {
    jest.useFakeTimers();
    try {
      const { metrics, told } = started();
      const logs = { ...ORDERS, table: 'web.logs' };
      for (const [of, bytes] of [
        [ORDERS, 5],
        [logs, 7],
        [ORDERS, 6],
      ] as const)
        metrics.bytesCopied(of, bytes);
      expect(told).toEqual([]);
      jest.advanceTimersByTime(1_000);
      const counted: Told[] = [
        ['hive_ferry_copied_bytes', 11, ORDERS],
        ['hive_ferry_copied_bytes', 7, logs],
      ];
      expect(told).toEqual(counted);
      metrics.bytesCopied(ORDERS, 1);
      metrics.stop();
      jest.advanceTimersByTime(5_000);
      expect(told).toEqual([...counted, ['hive_ferry_copied_bytes', 1, ORDERS]]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('count partitions by what became of them, and the sync by its outcome', () => {
    const { metrics, told } = started();
    metrics.syncEnded(outcome('partial', { selected: 6, unchanged: 3, published: 2, failed: 1 }));
    expect(told).toEqual([
      ['hive_ferry_syncs', 1, { ...ORDERS, outcome: 'partial' }],
      ['hive_ferry_partitions', 3, { ...ORDERS, outcome: 'unchanged' }],
      ['hive_ferry_partitions', 2, { ...ORDERS, outcome: 'published' }],
      ['hive_ferry_partitions', 1, { ...ORDERS, outcome: 'failed' }],
    ]);
  });

  it.each<[OutcomeKind, boolean]>([
    ['complete', true],
    ['nothing-to-do', true],
    ['partial', false],
    ['failed', false],
    ['refused', false],
    ['cancelled', false],
  ])('a sync that ended %s is a success: %s', (kind, success) => {
    const { metrics, told } = started();
    metrics.syncEnded(outcome(kind));
    const at = Date.parse('2026-11-26T03:00:00.500Z') / 1000;
    expect(told.filter(([name]) => name.includes('last_success'))).toEqual(
      success ? [['hive_ferry_table_last_success_timestamp_seconds', at, ORDERS]] : [],
    );
  });

  it('a success that is remembered from before another one does not set the time back', () => {
    const { metrics, told } = started();
    metrics.succeeded(outcome('complete', {}, '2026-11-26T03:00:00Z'));
    metrics.succeeded(outcome('complete', {}, '2026-11-25T03:00:00Z'));
    expect(told).toHaveLength(1);
  });

  it('go nowhere where the process has no exporter', () => {
    const metrics = new Metrics();
    metrics.bytesCopied(ORDERS, 1);
    metrics.filesCopied(ORDERS, 1);
    metrics.poolUsed(1);
    expect(() => metrics.syncEnded(outcome('complete', { published: 1 }))).not.toThrow();
  });
});
