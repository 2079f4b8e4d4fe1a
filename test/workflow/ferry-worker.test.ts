import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Config } from '../../config/config.ts';
import { defineConfig } from '../../config/define-config.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { temporalTestServerBinary } from '../../lab/temporal-binary.ts';
import { createFerryWorker, type FerryWorker } from '../../workers/worker.ts';
import { endOf } from './run-end.ts';
import { quietRuntime } from './test-environment.ts';

// Nothing listens there: these runs end before a cluster is asked.
const cluster = {
  webhdfs: 'http://127.0.0.1:1',
  user: 'etl',
  fileSystem: 'hdfs://127.0.0.1:1',
  metastore: 'thrift://127.0.0.1:1',
};
const CONFIG: Config = {
  temporal: { namespace: 'default', copyQueue: 'copies' },
  clusters: { a: { ...cluster, access: 'read' }, b: cluster },
  worker: { shutdownGrace: '1s' },
};
const config = resolveConfig(defineConfig(CONFIG));

let environment: TestWorkflowEnvironment;
let worker: FerryWorker;
let running: Promise<void>;
beforeAll(async () => {
  quietRuntime();
  const path = await temporalTestServerBinary();
  environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  worker = await createFerryWorker({ config, connection: environment.nativeConnection });
  running = worker.run();
}, 60_000);
afterAll(async () => {
  worker?.shutdown();
  await running;
  await environment?.teardown();
});

describe('a worker of hive-ferry', () => {
  it.each([
    [
      'every problem of a wrong input',
      { tabel: 'sales.orders', source: 'c' },
      'SPEC_INVALID',
      /tabel[\s\S]*did you mean "table"[\s\S]*source[\s\S]*"c" is not a cluster/,
    ],
    ['a target that may only be read', { table: 'sales.orders', source: 'b', target: 'a' }, 'ACCESS_READ_ONLY', /"a"/],
  ])('runs syncTable, which names %s as its own failure', async (_, input, kind, message) => {
    const options = { args: [input], taskQueue: config.temporal.taskQueue, workflowId: kind };
    const ended = await endOf(await environment.client.workflow.start('syncTable', options));
    expect(ended).toMatchObject({ kind, outcome: undefined });
    expect(ended.message).toMatch(message);
  });

  it('leaves nothing behind when one of its queues cannot be served', async () => {
    const taken = resolveConfig(defineConfig({ ...CONFIG, temporal: { ...CONFIG.temporal, taskQueue: 'another' } }));
    await expect(createFerryWorker({ config: taken, connection: environment.nativeConnection })).rejects.toThrow(
      'copies',
    );
    const free = resolveConfig(defineConfig({ ...CONFIG, temporal: { namespace: 'default', taskQueue: 'another' } }));
    const other = await createFerryWorker({ config: free, connection: environment.nativeConnection });
    const ended = other.run();
    other.shutdown();
    await ended;
  });

  it('ends when it is told to, twice if need be, with both of its queues', async () => {
    worker.shutdown();
    worker.shutdown();
    await expect(running).resolves.toBeUndefined();
  });
});
