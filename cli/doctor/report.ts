import { countText } from '../quantities.ts';
import type { Colors } from '../terminal.ts';
import { wrapped } from '../wrapped.ts';
import type { Check, CheckStatus } from './check.ts';

/** The document of `ferry doctor --json`. */
export type DoctorDocument = {
  readonly schemaVersion: 1;
  readonly healthy: boolean;
  readonly counts: Readonly<Record<CheckStatus, number>>;
  readonly checks: readonly Check[];
};

const MARKS: Readonly<Record<CheckStatus, string>> = { ok: '✓', warn: '!', fail: '✗', unknown: '?', skip: '-' };

export function doctorDocument(checks: readonly Check[]): DoctorDocument {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const counts = {
    ok: count('ok'),
    warn: count('warn'),
    fail: count('fail'),
    unknown: count('unknown'),
    skip: count('skip'),
  };
  return { schemaVersion: 1, healthy: counts.fail + counts.unknown === 0, counts, checks };
}

/** What a person reads: what each check came to, by subject, and the fix below what is not right. */
export function doctorReport(
  checks: readonly Check[],
  { columns, colors }: { readonly columns: number; readonly colors: Colors },
): string {
  const subjects = [...new Set(checks.map(({ subject }) => subject))];
  const width = Math.max(...checks.map(({ id }) => id.length));
  const { counts } = doctorDocument(checks);
  const verdict = [
    countText(checks.length - counts.skip, 'check'),
    ...(counts.fail > 0 ? [`${counts.fail} failed`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} could not tell`] : []),
    ...(counts.warn > 0 ? [countText(counts.warn, 'warning')] : []),
    ...(counts.fail + counts.unknown + counts.warn === 0 ? ['all good'] : []),
  ].join(', ');
  return [
    ...subjects.flatMap((subject) => [
      colors.bold(subject),
      ...checks.filter((check) => check.subject === subject).flatMap((check) => lines(check, width, columns, colors)),
    ]),
    `${counts.fail > 0 ? colors.red('✗') : counts.unknown > 0 ? colors.yellow('?') : colors.green('✓')} ${colors.bold(verdict)}`,
  ].join('\n');
}

function lines({ id, status, says, fix }: Check, width: number, columns: number, colors: Colors): readonly string[] {
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red, unknown: colors.yellow, skip: colors.dim }[
    status
  ];
  const indent = ' '.repeat(width + 6);
  const [first = '', ...rest] = wrapped(says.trim(), columns, indent).map((line) => line.slice(indent.length));
  const text = status === 'skip' ? colors.dim : (line: string) => line;
  return [
    `  ${paint(MARKS[status])} ${id.padEnd(width)}  ${text(first)}`,
    ...rest.map((line) => `${indent}${text(line)}`),
    ...(fix === undefined ? [] : wrapped(`Fix: ${fix}`, columns, indent).map((line) => colors.bold(line))),
  ];
}
