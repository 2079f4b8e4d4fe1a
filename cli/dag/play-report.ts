import { instanceName } from '../../dag/grid.ts';
import type { Json } from '../../dag/spec.ts';
import { cut } from '../progress.ts';
import { durationText } from '../quantities.ts';
import type { PlayedDag, PlayedTask } from './play-dag.ts';
import { markOf } from './state-marks.ts';
import type { ReportLayout } from './tell-work.ts';

/** '✓ orders  syncTable  success  12s', and what the task failed with. */
export function playedLine(task: PlayedTask, { columns, colors }: Omit<ReportLayout, 'program'>): string {
  const { operator, state, seconds, faked = false, failure } = task;
  const time = faked || seconds === undefined ? '' : `  ${durationText(seconds)}`;
  const text = `${instanceName(task)}  ${operator}  ${state}${faked ? ' (faked)' : time}`;
  const line = `${markOf(state, colors)} ${cut(text, columns - 2)}`;
  return failure === undefined ? line : `${line}\n    ${colors.red(failure.code)}: ${failure.message}`;
}

/** What became of each task, with the input that its templates came to. */
export function playReport({ outcome, tasks }: PlayedDag, layout: ReportLayout): string {
  const { colors } = layout;
  const { dagId, interval, outcome: kind } = outcome;
  const counts = Object.entries(outcome.tasks).map(([state, count]) => `${count} ${state}`);
  const color = kind === 'success' ? colors.green : colors.red;
  return [
    `${colors.bold(dagId)}  ${interval.start} to ${interval.end}  ${color(kind)}: ${counts.join(', ')}`,
    ...tasks.flatMap((task) => [
      playedLine(task, layout),
      ...(task.input === undefined ? [] : inputLines(task.input).map((line) => colors.dim(`    ${line}`))),
    ]),
  ].join('\n');
}

/** A field a line; what is within one stays JSON. */
function inputLines(input: Json): readonly string[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [JSON.stringify(input)];
  return Object.entries(input).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
}
