import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';
import { runCommand } from '../run-command.ts';
import { LAB_FOLDER } from '../state.ts';
import type { Command } from './measured-process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** In the repository wherever the lab is, so that packages are found from there. */
const OUT = join(ROOT, '.lab', 'bench');
const GENERATED = join('hive', 'metastore', 'gen');

/** Compiles what the bench starts, as a release is compiled: a user does not wait for TypeScript either. */
export async function compileBench(): Promise<void> {
  rmSync(OUT, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = await runCommand(process.execPath, [tsc, '-p', join(import.meta.dirname, 'tsconfig.json')]);
  if (result.exitCode !== 0) throw new LabError(`tsc: ${result.stdout}${result.stderr}`);
  cpSync(join(ROOT, GENERATED), join(OUT, GENERATED), { recursive: true });
}

/** A compiled file of this folder as a process over the running lab. */
export function compiled(name: string, file: string, args: readonly string[]): Command {
  const script = join(OUT, 'lab', 'bench', file);
  return { name, command: process.execPath, args: [script, ...args], env: { HIVE_FERRY_LAB: LAB_FOLDER } };
}
