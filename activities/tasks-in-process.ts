import { setTimeout as sleep } from 'node:timers/promises';
import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, type Logger, noopMetricMeter } from '@temporalio/common';
import type { Json } from '../dag/spec.ts';
import { UNLIMITED } from '../sync/bandwidth.ts';
import type { OpenCluster } from '../sync/cluster.ts';
import { MemoryPool } from '../sync/memory-pool.ts';
import type { Outcome } from '../sync/outcome.ts';
import type { SpecLimits } from '../sync/spec.ts';
import type { Shared } from './activity.ts';
import type { OperatorActivities } from './create-activities.ts';
import { fileSensor } from './file-sensor.ts';
import { hiveCheck } from './hive-check.ts';
import { hiveQuery } from './hive-query.ts';
import { Metrics } from './metrics.ts';
import { partitionSensor } from './partition-sensor.ts';
import { syncInProcess } from './sync-in-process.ts';
import { verifyTable } from './verify-table.ts';

/** What tasks of DAGs do, in this process and without Temporal. */
export type TasksInProcess = {
  /**
   * Calls the activity of an operator. A sensor looks as often, and waits as long, as it says. Rejects with the failure that
   * a run would see, or with the signal's reason.
   */
  call(activity: keyof OperatorActivities, input: Json, signal: AbortSignal): Promise<unknown>;
  /** Syncs a table. Rejects with a FerryError, or with the signal's reason. */
  sync(input: Json, signal: AbortSignal): Promise<Outcome>;
};

export type TaskSettings = {
  readonly open: OpenCluster;
  readonly limits: SpecLimits;
  /** The memory that the nodes of one sync share. */
  readonly poolBytes: number;
};

export function tasksInProcess(settings: TaskSettings): TasksInProcess {
  const { open, limits, poolBytes } = settings;
  const shared: Shared = { open, pool: new MemoryPool(poolBytes), bandwidth: UNLIMITED, metrics: new Metrics() };
  const activities: OperatorActivities = {
    partitionSensor: partitionSensor(shared),
    fileSensor: fileSensor(shared),
    hiveQuery: hiveQuery(shared),
    hiveCheck: hiveCheck(shared),
    verifyTable: verifyTable(shared, { limits }),
  };
  return {
    async call(activity, input, signal) {
      const scheduledAt = Date.now();
      for (;;) {
        try {
          const context = contextOf(activity, scheduledAt, signal);
          return await asyncLocalStorage.run(context, () => activities[activity](input));
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof ApplicationFailure) || error.type !== 'SENSOR_WAITING') throw error;
          await sleep(Number(error.nextRetryDelay), undefined, { signal }).catch(() => signal.throwIfAborted());
        }
      }
    },
    sync: (input, signal) => syncInProcess(input, settings, signal),
  };
}

const QUIET: Logger = {
  log: () => {},
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** What an activity sees of the attempt it is in: nobody hears its heart, and there is no server to ask. */
function contextOf(activity: string, scheduledTimestampMs: number, signal: AbortSignal): Context {
  const info = { activityType: activity, activityId: activity, attempt: 1, scheduledTimestampMs } as Info;
  const never = new Promise<never>(() => {});
  return new Context(info, never, signal, () => {}, undefined, QUIET, noopMetricMeter, {});
}
