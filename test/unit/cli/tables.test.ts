import { describe, expect, it } from '@jest/globals';
import { tableText } from '../../../cli/tables.ts';
import { colorsFor } from '../../../cli/terminal.ts';

const layout = { columns: 60, colors: colorsFor(false, {}), right: [1] };

describe('a table', () => {
  it('has one head and columns of one width, however many rows there are', () => {
    const rows = Array.from({ length: 1_201 }, (_, row) => [`dt=${row}`, String(row * 1_000)]);
    const lines = tableText(['partition', 'files'], rows, layout).split('\n');
    expect(lines).toHaveLength(1_202);
    expect(lines[0]).toBe('partition    files');
    expect(lines[1]).toBe('dt=0             0');
    expect(lines.at(-1)).toBe('dt=1200    1200000');
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([18]));
  });

  it('wraps a wide text within the columns asked for, and loses nothing of it', () => {
    const name = `dt=${'x'.repeat(90)}`;
    const text = tableText(['partition', 'files'], [[name, '3']], layout);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(text.replace(/[^x]/g, '')).toHaveLength(90);
  });

  it('dims its head, whole, also where words of the rows have to be broken', () => {
    const colored = colorsFor(true, { FORCE_COLOR: '1' });
    const text = tableText(['partitions', 'of'], [['x'.repeat(9), 'y'.repeat(30)]], { columns: 20, colors: colored });
    const plain = tableText(['partitions', 'of'], [['x'.repeat(9), 'y'.repeat(30)]], {
      columns: 20,
      colors: layout.colors,
    });
    const [head] = text.split('\n');
    expect(head).toBe(colored.dim(plain.split('\n')[0] ?? ''));
  });

  it('without rows is its head', () => {
    expect(tableText(['partition', 'files'], [], layout)).toBe('partition  files');
  });
});
