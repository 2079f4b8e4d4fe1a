import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './lab-error.ts';
import { LAB_FOLDER } from './state.ts';

const ROOT = join(import.meta.dirname, '..');
/** On a machine that is busy with several of them as well. */
const READY_WITHIN_MS = 180_000;

/** The command line of this repository's own ferry: the built one, or the sources where nothing is built or FERRY_LAB_SOURCES is set. */
export function ferryCommand(args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  const built = join(ROOT, 'dist', 'cli', 'main.js');
  if (existsSync(built) && !process.env.FERRY_LAB_SOURCES) return { command: process.execPath, args: [built, ...args] };
  // Not through the wrapper of tsx: a signal has to reach the process itself.
  return { command: process.execPath, args: ['--import', 'tsx', join(ROOT, 'cli', 'main.ts'), ...args] };
}

/** A `ferry worker` of its own, to be killed and replaced. */
export type WorkerProcess = {
  readonly pid: number;
  /** Its output. */
  readonly log: string;
  /** Sends the signal and waits until the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
};

export type WorkerOptions = {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a worker over the lab and waits until it takes work. */
export async function startWorker({ name, args = [], env = {} }: WorkerOptions): Promise<WorkerProcess> {
  const log = join(LAB_FOLDER, 'logs', `worker-${name}.log`);
  mkdirSync(dirname(log), { recursive: true });
  const out = createWriteStream(log);
  const ferry = ferryCommand(['worker', ...args]);
  const child = spawn(ferry.command, ferry.args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  await untilReady(child, log);
  return {
    pid: child.pid ?? 0,
    log,
    async end(signal) {
      child.kill(signal);
      await exited;
      out.end();
    },
  };
}

async function untilReady(child: ChildProcess, log: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new LabError(`The worker ${why}; its output is in ${log}`));
    };
    const timer = setTimeout(() => fail(`did not start within ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.once('error', (error) => fail(error.message));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('task queue')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
