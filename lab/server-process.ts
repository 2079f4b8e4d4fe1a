import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './lab-error.ts';
import { isAlive, type ProcessIdentity, startTimeOf } from './process-identity.ts';
import { LAB_FOLDER, type LabProcess } from './state.ts';

/** How to start a server; everything that its fingerprint is made of. */
export type ServerCommand = {
  /** Such as 'a-namenode'; names its log and its record. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

/** What is remembered of a server that was started, from the moment it was. */
export type ServerRecord = LabProcess & {
  /** Of the command and the configuration it was started with. */ readonly fingerprint: string;
};

/** Set in the environment of every server, so that one whose record was lost can be told from a stranger. */
export const SERVER_MARK = 'HIVE_FERRY_LAB_SERVER';
export const serverMark = (name: string, folder = LAB_FOLDER): string => `${folder}#${name}`;

/** 'a-namenode' -> 'a namenode' */
export const title = (name: string): string => name.replace(/-/g, ' ');

export function readRecord(name: string, folder = LAB_FOLDER): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(name, folder), 'utf8')) as ServerRecord;
  } catch {
    // Absent, or cut off in the middle of being written: nothing is known of the server.
    return undefined;
  }
}

export function forgetRecord(name: string, folder = LAB_FOLDER): void {
  rmSync(recordFile(name, folder), { force: true });
}

/** Starts a server that outlives this process, its output in a log of its own (the one before is kept beside it). */
export async function startServer(
  server: ServerCommand,
  fingerprint: string,
  folder = LAB_FOLDER,
): Promise<ServerRecord> {
  const log = join(folder, 'logs', `${server.name}.log`);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  mkdirSync(join(folder, 'run'), { recursive: true });
  mkdirSync(server.cwd, { recursive: true });
  if (existsSync(log)) renameSync(log, join(folder, 'logs', `${server.name}.before.log`));
  const output = openSync(log, 'a');
  try {
    const child = spawn(server.command, server.args, {
      cwd: server.cwd,
      env: { ...process.env, ...server.env, [SERVER_MARK]: serverMark(server.name, folder) },
      detached: true,
      stdio: ['ignore', output, output],
    });
    const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
    failed.catch(() => undefined);
    const { pid } = child;
    if (pid === undefined) return await failed;
    child.unref();
    const record = { pid, startTime: startTimeOf(pid) ?? 'gone', log, fingerprint };
    writeFileSync(recordFile(server.name, folder), JSON.stringify(record));
    return record;
  } finally {
    closeSync(output);
  }
}

/** Ends a process by TERM and, where that does not do within `graceMs`, KILL; returns when it is gone. Never another process with its pid. */
export async function endProcess(process_: ProcessIdentity, graceMs = 10_000): Promise<void> {
  if (!signalProcess(process_, 'SIGTERM')) return;
  // A stopped process takes its TERM only once it goes on.
  signalProcess(process_, 'SIGCONT');
  if (await waitUntilGone(process_, graceMs)) return;
  signalProcess(process_, 'SIGKILL');
  if (!(await waitUntilGone(process_, 10_000)))
    throw new LabError(`Process ${process_.pid} does not end, not even by SIGKILL.`);
}

/** Sends a signal to this very process; false: it is gone. */
export function signalProcess(process_: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(process_)) return false;
  try {
    return process.kill(process_.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

export async function waitUntilGone(process_: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(process_)) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/** The last lines of a log that say something: no blank ones, no stack frames, no banners. */
export function lastLogLines(log: string, count = 15): string {
  let text: string;
  try {
    text = readFileSync(log, 'utf8');
  } catch {
    return '  (no log)';
  }
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*$|^\s+(at |\.\.\. \d+ more)|^\/?\*{3,}|SHUTDOWN_MSG/.test(line));
  return (
    lines
      .slice(-count)
      .map((line) => `  ${line.slice(0, 240)}`)
      .join('\n') || '  (nothing logged)'
  );
}

const recordFile = (name: string, folder: string) => join(folder, 'run', `${name}.json`);
