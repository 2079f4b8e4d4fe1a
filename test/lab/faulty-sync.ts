import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { clusterConfig } from '../../lab/cluster-config.ts';
import type { FaultyCluster } from '../../lab/faulty-cluster.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';
import type { OpenCluster } from '../../sync/cluster.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { bytesOf, SHORT } from './faulty-files.ts';
import { FaultyLab } from './faulty-lab.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, type RanInProcess, runInProcess } from './run-in-process.ts';

/** Steps are taken again as often as Temporal would: without an end that a test meets. */
const ATTEMPTS = 40;

/** A small table whose syncs go through proxies before every server of both clusters. */
export class FaultySync {
  readonly table: LinesTable;
  readonly a: FaultyCluster;
  readonly b: FaultyCluster;
  /** For HIVE_FERRY_LAB. */
  readonly labFolder: string;
  readonly #lab: FaultyLab;

  private constructor(table: LinesTable, lab: FaultyLab) {
    this.table = table;
    this.a = lab.a;
    this.b = lab.b;
    this.labFolder = lab.folder;
    this.#lab = lab;
  }

  static async start(database: string): Promise<FaultySync> {
    const table = new LinesTable(database);
    await table.make();
    return new FaultySync(table, await FaultyLab.start());
  }

  /** A worker of this task queue that reaches both clusters through the proxies; the caller ends it. */
  worker(queue: string, ...args: readonly string[]): Promise<WorkerProcess> {
    const env = { HIVE_FERRY_LAB: this.labFolder };
    return startWorker({ name: queue, args: ['--task-queue', queue, ...args], env });
  }

  /** A run into a table of this name. `short`: servers that fall silent are given up after two seconds. */
  async sync(
    table: string,
    {
      short = false,
      attempts = ATTEMPTS,
      ...over
    }: Partial<ResolvedSpec> & { short?: boolean; attempts?: number } = {},
  ): Promise<RanInProcess> {
    const { database } = this.table;
    const addresses = { a: this.a.addresses, b: this.b.addresses };
    const clusters = openClusters(
      resolveConfig({ clusters: { a: clusterConfig(addresses.a, 'root'), b: clusterConfig(addresses.b, 'root') } }),
    );
    const impatient = { deadlines: { ...SHORT, ready: 500 }, patience: { rounds: 2, backOff: 20 } };
    const files = {
      a: createWebHdfs({ cluster: 'a', urls: [addresses.a.webhdfs], user: 'root', ...impatient }),
      b: createWebHdfs({ cluster: 'b', urls: [addresses.b.webhdfs], user: 'root', ...impatient }),
    };
    const impatiently = {
      a: { ...clusters.open('a'), files: files.a },
      b: { ...clusters.open('b'), files: files.b },
    };
    const open: OpenCluster = (name) => (short ? impatiently[name as 'a' | 'b'] : clusters.open(name));
    try {
      const target = { cluster: 'b', database, table };
      return await runInProcess(open, labSpec(database, { target, ...over }), attempts);
    } finally {
      await Promise.all([clusters.close(), files.a.close(), files.b.close()]);
    }
  }

  /** 'p=1/large' -> its bytes, of the source or of a copy; hidden entries are left out. */
  async content(cluster: 'a' | 'b', table = 'lines'): Promise<ReadonlyMap<string, string>> {
    const files = this.table[cluster];
    const found = new Map<string, string>();
    const walk = async (below: string): Promise<void> => {
      for await (const page of (await files.list(`${this.table.folder(table)}${below}`)) ?? []) {
        for (const { name, kind } of page) {
          if (name.startsWith('.')) continue;
          const path = `${below}/${name}`;
          if (kind === 'folder') await walk(path);
          else found.set(path.slice(1), (await bytesOf(files, `${this.table.folder(table)}${path}`)).toString());
        }
      }
    };
    await walk('');
    return found;
  }

  reset(): void {
    this.#lab.reset();
  }

  async close(): Promise<void> {
    await this.#lab.close();
    await this.table.drop();
    await this.table.close();
  }
}
