import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { killServer, restartServer } from '../../lab/restart.ts';
import type { ThriftExchange, ThriftFault } from '../../lab/thrift-fault-proxy.ts';
import type { WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { FaultySync } from './faulty-sync.ts';
import { documentOf, ferry } from './ferry.ts';
import { mendLab } from './mend-lab.ts';

jest.setTimeout(240_000);

const QUEUE = 'servers_hive';
const DATABASE = 'ferry_servers_hive';

let world: FaultySync;
let worker: WorkerProcess;

beforeAll(async () => {
  world = await FaultySync.start(DATABASE);
  worker = await world.worker(QUEUE);
});
afterEach(() => world.reset());
afterAll(async () => {
  await mendLab();
  await worker?.end('SIGTERM');
  await world.close();
});

type Kind = 'metastore' | 'hiveserver2';

/** The server is killed by the call, before it has it or after it has done what it says, and started again. */
function dying(kind: Kind, when: 'before' | 'after'): { readonly fault: ThriftFault; readonly back: Promise<unknown> } {
  let killed = () => {};
  const back = new Promise<void>((resolve) => {
    killed = resolve;
  }).then(() => restartServer('b', kind));
  const fault = async ({ ask, hangUp }: ThriftExchange) => {
    if (when === 'after') await ask();
    await killServer('b', kind);
    hangUp();
    killed();
  };
  return { fault, back };
}

async function syncWith(kind: Kind, method: string, when: 'before' | 'after', table: string, ...more: string[]) {
  const { fault, back } = dying(kind, when);
  const met = world.b[kind].inject({ method }, fault);
  const sides = ['--source', 'a', '--target', 'b', '--target-table', `${DATABASE}.${table}`];
  const env = { FERRY_TASK_QUEUE: QUEUE, HIVE_FERRY_LAB: world.labFolder };
  const ran = await ferry(['sync', `${DATABASE}.lines`, ...sides, '--json', ...more], env);
  expect(met.fired).toBe(1);
  await back;
  expect(documentOf<Outcome>(ran)).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 2 } });
  expect(ran.exitCode).toBe(0);
  expect(await world.content('b', table)).toEqual(await world.content('a'));
}

async function parametersOf(table: string): Promise<readonly string[]> {
  const rows = await withHive('b', (query) => query(`SHOW TBLPROPERTIES ${DATABASE}.${table}`));
  return rows.map((row) => Object.values(row).join('='));
}

describe('case 16: a server of Hive that is killed in the middle of a call and comes back', () => {
  it.each([
    ['before it has registered', 'before'],
    ['after it has registered', 'after'],
  ] as const)('the metastore, %s the partitions: the same run ends complete', async (_, when) => {
    const table = `metastore_${when}`;
    await syncWith('metastore', 'add_partitions_req', when, table);
    const rows = await withHive('b', (query) => query(`SHOW PARTITIONS ${DATABASE}.${table}`));
    expect(rows.map(({ partition }) => partition)).toEqual(['p=1', 'p=2']);
  });

  it('HiveServer2, at a statement that follows the refresh: it has run when the run is complete', async () => {
    const statement = `ALTER TABLE ${DATABASE}.after SET TBLPROPERTIES ('told'='yes')`;
    await syncWith('hiveserver2', 'GetOperationStatus', 'before', 'after', '--after-refresh', statement);
    expect(await parametersOf('after')).toContain('told=yes');
  });

  it('HiveServer2, while it computes statistics: they are there when the run is complete', async () => {
    await syncWith('hiveserver2', 'ExecuteStatement', 'after', 'counted', '--stats', 'analyze');
    const rows = await withHive('b', (query) => query(`DESCRIBE FORMATTED ${DATABASE}.counted PARTITION (p='1')`));
    expect(
      rows.map((row) => Object.values(row).map((cell) => String(cell).trim())).filter(([, key]) => key === 'numRows'),
    ).toEqual([['', 'numRows', '2']]);
  });
});
