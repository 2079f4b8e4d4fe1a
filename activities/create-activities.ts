import { type Bandwidth, UNLIMITED } from '../sync/bandwidth.ts';
import type { OpenCluster } from '../sync/cluster.ts';
import { MemoryPool } from '../sync/memory-pool.ts';
import type { SyncActivities } from './activities.ts';
import type { Shared } from './activity.ts';
import { cleanTables } from './clean-tables.ts';
import type { CleaningActivities } from './cleaning-activities.ts';
import { closeRun } from './close-run.ts';
import { ensureTable } from './ensure-table.ts';
import { loadNode } from './load-node.ts';
import { planNodes } from './plan-nodes.ts';
import { planRound } from './plan-round.ts';
import { refreshMetadata } from './refresh-metadata.ts';
import { type RunSettings, resolveInput } from './resolve-input.ts';
import { restorePartition } from './restore-partition.ts';

export type ActivityDeps = {
  readonly open: OpenCluster;
  readonly settings: RunSettings;
  /** The memory that the nodes of this worker share. */
  readonly poolBytes: number;
  /** For all streams of this worker together; left out: no limit. */
  readonly bandwidth?: Bandwidth;
};

/** The activities of one worker. Call it once a process: the memory pool is what its result shares. */
export function createActivities(deps: ActivityDeps): SyncActivities & CleaningActivities {
  const { open, settings, poolBytes, bandwidth = UNLIMITED } = deps;
  const shared: Shared = {
    open,
    pool: new MemoryPool(poolBytes),
    bandwidth,
  };
  return {
    resolveInput: resolveInput(shared, settings),
    planNodes: planNodes(shared),
    planRound: planRound(shared),
    ensureTable: ensureTable(shared),
    loadNode: loadNode(shared),
    refreshMetadata: refreshMetadata(shared),
    closeRun: closeRun(shared),
    cleanTables: cleanTables(shared, settings),
    restorePartition: restorePartition(shared, settings),
  };
}
