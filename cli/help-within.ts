import type { Terminal } from './terminal.ts';
import { hanging } from './wrapped.ts';

/** A help text within the width of its terminal. Command lines in it stay whole, to be copied. */
export function helpWithin(text: string, { isTty, columns }: Pick<Terminal, 'isTty' | 'columns'>): string {
  if (!isTty) return text;
  return text
    .split('\n')
    .flatMap((line) => (/^\s*ferry /.test(line) ? [line] : hanging(line, columns())))
    .join('\n');
}
