import { commandLine, programName } from './command-lines.ts';
import { type Terminal, terminal } from './terminal.ts';

/** What a command has of the process it runs in. */
export type Io = {
  /** The result, and nothing else. */
  readonly out: Terminal;
  /** Progress, notes, errors. */
  readonly err: Terminal;
  /** Somebody sits at a terminal: Ctrl-C came from a keyboard. */
  readonly interactive: boolean;
  /** How ferry is called here: 'ferry', 'npm run ferry --'. */
  readonly program: string;
  /** The command as it was typed, to be typed again. */
  readonly again: string;
};

export function processIo(args: readonly string[] = process.argv.slice(2)): Io {
  const program = programName(process.env);
  return {
    out: terminal(process.stdout),
    err: terminal(process.stderr),
    interactive: process.stdin.isTTY === true || process.stderr.isTTY === true,
    program,
    again: commandLine(program, args),
  };
}

/** The one JSON document of a command with --json. */
export function writeJson<T extends { readonly schemaVersion: number }>(io: Io, document: T): void {
  io.out.stream.write(`${JSON.stringify(document, null, 2)}\n`);
}
