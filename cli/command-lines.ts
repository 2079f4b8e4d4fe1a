import type { ConfigFlags } from './flags.ts';

/** Commands that are printed for a person to run again, on this machine and in this folder. */

/** How `ferry` was called: as itself, or through npm or npx. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
  if (env.npm_lifecycle_event === 'ferry') return 'npm run ferry --';
  return env.npm_lifecycle_event === 'npx' ? 'npx ferry' : 'ferry';
}

export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args.map(quoted)].join(' ');
}

/** `ferry pause|resume|cancel <workflow id>`, with the options that lead to the same Temporal. */
export function runCommand(
  program: string,
  verb: 'pause' | 'resume' | 'cancel',
  workflowId: string,
  { config, address, namespace, taskQueue }: ConfigFlags,
): string {
  const options = { '--config': config, '--address': address, '--namespace': namespace, '--task-queue': taskQueue };
  const said = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  return commandLine(program, [verb, workflowId, ...said]);
}

/** One word of a POSIX shell. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // HiveQL is full of single quotes.
  if (word.includes("'") && !/["$`\\!]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
