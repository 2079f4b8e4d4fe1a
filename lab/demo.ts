import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileSystem } from '../storage/file-system.ts';
import { createWebHdfs } from '../storage/webhdfs/webhdfs-file-system.ts';
import { dropTarget } from './fresh-target.ts';
import { LabError } from './lab-error.ts';
import { SEED } from './seed/orders-and-countries.ts';
import { seedLab } from './seed.ts';
import { labUp } from './up.ts';
import { ferryCommand, startWorker, type WorkerProcess } from './worker-process.ts';

/** Slow enough for a person to watch and for a worker to be killed in the middle: about 15 s for the table. */
const BANDWIDTH = '3MiB';
const KILL_AT_PARTITIONS = 15;
const TABLE_FOLDER = '/warehouse/sales.db/orders';

const say = (line: string) => process.stdout.write(`\n== ${line}\n`);

/** Runs a ferry command of this repository with its output on this terminal; resolves to its exit status. */
function ferry(args: readonly string[]): Promise<number> {
  process.stdout.write(`$ ferry ${args.join(' ')}\n`);
  const { command, args: all } = ferryCommand(args);
  // Through a pipe: lines that stay, between which the demo can speak.
  const child = spawn(command, all, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FERRY_PROGRESS_SECONDS: '2' },
  });
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stdout, { end: false });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The identity of each partition folder that readers of the target find now. */
async function published(files: FileSystem): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const days of (await files.list(TABLE_FOLDER)) ?? []) {
    for (const day of days.filter(({ name }) => name.startsWith('dt='))) {
      for await (const regions of (await files.list(`${TABLE_FOLDER}/${day.name}`)) ?? []) {
        for (const { name, fileId } of regions) if (fileId !== undefined) found.set(`${day.name}/${name}`, fileId);
      }
    }
  }
  return found;
}

async function untilPublished(
  files: FileSystem,
  count: number,
  deadlineMs: number,
): Promise<ReadonlyMap<string, string>> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await sleep(200)) {
    const now = await published(files);
    if (now.size >= count) return now;
  }
  throw new LabError(`${count} partitions were not published within ${deadlineMs / 1000} s`);
}

async function demo(): Promise<boolean> {
  say('1. Two Hadoop clusters with Hive, and a Temporal server, on this machine');
  const lab = await labUp();
  process.stdout.write(`${await seedLab()}\n`);
  await dropTarget('sales', 'orders');
  const files = createWebHdfs({ cluster: 'b', urls: [lab.clusters.b.webhdfs], user: userInfo().username });
  let worker: WorkerProcess | undefined;
  try {
    say(`2. A worker (its bandwidth capped at ${BANDWIDTH} a second, so that there is a middle), and a sync`);
    const env = { FERRY_LAB_BANDWIDTH: BANDWIDTH };
    worker = await startWorker({ name: 'demo-1', env });
    process.stdout.write(
      `worker ${worker.pid}; the run in the Temporal UI: ${lab.temporal.ui}/namespaces/${lab.temporal.namespace}/workflows\n`,
    );
    const first = ferry([
      'sync',
      'sales.orders',
      '--source',
      'a',
      '--target',
      'b',
      '--nodes',
      '4',
      '--memory',
      '128MiB',
    ]);

    const before = await untilPublished(files, KILL_AT_PARTITIONS, 120_000);
    say(
      `3. Killing the worker (SIGKILL ${worker.pid}) in the middle: ${before.size} partitions are published, others half copied`,
    );
    await worker.end('SIGKILL');
    const atKill = await published(files);
    worker = await startWorker({ name: 'demo-2', env });
    process.stdout.write(
      `another worker, ${worker.pid}, is there. Temporal hands it the nodes of the dead one when their heartbeats run out, in about 30 s.\n`,
    );
    if ((await first) !== 0) return false;
    const after = await published(files);
    const kept = [...atKill].filter(([name, fileId]) => after.get(name) === fileId).length;
    say(
      `4. Of the ${atKill.size} partitions that were published before the kill, ${kept} are the very same folders: none was copied again`,
    );
    if (kept !== atKill.size) return false;

    say('5. A second sync: nothing is missing, so nothing is copied');
    if ((await ferry(['sync', 'sales.orders', '--source', 'a', '--target', 'b'])) !== 0) return false;

    say('6. Both sides compared: every file by checksum, every partition by its rows through Hive');
    return (await ferry(['verify', 'sales.orders', '--source', 'a', '--target', 'b', '--level', 'rows'])) === 0;
  } finally {
    await worker?.end('SIGTERM');
    await files.close();
  }
}

try {
  const good = await demo();
  say(
    good
      ? `Done: ${SEED.days * SEED.regions.length} partitions, identical. The lab is still up; "npm run lab -- down" ends it.`
      : 'The demo did not end as it should; the output above says why.',
  );
  process.exitCode = good ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof LabError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
