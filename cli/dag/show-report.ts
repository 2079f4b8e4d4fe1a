import { drawGraph } from '../../dag/draw-graph.ts';
import type { DagSpec, DataInterval, TaskSpec } from '../../dag/spec.ts';
import { countText, durationText } from '../quantities.ts';
import type { Colors } from '../terminal.ts';
import { wrapped } from '../wrapped.ts';

export type ShowLayout = { readonly columns: number; readonly colors: Colors };

/** A DAG for people: what it says, its next intervals with the time each is run at, and its graph. */
export function showReport(spec: DagSpec, next: readonly DataInterval[], layout: ShowLayout): string {
  const { columns, colors } = layout;
  const labelled = facts(spec, next).flatMap(([label, lines]) =>
    lines
      .flatMap((line) => wrapped(line, columns - LABEL, ''))
      .map((line, place) => `${colors.dim((place === 0 ? label : '').padEnd(LABEL))}${line}`),
  );
  return [colors.bold(spec.dagId), ...labelled, '', ...graphLines(spec.tasks, layout)].join('\n');
}

const LABEL = 10;

function facts(spec: DagSpec, next: readonly DataInterval[]): readonly (readonly [string, readonly string[]])[] {
  const { description, schedule, timezone, startDate, endDate, catchup, params, tags, onEnd } = spec;
  const dates = [
    ...(startDate === undefined ? [] : [`from ${startDate}`]),
    ...(endDate === undefined ? [] : [`until ${endDate}`]),
    ...(catchup ? ['catches up'] : []),
  ];
  const limits = `${countText(spec.maxActiveRuns, 'run')} and ${countText(spec.maxActiveTasks, 'task')} of one at a time`;
  const ending = [`a failed run ${spec.onFailure === 'wait' ? 'waits to be cleared' : 'ends'}`];
  const defaults = Object.entries(params).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['', description === undefined ? [] : [description]],
    [
      'schedule',
      [
        schedule === undefined
          ? 'none; its runs are started by hand'
          : [`${schedule} (${timezone})`, ...dates].join(', '),
      ],
    ],
    ['next', next.map(({ start, end }) => `${end}  for ${start} to ${end}`)],
    ['limits', [limits]],
    ['failure', [...ending, ...(onEnd === undefined ? [] : [`${onEnd.activity} is told how it ended`])]],
    ['params', defaults],
    ['tags', tags.length === 0 ? [] : [tags.join(', ')]],
  ];
  return all.filter(([, lines]) => lines.length > 0);
}

/** Lines beyond this share of the width leave no room to name the tasks. */
const WIDEST_SHARE = 0.5;
const LEAST_TEXT = 20;

/**
 * The graph with the tasks beside their nodes. One with more lines than there is room for is told in words instead, task by
 * task.
 */
export function graphLines(tasks: readonly TaskSpec[], { columns, colors }: ShowLayout): readonly string[] {
  const rows = drawGraph(tasks);
  const graph = Math.max(...rows.map(({ line, below }) => Math.max(line.length, below.length)));
  const drawn = graph <= columns * WIDEST_SHARE;
  const widest = Math.max(...tasks.map(({ taskId }) => taskId.length));
  const room = columns - (drawn ? graph + 2 : 0);
  // A name that leaves no room for what is said of it has a line of its own.
  const beside = widest + 2 + LEAST_TEXT <= room;
  return rows.flatMap(({ line, below, task }) => {
    const found = tasks.find(({ taskId }) => taskId === task);
    if (found === undefined) return drawn ? [line] : [];
    const text = [
      ...taskFacts(found),
      ...(drawn || found.upstream.length === 0 ? [] : [`after ${found.upstream.join(', ')}`]),
    ];
    const indent = beside ? widest + 2 : 2;
    const said = wrapped(text.join(' · '), room - indent, '');
    const name = colors.bold(found.taskId);
    const head = beside ? `${name}${' '.repeat(indent - found.taskId.length)}${said[0] ?? ''}` : name;
    const rest = (beside ? said.slice(1) : said).map((each) => `${' '.repeat(indent)}${each}`);
    if (!drawn) return [head, ...rest];
    return [`${line.padEnd(graph)}  ${head}`, ...rest.map((each) => `${below.padEnd(graph)}  ${each}`)];
  });
}

/** What there is to say of a task that goes without saying for no other: its operator first. */
function taskFacts(task: TaskSpec): readonly string[] {
  const { action, expand, triggerRule, retries, executionTimeoutSeconds } = task;
  const over = expand?.over;
  return [
    action.operator === 'activityTask' && action.kind === 'activity' ? `activity ${action.activity}` : action.operator,
    ...(over === undefined ? [] : ['xcom' in over ? `one for each of ${over.xcom}` : `one for each of ${over.length}`]),
    ...(triggerRule === 'all_success' ? [] : [triggerRule]),
    ...(retries === 0 ? [] : [retries === 1 ? '1 retry' : `${retries} retries`]),
    ...(executionTimeoutSeconds === undefined ? [] : [`${durationText(executionTimeoutSeconds)} at most`]),
  ];
}
