import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'performance.md');

/** Puts what was measured between the marks of its section of docs/performance.md, in place of what was there. */
export function writeInto(section: string, text: string): void {
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), section, text));
}

/** A page whose section, from '<!-- bench: name -->' to '<!-- /bench -->', holds this text. */
export function withSection(page: string, section: string, text: string): string {
  const [open, close] = [`<!-- bench: ${section} -->\n`, '<!-- /bench -->'];
  const start = page.indexOf(open);
  const end = page.indexOf(close, start);
  if (start < 0 || end < 0) throw new LabError(`docs/performance.md has no place marked ${open.trim()}`);
  return `${page.slice(0, start + open.length)}${text.trim()}\n${page.slice(end)}`;
}

/** What the numbers below it were taken on. */
export function machineLine(rounds: number): string {
  const [cpu] = cpus();
  const of = rounds === 1 ? 'one round' : `medians of ${rounds} rounds`;
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  const day = new Date().toISOString().slice(0, 10);
  return `${cpus().length} x ${cpu?.model ?? 'a processor'}, ${memory}, ${type()} ${release()}, Node ${process.version}; ${day}; ${of}.`;
}
