import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startTimeOf } from './process-identity.ts';
import type { Progress } from './progress.ts';
import { LAB_FOLDER } from './state.ts';

type Owner = { readonly pid: number; readonly startTime: string };

/**
 * Runs `work` while no other process (nor another call in this one) changes the lab in `folder`. Waits for its turn;
 * the lock of a process that is gone is taken over.
 */
export async function withLabLock<T>(work: () => Promise<T>, progress?: Progress, folder = LAB_FOLDER): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'lock');
  let told = false;
  for (;;) {
    const other = take(lock);
    if (other === undefined) break;
    if (!told) progress?.(`waiting for process ${other.pid}, which is changing the lab`);
    told = true;
    await sleep(250);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

let takes = 0;

/** Takes the lock, or returns who holds it. Made aside and linked in, so that a lock file is never seen half written. */
function take(lock: string): Owner | undefined {
  takes += 1;
  const own = `${lock}.${process.pid}.${takes}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) ?? '' } satisfies Owner));
  try {
    linkSync(own, lock);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  const text = readIfThere(lock);
  if (text === undefined) return take(lock);
  const owner = JSON.parse(text) as Owner;
  if (isAlive(owner)) return owner;
  return takeOver(lock, text) ? take(lock) : owner;
}

/** Moves a dead owner's lock away; of several who try, one succeeds, and a lock that was taken meanwhile is put back. */
function takeOver(lock: string, dead: string): boolean {
  const aside = `${lock}.${process.pid}.${takes}.dead`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const moved = readIfThere(aside);
  if (moved !== dead) linkSync(aside, lock);
  rmSync(aside, { force: true });
  return moved === dead;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
