import { describe, expect, it } from '@jest/globals';
import type { WorkerOptions } from '@temporalio/worker';
import { defineConfig } from '../../../config/define-config.ts';
import { type ResolvedConfig, resolveConfig } from '../../../config/resolved.ts';
import { HiveFerryPlugin } from '../../../workers/plugin.ts';
import { activitySlots } from '../../../workers/worker.ts';

const cluster = (port: number) => ({
  webhdfs: `http://127.0.0.1:${port}`,
  user: 'etl',
  fileSystem: `hdfs://127.0.0.1:${port}`,
  metastore: `thrift://127.0.0.1:${port}`,
});

function config(worker: Record<string, string> = {}): ResolvedConfig {
  return resolveConfig(defineConfig({ clusters: { a: cluster(1), b: cluster(2) }, worker }));
}

const NAMES = [
  'claimDagRun',
  'cleanTables',
  'closeRun',
  'closedRuns',
  'ensureTable',
  'fileSensor',
  'hiveCheck',
  'hiveQuery',
  'listIntervals',
  'loadNode',
  'lookUpDagRun',
  'partitionSensor',
  'planNodes',
  'planRound',
  'recordDagRun',
  'refreshMetadata',
  'renderTask',
  'resolveDagRun',
  'resolveInput',
  'restorePartition',
  'verifyTable',
];

describe('HiveFerryPlugin', () => {
  const plugin = new HiveFerryPlugin({ config: config() });
  const theirs = { sendEmail: async () => {} };

  it('adds its activities to those of the worker', () => {
    const { activities } = plugin.configureWorker({ taskQueue: 'etl', activities: theirs });
    expect(Object.keys(activities ?? {}).sort()).toEqual([...NAMES, 'sendEmail'].sort());
    expect(Object.keys(plugin.configureWorker({ taskQueue: 'etl' }).activities ?? {}).sort()).toEqual(NAMES);
  });

  it('refuses a worker that has activities of the same names', () => {
    const activities = { ...theirs, planNodes: async () => {}, closeRun: async () => {} };
    expect(() => plugin.configureWorker({ taskQueue: 'etl', activities })).toThrow(/planNodes, closeRun/);
  });

  it('has heartbeats sent every second, unless the worker says otherwise', () => {
    const intervalOf = (options: Partial<WorkerOptions>) =>
      plugin.configureWorker({ taskQueue: 'etl', ...options }).maxHeartbeatThrottleInterval;
    expect([intervalOf({}), intervalOf({ maxHeartbeatThrottleInterval: '200ms' })]).toEqual(['1s', '200ms']);
  });

  it('leaves the workflows, slots and queues of the worker alone', () => {
    const options = { taskQueue: 'etl', workflowsPath: '/mine.ts', maxConcurrentActivityTaskExecutions: 3 };
    expect(plugin.configureWorker(options)).toMatchObject(options);
    expect(plugin.configureWorker({ taskQueue: 'etl' }).workflowsPath).toBeUndefined();
  });
});

it.each([
  [{ pool: '1GiB', minNodeMemory: '64MiB' }, 24],
  [{ pool: '100MiB', minNodeMemory: '64MiB' }, 9],
  [{ pool: '64GiB', minNodeMemory: '64MiB' }, 1032],
])('activitySlots: %j -> %d', (worker, slots) => {
  expect(activitySlots(config(worker))).toBe(slots);
});
