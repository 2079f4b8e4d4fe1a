import type { Finding } from '../../../sync/compare.ts';
import { countPartitions, type Plan, type PlannedPartition } from '../../../sync/plan.ts';
import { plannedCalls } from '../../../sync/plan-calls.ts';
import type { PlanSpace } from '../../../sync/plan-space.ts';
import type { Preview } from '../../../sync/preview-sync.ts';
import { resolveSpec } from '../../../sync/spec.ts';

export const spec = resolveSpec(
  { table: 'sales.orders', source: 'a', target: 'b' },
  {
    clusters: { a: { access: 'read' }, b: { access: 'write' } },
    defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
    minNodeMemoryBytes: 2 ** 26,
    maxNodeMemoryBytes: 2 ** 30,
    identity: { runKey: 'k', workflowId: 'w', runId: '' },
  },
);

/** Of three files and a MiB. */
export const partition = (name: string, finding: Finding, reason?: string): PlannedPartition => ({
  name,
  values: [name],
  k: '0',
  finding,
  ...(reason === undefined ? {} : { reason }),
  from: `/a/${name}`,
  live: `/b/${name}`,
  to: `/b/${name}`,
  stageRoot: '/b/.hive-ferry',
  files: 3,
  bytes: 2 ** 20,
  sourceDigest: 'd',
});

export const planOf = (partitions: readonly PlannedPartition[], changes: Plan['changes'] = []): Plan => ({
  schemaVersion: 1,
  spec,
  strategy: 'swap',
  location: 'hdfs://b/warehouse/orders',
  locationPath: '/warehouse/orders',
  partitioned: true,
  changes,
  counts: countPartitions(partitions),
  partitions,
});

/** One partition of each common finding. */
export const mixed = planOf(
  [
    partition('dt=1', 'new'),
    partition('dt=2', 'changed'),
    partition('dt=3', 'unchanged'),
    partition('dt=4', 'register'),
    partition('dt=5', 'diverged', 'it was changed by other hands'),
    partition('dt=6', 'source-absent'),
  ],
  [{ kind: 'create-database', database: 'sales' }],
);

/** No quota is set anywhere. */
export const ROOMY: PlanSpace = {
  bytes: 2 * 2 ** 20,
  space: 6 * 2 ** 20,
  names: 8,
  factor: 3,
  assumed: false,
  rooms: [],
  unread: [],
};

export const previewOf = (plan: Plan, space: Partial<PlanSpace> = {}): Preview => ({
  plan,
  space: { ...ROOMY, ...space },
  calls: plannedCalls(plan),
});
