import { setTimeout as sleep } from 'node:timers/promises';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { startFerry } from './ferry.ts';
import { filesBelow, labFiles } from './lab-tables.ts';

/** The partitions that are copied, of about 700 KiB each. */
export const PARTITIONS = 6;
/** What a worker of such a test may copy in a second: the whole takes some 12 s. */
const BANDWIDTH = '384KiB';
const PATIENCE_MS = 90_000;

/**
 * The last partitions of the seed's sales.orders on their way into a database of the test's own, over a task queue and workers of its
 * own, slow enough for something to happen in the middle.
 */
export class SlowCopy {
  readonly name: string;
  readonly table: string;
  readonly b: FileSystem = labFiles('b');
  readonly #workers: WorkerProcess[] = [];

  /** `name`: of the task queue, and in the database's name; letters and '_'. */
  constructor(name: string) {
    this.name = name;
    this.table = `ferry_${name}.orders`;
  }

  get folder(): string {
    return `/warehouse/ferry_${this.name}.db/orders`;
  }

  /** The arguments of the sync. */
  sync(...more: readonly string[]): readonly string[] {
    return [
      ...['sync', 'sales.orders', '--source', 'a', '--target', 'b', '--target-table', this.table, '--create-database'],
      ...['--last', String(PARTITIONS), '--nodes', '2', '--memory', '64MiB', '--task-queue', this.name, ...more],
    ];
  }

  /** The arguments of a command about the run. */
  about(command: string, ...more: readonly string[]): readonly string[] {
    return [command, this.table, '--task-queue', this.name, ...more];
  }

  start(...more: readonly string[]) {
    return startFerry(this.sync(...more));
  }

  /** A worker of this test's queue; it ends with the test. */
  async worker(...more: readonly string[]): Promise<WorkerProcess> {
    const args = ['--task-queue', this.name, '--bandwidth', BANDWIDTH, ...more];
    const worker = await startWorker({ name: `${this.name}-${this.#workers.length + 1}`, args });
    this.#workers.push(worker);
    return worker;
  }

  /** The partition folders that a reader of the target finds now. */
  async published(): Promise<readonly string[]> {
    const paths = (await filesBelow(this.b, this.folder)).map((line) => line.split(' ')[0] ?? '');
    return paths.filter((path) => /\/region=[^/]+$/.test(path));
  }

  async untilPublished(count: number): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
      if ((await this.published()).length >= count) return;
    }
    throw new Error(`${count} partitions of ${this.table} were not published in time`);
  }

  /** The files of the run's staging that have bytes; none after its end: what stays then are empty tombstones. */
  async staging(): Promise<readonly string[]> {
    const lines = await filesBelow(this.b, `${this.folder}/.hive-ferry`);
    return lines.filter((line) => !/ 0 \d+ \d+$/.test(line));
  }

  async dropTarget(): Promise<void> {
    await withHive('b', (query) => query(`DROP DATABASE IF EXISTS ferry_${this.name} CASCADE`));
    await this.b.delete(`/warehouse/ferry_${this.name}.db`);
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.end('SIGKILL');
    await this.dropTarget();
    await this.b.close();
  }
}
