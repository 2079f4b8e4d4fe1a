import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  answerWith,
  comeAgain,
  cutAnswerAfter,
  cutUploadAfter,
  delay,
  loseAnswer,
  onStandby,
  refuseWith,
} from '../../lab/http-faults.ts';
import { loseAnswer as loseThriftAnswer } from '../../lab/thrift-fault-proxy.ts';
import type { WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { FaultySync } from './faulty-sync.ts';
import { documentOf, ferry } from './ferry.ts';

jest.setTimeout(240_000);

const QUEUE = 'faults-tests';
const DATABASE = 'ferry_faults_worker';
const KIB = 1024;
const PARTS = /\/\.hive-ferry\/.*\/part\//;

let world: FaultySync;
let worker: WorkerProcess;

beforeAll(async () => {
  world = await FaultySync.start(DATABASE);
  worker = await world.worker(QUEUE);
});
afterEach(() => world.reset());
afterAll(async () => {
  await worker?.end('SIGTERM');
  await world.close();
});

async function sync(table: string): Promise<{ exitCode: number; outcome: Outcome }> {
  const sides = ['--source', 'a', '--target', 'b', '--target-table', `${DATABASE}.${table}`];
  const env = { FERRY_TASK_QUEUE: QUEUE, HIVE_FERRY_LAB: world.labFolder };
  const ran = await ferry(['sync', `${DATABASE}.lines`, ...sides, '--nodes', '2', '--json'], env);
  return { exitCode: ran.exitCode, outcome: documentOf<Outcome>(ran) };
}

describe('ferry sync with a worker of its own, over faulty servers', () => {
  it('case 1, 5, 7, 10, 11, 14, 48: faults of all kinds on the way end in a complete copy, every byte right', async () => {
    const { a, b } = world;
    const met = [
      a.datanode.inject({ op: 'OPEN', path: /\/p=1\/large$/, times: 2 }, cutAnswerAfter(100 * KIB)),
      a.namenode.inject({ op: 'GETFILESTATUS', nth: 2, times: 2 }, onStandby),
      b.datanode.inject({ op: 'CREATE', path: PARTS, nth: 1 }, answerWith(503)),
      b.datanode.inject({ op: 'CREATE', path: PARTS, nth: 3 }, cutUploadAfter(3)),
      b.namenode.inject({ op: 'MKDIRS', nth: 3 }, loseAnswer),
      b.namenode.inject({ op: 'RENAME', nth: 4 }, loseAnswer),
      b.namenode.inject({ op: 'SETTIMES', nth: 2 }, loseAnswer),
      b.namenode.inject({ op: 'GETFILESTATUS', nth: 5, times: 3 }, comeAgain),
      b.metastore.inject({ method: 'add_partitions_req' }, loseThriftAnswer),
    ];
    const { exitCode, outcome } = await sync('faulty');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 2 } });
    expect(exitCode).toBe(0);
    expect(met.map(({ fired }) => fired)).toEqual([2, 2, 1, 1, 1, 1, 1, 3, 1]);
    expect(await world.content('b', 'faulty')).toEqual(await world.content('a'));
    expect(await sync('faulty')).toMatchObject({ exitCode: 0, outcome: { outcome: 'nothing-to-do' } });
  });

  it('case 16: a metastore that goes away when it is told of the partitions, and comes back: the same run ends complete', async () => {
    const { port } = world.b.metastore;
    const gone = world.b.metastore.inject({ method: 'add_partitions_req' }, async () => {
      await port.refuse();
      setTimeout(() => void port.open(), 5_000);
    });
    const { exitCode, outcome } = await sync('away');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 2 } });
    expect([exitCode, gone.fired]).toEqual([0, 1]);
  });

  it('case 36: checksums that take longer than a heartbeat may are waited for, by the attempt that asked for them', async () => {
    const slow = world.b.datanode.inject({ op: 'GETFILECHECKSUM', times: Number.POSITIVE_INFINITY }, delay(40_000));
    const { exitCode, outcome } = await sync('slow');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], files: { copied: 3 } });
    expect([exitCode, slow.fired]).toEqual([0, 3]);
  });

  it('case 14: what cannot be mended is one clear error, and nothing is where readers look', async () => {
    const words = 'Permission denied: user=root, access=WRITE, inode="/":hdfs:hdfs:drwxr-xr-x';
    const denied = refuseWith(403, 'org.apache.hadoop.security.AccessControlException', words);
    world.b.datanode.inject({ op: 'CREATE', path: PARTS, times: Number.POSITIVE_INFINITY }, denied);
    const { exitCode, outcome } = await sync('denied');
    expect(exitCode).toBe(1);
    expect(outcome).toMatchObject({ outcome: 'failed', partitions: { published: 0, failed: 2 } });
    expect(outcome.failures.map(({ code, message }) => [code, message.includes(words)])).toEqual([
      ['PERMISSION_DENIED', true],
      ['PERMISSION_DENIED', true],
    ]);
    expect(await world.content('b', 'denied')).toEqual(new Map());
  });
});
