import { gridOf, instanceName } from '../dag/grid.ts';
import type { DagRunOutcome, DagRunView, OtherRun } from '../dag/run.ts';
import { markdownText, table } from './current-details.ts';

/** What a run shows besides its grid: whom it waits for, what went wrong beside its tasks. Plain text. */
export type Notes = readonly string[];

/** The Markdown that the Temporal UI shows as the current details of a DAG run: its grid, the steps of its syncs, and how it ended. */
export function dagDetails(view: DagRunView, notes: Notes): string {
  const { dagId, interval, phase, outcome } = view;
  const head = `**${markdownText(dagId)}** ${markdownText(`${interval.start} to ${interval.end} · ${view.runType}`)}`;
  const { rows, rest } = gridOf(view.tasks);
  const lines = rows.flatMap((row) => [
    [row.name, row.state, row.operator, row.text],
    ...row.steps.map(({ step, state, text }) => [`- ${step}`, state, '', text]),
  ]);
  const sections = [head, ...notes.map(markdownText)];
  if (phase !== 'running' && phase !== 'ended') sections.push(`**${phase}**`);
  if (lines.length > 0) sections.push(table(['task', 'state', 'operator', ''], lines));
  if (rest.length > 0) {
    const left = rest.reduce((sum, [, count]) => sum + count, 0);
    sections.push(
      `and ${`${left} more`}: ${rest.map(([state, count]) => `${count} ${markdownText(state)}`).join(', ')}`,
    );
  }
  if (outcome !== undefined) sections.push(`**${outcome.outcome}**`);
  if (outcome?.other !== undefined) sections.push(markdownText(otherText(outcome.other)));
  return sections.join('\n\n');
}

const TOLD_FAILURES = 5;

/** Why a run failed, and the command that runs its failed tasks again. */
export function dagFailureText(outcome: DagRunOutcome): string {
  const { dagId, interval, failures, workflowId, tasks } = outcome;
  const failed = failures
    .slice(0, TOLD_FAILURES)
    .map((each) => `  ${instanceName(each)}: ${each.code}: ${each.message}`);
  const more = (tasks.failed ?? 0) - failed.length;
  const ids = [...new Set(failures.map(({ taskId }) => taskId))];
  return [
    `${dagId}, ${interval.start} to ${interval.end}: failed.`,
    ...failed,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `To run them again, and what depends on them: ferry dag clear ${workflowId} ${ids.join(' ')}`,
  ].join('\n');
}

/** Which run stands in the way, and what to do about it. */
export function otherText({ state, workflowId, runId, endedAt }: OtherRun): string {
  const run = `${workflowId}${runId === undefined ? '' : ` (run ${runId})`}`;
  if (state === 'running') return `Another run is at this interval: ${run}`;
  return `This interval has succeeded already: ${run}${endedAt === undefined ? '' : `, at ${endedAt}`}. To run it again, start it with "rerun": true.`;
}
