import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DrawnTask, drawGraph, type GraphRow } from '../../../dag/draw-graph.ts';
import { ARBITRARY_DAG } from './arbitrary-dag.ts';

const task = (taskId: string, ...upstream: string[]): DrawnTask => ({ taskId, upstream });

const text = (rows: readonly GraphRow[]) =>
  rows.map(({ line, task: name }) => (name === undefined ? line : `${line} ${name}`)).join('\n');

describe('drawGraph', () => {
  it.each<[string, readonly DrawnTask[], string]>([
    ['one task', [task('a')], '● a'],
    ['tasks that nothing joins', [task('a'), task('b')], '● a\n\n● b'],
    ['a chain', [task('a'), task('b', 'a'), task('c', 'b')], '● a\n│\n● b\n│\n● c'],
    [
      'a fan, two lines wide however many there are',
      [task('a'), task('b', 'a'), task('c', 'a'), task('d', 'a'), task('e', 'b', 'c', 'd')],
      ['● a', '├─● b', '├─│─● c', '│ ├─╯', '● │ d', '╰─┤', '  ● e'].join('\n'),
    ],
    [
      'lines that cross, and lines that meet',
      [task('a'), task('b'), task('c', 'a'), task('d', 'a', 'b'), task('e', 'b', 'c'), task('f', 'c', 'd', 'e')],
      ['● a', '│ ● b', '├─│─● c', '●─┤ │ d', '│ ●─┤ e', '├─╯ │', '●───╯ f'].join('\n'),
    ],
    ['an edge past a task', [task('a'), task('b', 'a'), task('c', 'a', 'b')], '● a\n├─● b\n├─╯\n● c'],
  ])('draws %s', (_, tasks, drawing) => {
    expect(text(drawGraph(tasks))).toBe(drawing);
  });

  it('shows every edge of any DAG, and no other', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, ({ tasks }) => {
        const rows = drawGraph(tasks);
        const read = tasks.map(({ taskId }) => [taskId, edgesInto(rows, taskId)]);
        expect(read).toEqual(tasks.map(({ taskId, upstream }) => [taskId, [...upstream].sort()]));
      }),
      { numRuns: 500 },
    );
  });

  it('goes on below each row with the lines that the next one has above', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, ({ tasks }) => {
        const rows = drawGraph(tasks);
        for (const [place, { below }] of rows.entries()) {
          const next = rows[place + 1]?.line ?? '';
          for (const [column, sign] of [...below].entries())
            if (sign === '│') expect(next[column]).toMatch(/[│├┤┼┴╰╯●]/);
        }
      }),
    );
  });
});

const WAYS: Readonly<Record<string, string>> = {
  '│': 'NS',
  '─': 'EW',
  '╰': 'NE',
  '╯': 'NW',
  '├': 'NES',
  '┤': 'NWS',
  '┴': 'NEW',
  '┼': 'NESW',
};

/**
 * Reads a drawing as a person does: from the node of a task up its line and along the lines that run into its row; from a
 * line also along those that were joined to it. A row without a node joins lines.
 */
function edgesInto(rows: readonly GraphRow[], taskId: string): readonly string[] {
  const found = new Set<string>();
  const place = rows.findIndex(({ task: name }) => name === taskId);
  const column = rows[place]?.line.indexOf('●') ?? -1;
  const sign = (row: number, at: number) => [...(rows[row]?.line ?? '')][at] ?? ' ';

  const up = (row: number, at: number): void => {
    const here = sign(row, at);
    if (here === '●') {
      found.add(rows[row]?.task ?? '');
      return;
    }
    const ways = WAYS[here] ?? '';
    if (!ways.includes('S')) return;
    if (rows[row]?.task === undefined) {
      if (ways.includes('E')) along(row, at + 1, 1);
      if (ways.includes('W')) along(row, at - 1, -1);
    }
    up(row - 1, at);
  };
  const along = (row: number, at: number, step: 1 | -1): void => {
    const here = sign(row, at);
    const ways = WAYS[here] ?? '';
    const passes = here === '│';
    if (!passes && !ways.includes(step === 1 ? 'W' : 'E')) return;
    if (!passes && ways.includes('N')) up(row - 1, at);
    if (passes || ways.includes(step === 1 ? 'E' : 'W')) along(row, at + step, step);
  };

  up(place - 1, column);
  along(place, column + 1, 1);
  along(place, column - 1, -1);
  return [...found].sort();
}
