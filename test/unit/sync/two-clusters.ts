import { MemoryCatalog } from '../../../hive/memory-catalog.ts';
import type { Partition, StorageDescriptor, Table } from '../../../hive/table.ts';
import { MemoryFileSystem, type MemoryFileSystemOptions } from '../../../storage/memory-file-system.ts';
import { type Bandwidth, UNLIMITED } from '../../../sync/bandwidth.ts';
import type { Cluster } from '../../../sync/cluster.ts';
import type { Engine } from '../../../sync/engine.ts';
import { MemoryPool } from '../../../sync/memory-pool.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import { NO_RUNS_KNOWN } from '../../../sync/runs.ts';
import { USUAL_CHOICES } from '../../usual-choices.ts';
import { sampleTable } from '../hive/sample-table.ts';

export const SIGNAL: AbortSignal = new AbortController().signal;
export const ORDERS = { database: 'sales', table: 'orders' };
export const WAREHOUSE = '/warehouse/sales.db';

/** Two clusters in memory with a database `sales` each; `a` is the source. Files carry times that only go up. */
export type TwoClusters = {
  readonly a: MemoryFileSystem;
  readonly b: MemoryFileSystem;
  readonly catalogA: MemoryCatalog;
  readonly catalogB: MemoryCatalog;
  readonly source: Cluster;
  readonly target: Cluster;
  readonly engine: Engine;
  /** Lays files into a folder of a side; an empty object is an empty folder. */
  lay(side: 'a' | 'b', folder: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Copies a folder from a to b with its times, as a sync leaves it. */
  mirror(from: string, to?: string): Promise<void>;
};

type Options = {
  readonly a?: MemoryFileSystem;
  readonly b?: MemoryFileSystem;
  readonly targetAccess?: Cluster['access'];
  readonly bandwidth?: Bandwidth;
  readonly signal?: AbortSignal;
};

export function memoryFiles(cluster: 'a' | 'b', options: MemoryFileSystemOptions = {}): MemoryFileSystem {
  return new MemoryFileSystem({ cluster, clock: risingClock(), ...options });
}

/** 2026-11-01 and a millisecond more at every look. */
export function risingClock(): () => number {
  let time = Date.parse('2026-11-01T00:00:00Z');
  return () => {
    time += 1;
    return time;
  };
}

export function twoClusters(options: Options = {}): TwoClusters {
  const { a = memoryFiles('a'), b = memoryFiles('b') } = options;
  const catalogA = new MemoryCatalog({ cluster: 'a', fileSystem: 'hdfs://a:8020' });
  const catalogB = new MemoryCatalog({ cluster: 'b', fileSystem: 'hdfs://b:8020' });
  catalogA.putDatabase({ name: 'sales', location: `hdfs://a:8020${WAREHOUSE}` });
  catalogB.putDatabase({ name: 'sales', location: `hdfs://b:8020${WAREHOUSE}` });
  const cluster = (name: 'a' | 'b', access: Cluster['access']): Cluster => ({
    name,
    access,
    files: name === 'a' ? a : b,
    catalog: name === 'a' ? catalogA : catalogB,
    fileSystems: [`hdfs://${name}:8020`, `hdfs://${name}-alias`],
    controlRoot: '/user/root/hive-ferry',
  });
  const source = cluster('a', 'write');
  const target = cluster('b', options.targetAccess ?? 'write');
  const now = risingClock();
  let ids = 0;
  return {
    a,
    b,
    catalogA,
    catalogB,
    source,
    target,
    engine: {
      open: (name) => (name === 'a' ? source : target),
      signal: options.signal ?? SIGNAL,
      heartbeat: () => {},
      pool: new MemoryPool(2 ** 30),
      bandwidth: options.bandwidth ?? UNLIMITED,
      runs: NO_RUNS_KNOWN,
      log: { info: () => {}, warn: () => {} },
      now: () => new Date(now()),
      uuid: () => {
        ids += 1;
        return `u${ids}`;
      },
      sleep: async () => {},
    },
    async lay(side, folder, files) {
      const there = side === 'a' ? a : b;
      await there.mkdirs(folder);
      for (const [path, content] of Object.entries(files)) there.writeFile(`${folder}/${path}`, content);
    },
    async mirror(from, to = from) {
      await b.mkdirs(to);
      for (const line of a.tree(from)) {
        const path = line.replace(/\/$| \(\d+\)$/, '');
        const status = await a.status(path);
        if (status?.kind !== 'file') continue;
        const { modificationTime } = status;
        b.writeFile(`${to}${path.slice(from.length)}`, a.readFile(path) ?? '', { modificationTime });
      }
    },
  };
}

export function specOf(over: Partial<ResolvedSpec> = {}): ResolvedSpec {
  return {
    ...USUAL_CHOICES,
    runKey: 'run-1',
    workflowId: 'sync/b/sales.orders/x',
    runId: 'run-1',
    source: { cluster: 'a', ...ORDERS },
    target: { cluster: 'b', ...ORDERS },
    nodes: { count: 4, memoryBytes: 64 * 1024 * 1024 },
    ...over,
  };
}

/** The table `orders` of a side, partitioned by dt (date) and hour (int) unless `over` says otherwise. */
export function tableOn(side: 'a' | 'b', over: Partial<Table> = {}, storage: Partial<StorageDescriptor> = {}): Table {
  return sampleTable(over, { location: `hdfs://${side}:8020${WAREHOUSE}/orders`, ...storage });
}

/** A partition of `orders` at `path` of a side. */
export function partitionOn(
  side: 'a' | 'b',
  values: readonly string[],
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): Partition {
  return { values, storage: { ...tableOn(side).storage, location: `hdfs://${side}:8020${path}` }, parameters };
}

/** The error that a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { readonly code?: string };
  }
  throw new Error('it did not reject');
}
