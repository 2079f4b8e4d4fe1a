import { CODES } from '../errors/codes.ts';
import { codeOf, isFerryError, messageOf, redact } from '../errors/ferry-error.ts';
import { EXIT, exitCodeOfError } from './exit-code.ts';
import { Interrupted } from './interrupt.ts';
import { type Io, writeJson } from './io.ts';
import { hanging, wrapped } from './wrapped.ts';

/** Says what ended a command that has no other result, and gives its exit code. With --json the error is the one document. */
export function reportError(error: unknown, io: Io, json: boolean): number {
  if (error instanceof Interrupted) {
    io.err.stream.write(`${error.message}\n`);
    return EXIT.interrupted;
  }
  const code = codeOf(error);
  const { hint } = CODES[code];
  const message = redact(messageOf(error));
  const { colors } = io.err;
  const lines = [
    said(`✗ ${code}: ${message}`, io).replace(`✗ ${code}`, `${colors.red('✗')} ${colors.bold(code)}`),
    ...wrapped(`Hint: ${hint}`, io.err.columns(), '  ').map((line) => colors.dim(line)),
    ...(isFerryError(error) || !(error instanceof Error) ? [] : [colors.dim(redact(error.stack ?? ''))]),
  ];
  io.err.stream.write(`${lines.join('\n')}\n`);
  if (json)
    writeJson(io, { schemaVersion: 1, error: { code, message, hint, ...(isFerryError(error) ? error.details : {}) } });
  return isFerryError(error) ? exitCodeOfError(code) : EXIT.unknown;
}

/** In a terminal within its width; in a log each problem stays one line. */
function said(message: string, { err }: Io): string {
  if (!err.isTty) return message;
  return message
    .split('\n')
    .flatMap((line) => hanging(line, err.columns()))
    .join('\n');
}
