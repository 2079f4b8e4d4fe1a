import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, startFerry } from './ferry.ts';
import type { Point } from './stop-at-point.ts';
import { severalAtOnce } from './sync-runs.ts';
import { added, linesOf, REPLACED, SAME, VersionedTable } from './versioned-table.ts';

/** Points of test/lab/points and test/lab/zombies at which Temporal itself gives an attempt up, and gives the work to another worker. */

jest.setTimeout(600_000);

const LATE_MS = 5_000;
/** Each of them waits half a minute for Temporal. */
const AT_ONCE = 2;
const ROOT = join(__dirname, '..', '..');
const COPY = { call: 'create\\(.*/part/', at: 2 };
const LANDING = { call: 'rename\\(.*/stage/[0-9a-f]{16}\\)', at: 2 };
const CASES: readonly (Point & { readonly name: string })[] = [
  { ...COPY, name: 'killed_copying', signal: 'SIGKILL' },
  { ...LANDING, name: 'killed_landing', signal: 'SIGKILL' },
  { ...COPY, name: 'asleep_copying', signal: 'SIGSTOP' },
  { ...LANDING, name: 'asleep_landing', signal: 'SIGSTOP' },
];

/** A worker that stops itself at a point (test/lab/stopping-worker.ts). */
class StoppingWorker {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #said = '';

  constructor(taskQueue: string, point: Point) {
    const script = join(__dirname, 'stopping-worker.ts');
    const args = ['--import', 'tsx', script, taskQueue, JSON.stringify(point)];
    this.#child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /** Waits until it has told of something that matches, after it had told this. */
  async told(pattern: RegExp, after = ''): Promise<string> {
    for (;;) {
      const line = this.#said
        .slice(this.#said.indexOf(after) + after.length)
        .split('\n')
        .find((each) => pattern.test(each));
      if (line !== undefined) return line;
      await new Promise<void>((resolve, reject) => {
        this.#child.stdout?.once('data', () => resolve());
        this.ended.then(
          () => (pattern.test(this.#said) ? resolve() : reject(new Error(`ended: ${this.#said}`))),
          reject,
        );
      });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

describe('a worker that Temporal misses', () => {
  const tables = CASES.map(({ name }) => new VersionedTable(`ferry_missed_${name}`, 'swap'));
  const workers: WorkerProcess[] = [];
  const stopping: StoppingWorker[] = [];

  beforeAll(async () => {
    for (const table of tables) await table.make();
  });
  afterAll(async () => {
    for (const worker of workers) await worker.end('SIGKILL');
    for (const worker of stopping) worker.signal('SIGKILL');
    for (const table of tables) {
      await table.drop();
      await table.close();
    }
  });

  const runs = CASES.map(({ name, ...point }, place) => async () => {
    const table = tables[place] as VersionedTable;
    const queue = `missed-${name}`;
    const first = new StoppingWorker(queue, point);
    stopping.push(first);
    await first.told(/^ready$/);
    const how = ['--nodes', '1', '--publish', 'swap', '--task-queue', queue, '--json'];
    const running = startFerry(['sync', `${table.database}.lines`, '--source', 'a', '--target', 'b', ...how]);
    const stop = await first.told(/^stop /);
    workers.push(await startWorker({ name: queue, args: ['--task-queue', queue] }));
    const ran = await running.ended;
    expect(documentOf<Outcome>(ran)).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 3 } });
    const content = new Map([REPLACED, SAME, added(0)].map((name) => [name, linesOf(name, 0)]));
    expect(await table.registered()).toEqual(content);
    if (point.signal !== 'SIGSTOP') return;
    const asLeft = await table.everything();
    first.signal('SIGCONT');
    // Its call comes at once; that it was given up it learns with the answer to its next heartbeat.
    await first.told(/^before /, stop);
    await sleep(LATE_MS);
    first.signal('SIGKILL');
    await first.ended;
    expect(await table.everything()).toEqual(asLeft);
    expect(await table.registered()).toEqual(content);
  });

  it('case 14, 15, 39: killed or asleep at a point, it is replaced; the run ends complete, and the sleeper wakes up to no harm', async () => {
    const ends = await Promise.allSettled(severalAtOnce(AT_ONCE, runs));
    expect(ends.map((end, place) => [CASES[place]?.name, end.status === 'fulfilled' || end.reason])).toEqual(
      CASES.map(({ name }) => [name, true]),
    );
  });
});
