import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ferryCommand } from '../../lab/worker-process.ts';

export type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** Runs this repository's ferry as a user would, and waits for its end. */
export function ferry(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { command, args: all } = ferryCommand(args);
  const cwd = join(__dirname, '..', '..');
  const child = spawn(command, all, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
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

/** The one JSON document that a command printed; what it said on stderr when it is none. */
export function documentOf<T>({ stdout, stderr }: Ran): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`not one JSON document: ${stdout}\n${stderr}`);
  }
}
