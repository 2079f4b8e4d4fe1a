import { spawn } from 'node:child_process';

export type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** Runs a command in a folder as somebody's shell would, whatever npm script this runs under, and waits for its end. */
export function runIn(
  folder: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_ENV$|NODE_OPTIONS$|JEST_)/i.test(name),
  );
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  });
}

/** The same for what must succeed: gives its stdout, throws with all that it said otherwise. */
export async function succeedIn(...args: Parameters<typeof runIn>): Promise<string> {
  const { exitCode, stdout, stderr } = await runIn(...args);
  if (exitCode !== 0) throw new Error(`${args[1]} ${args[2].join(' ')} exited ${exitCode}\n${stdout}\n${stderr}`);
  return stdout;
}
