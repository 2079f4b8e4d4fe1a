import { describe, expect, it, jest } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type WorkerOptions } from '@temporalio/worker';
import { defineConfig } from '../../../config/define-config.ts';
import { ConfiguredCodec } from '../../../config/payload-codec.ts';
import { type ResolvedConfig, resolveConfig } from '../../../config/resolved.ts';
import { HiveFerryPlugin } from '../../../workers/plugin.ts';
import { activitySlots } from '../../../workers/worker.ts';
import { FakeWebServer, fileStatus, json } from '../storage/fake-web-server.ts';

const cluster = (port: number) => ({
  webhdfs: `http://127.0.0.1:${port}`,
  user: 'etl',
  fileSystem: `hdfs://127.0.0.1:${port}`,
  metastore: `thrift://127.0.0.1:${port}`,
});

const CONFIG = { clusters: { a: cluster(1), b: cluster(2) } };

function config(worker: Record<string, string> = {}): ResolvedConfig {
  return resolveConfig(defineConfig({ ...CONFIG, worker }));
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

  it('has every payload pass the codec of the config, and failures with it, in a worker and in a client', () => {
    const coded = new HiveFerryPlugin({
      config: resolveConfig(defineConfig({ ...CONFIG, temporal: { codec: 'c.ts' } })),
    });
    for (const { dataConverter } of [coded.configureWorker({ taskQueue: 'etl' }), coded.configureClient({})]) {
      expect(dataConverter).toEqual({
        payloadCodecs: [expect.any(ConfiguredCodec)],
        failureConverterPath: expect.stringMatching(/workflows\/encoded-failures\.ts$/),
      });
    }
    expect(plugin.configureWorker({ taskQueue: 'etl' }).dataConverter).toBeUndefined();
    const dataConverter = { payloadCodecs: [new ConfiguredCodec('theirs.ts')] };
    expect(plugin.configureWorker({ taskQueue: 'etl', dataConverter }).dataConverter).toBe(dataConverter);
    expect(() => coded.configureWorker({ taskQueue: 'etl', dataConverter })).toThrow(/Name them in one of the two/);
  });

  it('leaves the workflows, slots and queues of the worker alone', () => {
    const options = { taskQueue: 'etl', workflowsPath: '/mine.ts', maxConcurrentActivityTaskExecutions: 3 };
    expect(plugin.configureWorker(options)).toMatchObject(options);
    expect(plugin.configureWorker({ taskQueue: 'etl' }).workflowsPath).toBeUndefined();
  });
});

it('case 30: an activity whose call waits for its turn at the namenode beats meanwhile', async () => {
  const namenode = await new FakeWebServer((_, response) => json(response, 200, { FileStatus: fileStatus() })).start();
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const a = { ...cluster(1), webhdfs: namenode.url };
    const plugin = new HiveFerryPlugin({ config: resolveConfig(defineConfig({ clusters: { a } })) });
    plugin.setLimits({ namenodeCallsPerSecond: 1 / 60 });
    const { activities } = plugin.configureWorker({ taskQueue: 'etl' });
    const { fileSensor } = activities as { readonly fileSensor: (input: object) => Promise<unknown> };
    const look = () => {
      const info = { heartbeatTimeoutMs: 30_000, scheduledTimestampMs: Date.now() };
      const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
      const beats: number[] = [];
      environment.on('heartbeat', () => beats.push(Date.now() - info.scheduledTimestampMs));
      const input = { cluster: 'a', path: '/data/_SUCCESS', every: '1m', timeout: '1h' };
      return { beats, result: environment.run(fileSensor, input) };
    };
    await look().result;
    const waiting = look();
    await jest.advanceTimersByTimeAsync(61_000);
    await expect(waiting.result).resolves.toMatchObject({ path: '/data/_SUCCESS' });
    expect(namenode.ops).toEqual(['GETFILESTATUS', 'GETFILESTATUS']);
    // Never so long without one that the server takes it for dead.
    const silences = [...waiting.beats, 60_000].map((at, place) => at - (waiting.beats[place - 1] ?? 0));
    expect(Math.max(...silences)).toBeLessThan(30_000);
  } finally {
    jest.useRealTimers();
    await namenode.stop();
  }
});

it.each([
  [{ pool: '1GiB', minNodeMemory: '64MiB' }, 24],
  [{ pool: '100MiB', minNodeMemory: '64MiB' }, 9],
  [{ pool: '64GiB', minNodeMemory: '64MiB' }, 1032],
])('activitySlots: %j -> %d', (worker, slots) => {
  expect(activitySlots(config(worker))).toBe(slots);
});
