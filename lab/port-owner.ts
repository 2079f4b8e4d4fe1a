import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ProcessIdentity, startTimeOf } from './process-identity.ts';

export type PortOwner = ProcessIdentity & {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** Which process listens on a TCP port; undefined where that cannot be told (no /proc, or a process of another user). */
export function portOwner(port: number): PortOwner | undefined {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningInodes(readOr(file, ''), port)),
  );
  if (sockets.size === 0) return undefined;
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const pid = pids.find((candidate) => openSockets(candidate).some((inode) => sockets.has(inode)));
  const startTime = pid === undefined ? undefined : startTimeOf(pid);
  if (pid === undefined || startTime === undefined) return undefined;
  return { pid, startTime, command: words(pid, 'cmdline').join(' ').slice(0, 120), environment: environmentOf(pid) };
}

/** The inodes of the sockets in state LISTEN (0A) on a port, out of the text of /proc/net/tcp; see proc(5). */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(suffix) && state === '0A' && inode ? [inode] : [];
  });
}

function openSockets(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function environmentOf(pid: number): Record<string, string> {
  return Object.fromEntries(
    words(pid, 'environ').map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

function words(pid: number, file: 'cmdline' | 'environ'): string[] {
  return readOr(`/proc/${pid}/${file}`, '')
    .split('\0')
    .filter((word) => word !== '');
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
