import { setTimeout as sleep } from 'node:timers/promises';
import { type PortOwner, portOwner } from './port-owner.ts';
import { isFreePort } from './ports.ts';
import type { Progress } from './progress.ts';
import { endProcess, SERVER_MARK, serverMark, title } from './server-process.ts';

/** Who has a port: a process, or nobody that can be told (a process of another user, a system without /proc). */
export type Stranger = Pick<PortOwner, 'pid' | 'command'> | 'unknown';

/**
 * Looks whether a server that does not run can have its port. undefined: it can. A process that the lab itself started
 * as this server, but whose record was lost, is ended: the mark in its environment tells.
 */
export async function strangerOn(port: number, server: string, progress: Progress): Promise<Stranger | undefined> {
  // The system lets go of an ended process's ports a moment after the process is gone.
  const deadline = Date.now() + 3000;
  while (!(await isFreePort(port))) {
    const owner = portOwner(port);
    if (owner?.environment[SERVER_MARK] === serverMark(server)) {
      progress(`${title(server)} of an earlier start still has port ${port}: ending pid ${owner.pid}`);
      await endProcess(owner);
    } else if (owner !== undefined) {
      return owner;
    } else if (Date.now() > deadline) {
      return 'unknown';
    }
    await sleep(100);
  }
  return undefined;
}

/** What to say of a port that somebody else has. */
export function portTaken(name: string, port: number, stranger: Stranger): string {
  const by = stranger === 'unknown' ? 'another process' : `process ${stranger.pid} (${stranger.command})`;
  return `Port ${port}, the lab's ${title(name)}, is taken by ${by}.`;
}
