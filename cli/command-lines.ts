/** Commands that are printed for a person to run again, on this machine and in this folder. */

/** How `ferry` was called: as itself, or through npm or npx. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
  if (env.npm_lifecycle_event === 'ferry') return 'npm run ferry --';
  return env.npm_lifecycle_event === 'npx' ? 'npx ferry' : 'ferry';
}

export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args.map(quoted)].join(' ');
}

export function cancelCommand(
  workflowId: string,
  temporal: { readonly address: string; readonly namespace: string },
): string {
  return commandLine('temporal', [
    'workflow',
    'cancel',
    '-w',
    workflowId,
    '--address',
    temporal.address,
    '--namespace',
    temporal.namespace,
  ]);
}

/** One word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
