import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LabError } from '../lab-error.ts';

/** A process from its start to its end: what it took of the clock, of the processors and, at its peak, of memory. */
export type Measured = { readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number };

export type Command = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
};

const LOOK_EVERY_MS = 20;
/** Clock ticks a second in /proc: USER_HZ is 100 on every Linux that Node supports. */
const TICKS = 100;

/** Runs a command that must succeed. CPU and memory are read from /proc until shortly before it ends (proc_pid_stat(5)). */
export async function measure({ name, command, args, env }: Command): Promise<Measured> {
  const startedAt = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
    });
  }
  let cpuSeconds = 0;
  let peakBytes = 0;
  const looking = setInterval(() => {
    const seen = look(child.pid);
    cpuSeconds = seen?.cpuSeconds ?? cpuSeconds;
    peakBytes = Math.max(peakBytes, seen?.peakBytes ?? 0);
  }, LOOK_EVERY_MS);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(looking));
  if (exitCode !== 0) throw new LabError(`${name} ended with ${exitCode}:\n${said}`);
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds, peakBytes };
}

/** undefined: it has ended. */
function look(pid: number | undefined): { readonly cpuSeconds: number; readonly peakBytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; utime and stime are the fields 14 and 15 of the line.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (kib === undefined) return undefined;
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, peakBytes: Number(kib) * 1024 };
  } catch {
    return undefined;
  }
}
