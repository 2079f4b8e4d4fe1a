import { instanceName } from '../../dag/grid.ts';
import { commandLine } from '../command-lines.ts';
import { countText } from '../quantities.ts';
import { type Hole, holeRanges } from './holes.ts';
import type { IntervalRow } from './interval-row.ts';
import { countsText, type GridLayout, runsGrid } from './runs-grid.ts';

const SHOWN_FAILED = 5;
const SHOWN_RANGES = 10;

export type RunsReportLayout = GridLayout & { readonly program: string };

/** The grid of a DAG's runs, and below it what failed lately and the command that goes on. */
export function runsReport(
  dagId: string,
  taskIds: readonly string[],
  rows: readonly IntervalRow[],
  layout: RunsReportLayout,
): string {
  const { colors, program, timezone } = layout;
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return `${dagId}: no interval has ended yet.`;
  const head = `${colors.bold(dagId)}  ${first.interval.start} to ${last.interval.end}  (${timezone})  ${countsText(rows)}`;
  const failed = rows.filter(({ state }) => state === 'failed' || state === 'waiting').slice(-SHOWN_FAILED);
  const lines = failed.flatMap(({ interval, workflowId = '', failures = [], tasks = [] }) => {
    const [why] = failures;
    const ids = tasks.filter(({ state }) => state === 'failed').map(({ taskId }) => taskId);
    return [
      `${colors.red('✗')} ${interval.start}  ${why === undefined ? ids.join(', ') : `${instanceName(why)}: ${why.code}: ${why.message}`}`,
      ...(ids.length === 0 ? [] : [`  ${commandLine(program, ['dag', 'clear', workflowId, ...ids])}`]),
    ];
  });
  return [head, '', runsGrid(taskIds, rows, layout), ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

/** What `--missing` tells, and the backfills that fill the holes. */
export function missingReport(
  dagId: string,
  rows: readonly IntervalRow[],
  holes: readonly Hole[],
  { colors, program }: RunsReportLayout,
): string {
  const failed = rows.filter(({ state }) => state === 'failed' || state === 'cancelled').length;
  const others =
    failed === 0 ? [] : [`${countText(failed, 'interval')} ran and did not succeed: ${program} dag runs ${dagId}`];
  if (holes.length === 0) {
    const none = `${dagId}: no interval is missing; ${rows.length} due.`;
    return [colors.green(none), ...others].join('\n');
  }
  const ranges = holeRanges(holes);
  const lines = ranges
    .slice(0, SHOWN_RANGES)
    .flatMap(({ from, to, count }) => [
      `  ${from}${count === 1 ? '' : ` to ${to} (${count})`}`,
      `    ${commandLine(program, ['dag', 'backfill', dagId, '--from', from, '--to', to])}`,
    ]);
  const early = holes.filter(({ because }) => because !== 'no run is known').length;
  return [
    `${colors.bold(dagId)}: nobody knows a run of ${holes.length} of ${countText(rows.length, 'due interval')}:`,
    ...lines,
    ...(ranges.length > SHOWN_RANGES ? [`  and ${ranges.length - SHOWN_RANGES} more ranges`] : []),
    ...(early === 0
      ? []
      : [`${countText(early, 'interval')} before the first run that is known: they may have run and been forgotten.`]),
    ...others,
  ].join('\n');
}
