import type { Outcome, ResolvedSpec } from '../../../sync/outcome.ts';
import { USUAL_CHOICES } from '../../usual-choices.ts';

export const SPEC: ResolvedSpec = {
  ...USUAL_CHOICES,
  runKey: 'run-1',
  workflowId: 'sync/b/sales.orders/1',
  runId: 'run-1',
  source: { cluster: 'a', database: 'sales', table: 'orders' },
  target: { cluster: 'b', database: 'sales', table: 'orders' },
  nodes: { count: 3, memoryBytes: 64 * 2 ** 20 },
};

export const OUTCOME: Outcome = {
  schemaVersion: 1,
  workflowId: SPEC.workflowId,
  runId: SPEC.runId,
  source: 'a',
  target: 'b',
  table: 'sales.orders',
  selection: 'all partitions',
  outcome: 'complete',
  partitions: { selected: 20, unchanged: 8, published: 12, diverged: 0, failed: 0, skipped: 0, pruned: 0 },
  files: { copied: 24, reused: 0 },
  bytes: { copied: 12 * 2 ** 20 },
  nodes: [],
  drift: [],
  failures: [],
  rounds: 1,
  startedAt: '2026-11-25T20:00:00.000Z',
  endedAt: '2026-11-25T20:01:00.000Z',
  seconds: 60,
};
