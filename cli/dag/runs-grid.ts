import type { DataInterval } from '../../dag/spec.ts';
import { toLocal } from '../../dag/zone.ts';
import { cut } from '../progress.ts';
import { countText } from '../quantities.ts';
import type { Colors } from '../terminal.ts';
import type { IntervalRow } from './interval-row.ts';
import { legendOf, type Marked, markOf } from './state-marks.ts';

export type GridLayout = { readonly columns: number; readonly colors: Colors; readonly timezone: string };

const LONGEST_NAME = 40;
const DAY_CELL = 3;
const TIME_CELL = 5;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** How many intervals have room beside the names of these tasks. */
export function intervalsThatFit(taskIds: readonly string[], columns: number, cell: number): number {
  return Math.max(1, Math.floor((columns - nameWidth(taskIds)) / cell));
}

/** The width of a column: days are told by two digits, moments within a day by four. */
export function cellWidth(intervals: readonly Pick<DataInterval, 'start'>[], timezone: string): number {
  return isDaily(intervals, timezone) ? DAY_CELL : TIME_CELL;
}

/**
 * Tasks by intervals, as Airflow's grid view has them: a row a task, a column an interval, the newest on the right. Those
 * that have no room are counted. `taskIds`: of the DAG as it is now; tasks that only older runs had stand below them.
 */
export function runsGrid(
  taskIds: readonly string[],
  rows: readonly IntervalRow[],
  { columns, colors, timezone }: GridLayout,
): string {
  const names = [...new Set([...taskIds, ...rows.flatMap(({ tasks = [] }) => tasks.map(({ taskId }) => taskId))])];
  const cell = cellWidth(
    rows.map(({ interval }) => interval),
    timezone,
  );
  const shown = rows.slice(-intervalsThatFit(names, columns, cell));
  const hidden = rows.slice(0, rows.length - shown.length);
  const width = nameWidth(names);
  const head = headLines(shown, timezone, cell).map((line) => colors.dim(`${' '.repeat(width)}${line}`.trimEnd()));
  const line = (name: string, cellOf: (row: IntervalRow) => Marked | undefined) =>
    `${cut(name, width - 1).padEnd(width)}${shown
      .map((row) => {
        const state = cellOf(row);
        return `${' '.repeat(cell - 2)}${state === undefined ? ' ' : markOf(state, colors)} `;
      })
      .join('')}`.trimEnd();
  const lines = [
    ...head,
    line('run', ({ state }) => state),
    ...names.map((name) => line(name, ({ tasks }) => tasks?.find(({ taskId }) => taskId === name)?.state)),
    '',
    legendOf(new Set(shown.flatMap(({ state, tasks = [] }) => [state, ...tasks.map((task) => task.state)])), colors),
  ];
  if (hidden.length > 0) lines.push(`earlier: ${countsText(hidden)}`);
  return lines.join('\n');
}

/** '24 intervals: 22 success, 2 failed' */
export function countsText(rows: readonly Pick<IntervalRow, 'state'>[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  return `${countText(rows.length, 'interval')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** Two lines over the columns: the month (or the day) where it changes, and the day (or the time) of each. */
function headLines(rows: readonly IntervalRow[], timezone: string, cell: number): readonly [string, string] {
  const daily = cell === DAY_CELL;
  const labels = rows.map(({ interval }) => {
    const local = localText(interval.start, timezone);
    const [month, day] = [MONTHS[Number(local.slice(5, 7)) - 1] ?? '', local.slice(8, 10)];
    return daily ? [month, day] : [`${month} ${day}`, local.slice(11, 16).replace(':', '')];
  });
  let above = '';
  let placed = '';
  for (const [place, [group = '']] of labels.entries()) {
    // Behind a group of one column there is no room at once.
    if (group === placed || above.length > place * cell) continue;
    above = `${above.padEnd(place * cell)}${group} `;
    placed = group;
  }
  return [above.trimEnd(), labels.map(([, label = '']) => label.padEnd(cell)).join('')];
}

/** All start at one time of the day. */
function isDaily(intervals: readonly Pick<DataInterval, 'start'>[], timezone: string): boolean {
  return new Set(intervals.map(({ start }) => localText(start, timezone).slice(11))).size <= 1;
}

function localText(moment: string, timezone: string): string {
  return new Date(toLocal(timezone, Date.parse(moment))).toISOString();
}

function nameWidth(taskIds: readonly string[]): number {
  return 2 + Math.min(LONGEST_NAME, Math.max(3, ...taskIds.map((taskId) => taskId.length)));
}
