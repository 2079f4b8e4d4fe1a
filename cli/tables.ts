import Table from 'cli-table3';
import type { Colors } from './terminal.ts';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

export type TableLayout = {
  /** The width to stay within; the widest text column is wrapped to it. */
  readonly columns: number;
  readonly colors: Colors;
  /** Columns of numbers, by index. */
  readonly right?: readonly number[];
};

const LEAST = 12;

/** cli-table3 takes time with the square of the rows: 7 s for 10,000 at once, under 2 s in parts of 500. */
const ROWS_AT_ONCE = 500;

/** A plain table: a head, rows, no lines between. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[], layout: TableLayout): string {
  const natural = head.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), title.length),
  );
  const widths = fitWidths(natural, layout.columns);
  // A word that does not fit would be cut off at a boundary; then it is broken, so that nothing is lost.
  const wrapOnWordBoundary = [head, ...rows].every((row) =>
    row.every((cell, column) => cell.split(' ').every((word) => word.length <= (widths[column] ?? 0))),
  );
  const written = (lines: readonly (readonly string[])[]): readonly string[] => {
    const table = new Table({
      chars: NO_LINES,
      colWidths: [...widths],
      colAligns: head.map((_, column) => (layout.right?.includes(column) ? 'right' : 'left')),
      wordWrap: true,
      wrapOnWordBoundary,
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    });
    table.push(...lines.map((line) => [...line]));
    return table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd());
  };
  // Escape codes would be counted as letters where words are broken, and broken too.
  const all = written([head]).map(layout.colors.dim);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    all.push(...written(rows.slice(from, from + ROWS_AT_ONCE)));
  return all.join('\n');
}

/** Takes what is too much from the widest columns, and leaves each a width that can still be read. */
export function fitWidths(natural: readonly number[], columns: number): readonly number[] {
  const widths = natural.map((width) => Math.max(1, width));
  const total = () => widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
  while (total() > columns) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}
