import type { Json } from '../dag/spec.ts';
import { type Bandwidth, UNLIMITED } from '../sync/bandwidth.ts';
import type { OpenCluster } from '../sync/cluster.ts';
import { MemoryPool } from '../sync/memory-pool.ts';
import type { SyncActivities } from './activities.ts';
import type { Shared } from './activity.ts';
import { claimDagRun } from './claim-dag-run.ts';
import { cleanTables } from './clean-tables.ts';
import type { CleaningActivities } from './cleaning-activities.ts';
import { closeRun } from './close-run.ts';
import { closedRuns } from './closed-runs.ts';
import type { DagActivities } from './dag-activities.ts';
import type { DagSettings } from './dag-settings.ts';
import { ensureTable } from './ensure-table.ts';
import { fileSensor } from './file-sensor.ts';
import { hiveCheck } from './hive-check.ts';
import { hiveQuery } from './hive-query.ts';
import { listIntervals } from './list-intervals.ts';
import { loadNode } from './load-node.ts';
import { lookUpDagRun } from './look-up-dag-run.ts';
import { Metrics } from './metrics.ts';
import { partitionSensor } from './partition-sensor.ts';
import { planNodes } from './plan-nodes.ts';
import { planRound } from './plan-round.ts';
import { recordDagRun } from './record-dag-run.ts';
import { refreshMetadata } from './refresh-metadata.ts';
import { renderTask } from './render-task.ts';
import { resolveDagRun } from './resolve-dag-run.ts';
import { type RunSettings, resolveInput } from './resolve-input.ts';
import { restorePartition } from './restore-partition.ts';
import { verifyTable } from './verify-table.ts';

/** The activities of the operators: a rendered input, and what becomes the XCom. */
export type OperatorActivities = Readonly<
  Record<
    'partitionSensor' | 'fileSensor' | 'hiveQuery' | 'hiveCheck' | 'verifyTable',
    (input: Json) => Promise<unknown>
  >
>;

export type ActivityDeps = {
  readonly open: OpenCluster;
  readonly settings: RunSettings;
  readonly dags: DagSettings;
  /** The memory that the nodes of this worker share. */
  readonly poolBytes: number;
  /** For all streams of this worker together; left out: no limit. */
  readonly bandwidth?: Bandwidth;
  /** Left out: nothing is counted. */
  readonly metrics?: Metrics;
};

/** The activities of one worker. Call it once a process: the memory pool is what its result shares. */
export function createActivities(
  deps: ActivityDeps,
): SyncActivities & CleaningActivities & DagActivities & OperatorActivities {
  const { open, settings, dags, poolBytes, bandwidth = UNLIMITED, metrics = new Metrics() } = deps;
  const shared: Shared = {
    open,
    pool: new MemoryPool(poolBytes, (usedBytes) => metrics.poolUsed(usedBytes)),
    bandwidth,
    metrics,
  };
  return {
    resolveInput: resolveInput(shared, settings),
    planNodes: planNodes(shared),
    planRound: planRound(shared),
    ensureTable: ensureTable(shared),
    loadNode: loadNode(shared),
    refreshMetadata: refreshMetadata(shared),
    closeRun: closeRun(shared),
    cleanTables: cleanTables(shared, settings, dags),
    restorePartition: restorePartition(shared, settings),
    resolveDagRun: resolveDagRun(shared, settings, dags),
    lookUpDagRun: lookUpDagRun(shared),
    claimDagRun: claimDagRun(shared),
    recordDagRun: recordDagRun(shared),
    renderTask: renderTask(shared),
    closedRuns: closedRuns(shared),
    listIntervals: listIntervals(shared, dags),
    partitionSensor: partitionSensor(shared),
    fileSensor: fileSensor(shared),
    hiveQuery: hiveQuery(shared),
    hiveCheck: hiveCheck(shared),
    verifyTable: verifyTable(shared, settings),
  };
}
