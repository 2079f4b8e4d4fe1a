import { countStates, gridOf, instanceName } from '../../dag/grid.ts';
import type { DagRunOutcome, DagRunView, TaskInstance } from '../../dag/run.ts';
import { RUN_DAG } from '../../workflows/dag-messages.ts';
import { commandLine } from '../command-lines.ts';
import { EXIT } from '../exit-code.ts';
import { cut } from '../progress.ts';
import type { Drawing } from '../progress-display.ts';
import { countText, durationText } from '../quantities.ts';
import type { Colors } from '../terminal.ts';
import { markOf } from './state-marks.ts';
import type { ReportLayout, WorkKind } from './tell-work.ts';

const SHOWN_RUNNING = 3;
const SHOWN_FAILURES = 10;

const EXITS: Readonly<Record<DagRunOutcome['outcome'], number>> = {
  success: EXIT.all,
  'nothing-to-do': EXIT.all,
  failed: EXIT.none,
  cancelled: EXIT.cancelled,
};

/** How a run is shown while it goes on: its grid, and the step that each sync is at. */
export const DAG_RUN_DRAWING: Drawing<DagRunView> = {
  lines: (view, columns, colors) => [cut(headOf(view), columns), ...gridLines(view.tasks, columns, colors)],
  logLine: (view, at) => `${at.toISOString().slice(11, 19)} ${headOf(view)}${runningText(view)}`,
  phase: (view) => [view.phase, ...view.tasks.map(({ state, tries }) => `${state} ${tries}`)].join(),
};

/** Runs of DAGs, for the commands that start or follow them. */
export const DAG_RUN: WorkKind<DagRunView, DagRunOutcome> = {
  query: RUN_DAG.state,
  drawing: DAG_RUN_DRAWING,
  outcomeOf: ({ outcome }) => outcome,
  report: (outcome, view, layout) => dagRunReport(outcome, view?.tasks, layout),
  exitOf: ({ outcome }) => EXITS[outcome],
};

/** How a run ended, for people. `tasks` are left out where no worker was there to tell of them. */
export function dagRunReport(
  outcome: DagRunOutcome,
  tasks: DagRunView['tasks'] | undefined,
  { columns, colors, program }: ReportLayout,
): string {
  const { dagId, workflowId, interval, failures } = outcome;
  const lines = [endLine(outcome, colors)];
  if (outcome.other !== undefined) {
    const { state, workflowId: id, runId, endedAt } = outcome.other;
    const run = `${id}${runId === undefined ? '' : ` (run ${runId})`}`;
    if (state === 'running') return [...lines, `  Another run is at this interval: ${run}`].join('\n');
    lines.push(`  It has succeeded already: ${run}${endedAt === undefined ? '' : `, at ${endedAt}`}`);
    const again = ['dag', 'trigger', dagId, '--interval', interval.start, '--rerun'];
    return [...lines, `  To run it again: ${commandLine(program, again)}`].join('\n');
  }
  if (tasks !== undefined) lines.push(...gridLines(tasks, columns, colors));
  lines.push(
    ...failures
      .slice(0, SHOWN_FAILURES)
      .map((each) => `  ${colors.red(instanceName(each))}: ${each.code}: ${each.message}`),
  );
  const more = (outcome.tasks.failed ?? 0) - Math.min(failures.length, SHOWN_FAILURES);
  if (more > 0) lines.push(`  and ${countText(more, 'more failure')}`);
  const failed = [...new Set(failures.map(({ taskId }) => taskId))];
  if (failed.length > 0) {
    const again = commandLine(program, ['dag', 'clear', workflowId, ...failed]);
    lines.push(`  To run them again, and what depends on them: ${again}`);
  }
  return lines.join('\n');
}

function endLine(outcome: DagRunOutcome, colors: Colors): string {
  const { dagId, interval, outcome: kind, tasks, seconds } = outcome;
  const color = kind === 'failed' ? colors.red : kind === 'cancelled' ? colors.yellow : colors.green;
  const counts = Object.entries(tasks).map(([state, count]) => `${count} ${state}`);
  const text = [kind, ...(counts.length === 0 ? [] : [`${counts.join(', ')} in ${durationText(seconds)}`])];
  return `${colors.bold(dagId)}  ${interval.start} to ${interval.end}  ${color(text.join(': '))}`;
}

function headOf({ dagId, interval, phase, tasks }: DagRunView): string {
  const counts = countStates(tasks).map(([state, count]) => `${count} ${state}`);
  return `${dagId}  ${interval.start}  ${phase}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
}

function gridLines(tasks: DagRunView['tasks'], columns: number, colors: Colors): readonly string[] {
  const { rows, rest } = gridOf(tasks);
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const lines = rows.flatMap(({ name, state, text, steps }) => [
    [state, cut(`${name.padEnd(width)}  ${state}${text === '' ? '' : `  ${text}`}`, columns - 4)] as const,
    ...steps
      .filter((step) => state === 'running' && step.state === 'running')
      .map((step) => [undefined, cut(`  ${step.step}: ${step.text}`, columns - 4)] as const),
  ]);
  const left = rest.map(([state, count]) => `${count} ${state}`).join(', ');
  return [
    ...lines.map(([state, text]) => `  ${state === undefined ? ' ' : markOf(state, colors)} ${text}`),
    ...(left === '' ? [] : [colors.dim(`    and others: ${left}`)]),
  ];
}

function runningText({ tasks }: DagRunView): string {
  const running = tasks.filter(({ state }) => state === 'running').slice(0, SHOWN_RUNNING);
  return running.map((task) => ` · ${instanceName(task)}${stepText(task)}`).join('');
}

function stepText({ steps = [], nextTryAt, tries }: TaskInstance): string {
  const step = steps.find(({ state }) => state === 'running');
  if (step !== undefined) return ` (${step.step}${step.text === '' ? '' : `, ${step.text}`})`;
  if (nextTryAt !== undefined) return ` (try ${tries + 1} at ${nextTryAt})`;
  return tries > 1 ? ` (try ${tries})` : '';
}
