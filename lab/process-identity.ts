import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process is its pid and its start time together: pids are used again. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: string };

/**
 * State (`Z`: ended, not yet reaped) and start time (in clock ticks since boot) of a /proc/<pid>/stat line. The command
 * name in it may hold blanks and brackets, so fields count from its last bracket; see proc(5).
 */
export function parseProcStat(text: string): { state: string; startTime: string } | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  return text.includes(')') && state && startTime ? { state, startTime } : undefined;
}

const hasProc = existsSync('/proc/self/stat');

/** When the process started, as a text to compare; undefined: there is no such process, or it has ended. */
export function startTimeOf(pid: number): string | undefined {
  if (!hasProc) return startTimeByPs(pid);
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (stat === undefined || stat.state === 'X') return undefined;
    // The first thread of an ending process is a zombie while the others still hold its ports.
    const ended = stat.state === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1;
    return ended ? undefined : stat.startTime;
  } catch {
    return undefined;
  }
}

/** For systems without /proc (macOS); seconds are the best that ps gives. */
export function startTimeByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [, state, startTime] = /^(\S+)\s+(.+)$/.exec(text) ?? [];
    return state?.startsWith('Z') ? undefined : startTime;
  } catch {
    return undefined;
  }
}

/** True while this very process runs; a stopped one (SIGSTOP) counts as alive. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return startTimeOf(pid) === startTime;
}
