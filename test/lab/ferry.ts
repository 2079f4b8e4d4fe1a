import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ferryCommand } from '../../lab/worker-process.ts';

export type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** A ferry that is under way. */
export type Started = {
  readonly ended: Promise<Ran>;
  signal(signal: NodeJS.Signals): void;
  /** Waits until stdout or stderr hold this; rejects when the command ends without it. */
  untilSaid(text: string): Promise<void>;
};

/** Runs this repository's ferry as a user would, and waits for its end. */
export function ferry(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return startFerry(args, env).ended;
}

/** Starts this repository's ferry as a user would; without a terminal. */
export function startFerry(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const { command, args: all } = ferryCommand(args);
  return startCommand(command, all, env);
}

/** Starts this repository's ferry in a terminal of its own, so wide: type('\x03') is Ctrl-C. Its stdout and stderr are one. */
export function startFerryInTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  columns = 80,
): Started & { type(keys: string): void } {
  const { command, args: all } = ferryCommand(args);
  // script(1) of util-linux gives the command a pseudo-terminal, and passes its exit code on.
  const line = [command, ...all].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return startCommand(
    'script',
    ['--quiet', '--return', '--command', `stty cols ${columns}; exec ${line}`, '/dev/null'],
    env,
  );
}

function startCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Started & { type(keys: string): void } {
  const cwd = join(__dirname, '..', '..');
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const heard = new Set<() => void>();
  const hear = (add: (text: string) => void) => (chunk: Buffer) => {
    add(chunk.toString());
    for (const listener of heard) listener();
  };
  child.stdout.on(
    'data',
    hear((text) => {
      stdout += text;
    }),
  );
  child.stderr.on(
    'data',
    hear((text) => {
      stderr += text;
    }),
  );
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  });
  return {
    ended,
    signal: (signal) => void child.kill(signal),
    type: (keys) => void child.stdin.write(keys),
    untilSaid: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!`${stdout}${stderr}`.includes(text)) return;
          heard.delete(look);
          resolve();
        };
        heard.add(look);
        look();
        ended.then(() => reject(new Error(`ended without saying "${text}": ${stdout}${stderr}`)), reject);
      }),
  };
}

/** The one JSON document that a command printed; what it said on stderr when it is none. */
export function documentOf<T>({ stdout, stderr }: Ran): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`not one JSON document: ${stdout}\n${stderr}`);
  }
}
