import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { startFerry, startFerryInTerminal } from './ferry.ts';
import { filesBelow, labFiles } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';

/** The partitions that are copied, of about 700 KiB each. */
export const PARTITIONS = 6;
/** What a worker of such a test may copy in a second, and how many of the nodes at once: two partitions are published every 7 s. */
export const SLOW = { bandwidth: '192KiB', pool: '128MiB' };
const PATIENCE_MS = 90_000;

/**
 * The last partitions of the seed's sales.orders on their way into a database of the test's own, over a task queue and workers of its
 * own, slow enough for something to happen in the middle.
 */
export class SlowCopy {
  readonly name: string;
  readonly table: string;
  readonly b: FileSystem = labFiles('b');
  readonly #env: Readonly<Record<string, string>>;
  readonly #workers: WorkerProcess[] = [];
  readonly #ferries: ReturnType<typeof startFerry>[] = [];

  /** `name`: of the task queue, and in the database's name; letters and '_'. `env`: of the workers, beside this process's. */
  constructor(name: string, env: Readonly<Record<string, string>> = {}) {
    this.name = name;
    this.#env = env;
    this.table = `ferry_${name}.orders`;
  }

  get folder(): string {
    return `/warehouse/ferry_${this.name}.db/orders`;
  }

  /** The arguments of the sync. */
  sync(...more: readonly string[]): readonly string[] {
    return [
      ...['sync', 'sales.orders', '--source', 'a', '--target', 'b', '--target-table', this.table, '--create-database'],
      ...['--last', String(PARTITIONS), '--nodes', String(PARTITIONS), '--memory', '64MiB'],
      ...['--task-queue', this.name, ...more],
    ];
  }

  /** The arguments of a command about the run. */
  about(command: string, ...more: readonly string[]): readonly string[] {
    return [command, this.table, '--task-queue', this.name, ...more];
  }

  start(...more: readonly string[]): ReturnType<typeof startFerry> {
    return this.#kept(startFerry(this.sync(...more)));
  }

  /** The sync, once it has published a part of its partitions. */
  async startedMidCopy(...more: readonly string[]): Promise<ReturnType<typeof startFerry>> {
    const running = this.start('--json', ...more);
    await this.untilPublished(1);
    expect((await this.published()).length).toBeLessThan(PARTITIONS);
    return running;
  }

  startInTerminal(...more: readonly string[]): ReturnType<typeof startFerryInTerminal> {
    return this.#kept(startFerryInTerminal(this.sync(...more)));
  }

  #kept<T extends ReturnType<typeof startFerry>>(ferry: T): T {
    this.#ferries.push(ferry);
    return ferry;
  }

  /** A worker of this test's queue; it ends with the test. */
  async worker(...more: readonly string[]): Promise<WorkerProcess> {
    const { bandwidth, pool } = SLOW;
    const args = ['--task-queue', this.name, '--bandwidth', bandwidth, '--pool', pool, ...more];
    const worker = await startWorker({ name: `${this.name}-${this.#workers.length + 1}`, args, env: this.#env });
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

  /** As before the first test: nothing of an earlier one goes on, and nothing is on the target. */
  async reset(): Promise<void> {
    for (const ferry of this.#ferries.splice(0)) ferry.signal('SIGKILL');
    const { client, close } = await labTemporal();
    for await (const { workflowId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) {
      if (workflowId.split('/')[2] === this.table) await client.workflow.getHandle(workflowId).terminate('test reset');
    }
    await close();
    await this.dropTarget();
  }

  async dropTarget(): Promise<void> {
    await withHive('b', (query) => query(`DROP DATABASE IF EXISTS ferry_${this.name} CASCADE`));
    await this.b.delete(`/warehouse/ferry_${this.name}.db`);
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.end('SIGKILL');
    await this.reset();
    await this.b.close();
  }
}
