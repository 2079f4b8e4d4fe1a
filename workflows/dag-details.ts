import { gridOf } from '../dag/grid.ts';
import type { DagRunView } from '../dag/run.ts';
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
    sections.push(`and ${`${left} more`}: ${rest.map(([state, count]) => `${count} ${markdownText(state)}`).join(', ')}`);
  }
  if (outcome !== undefined) sections.push(`**${outcome.outcome}**`);
  return sections.join('\n\n');
}
