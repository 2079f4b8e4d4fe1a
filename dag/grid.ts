import type { DagRunView, TaskInstance, TaskState, TaskStep } from './run.ts';

/** One line of a run's grid: a task, or an instance of a mapped one. */
export type GridRow = {
  /** 'orders', 'orders[3]' */
  readonly name: string;
  readonly operator: string;
  readonly state: TaskState;
  /** '1m 5s', 'try 2', 'try 3 at 2026-11-26T03:10:00Z', 'PARTIAL: 2 partitions failed': what there is to say, joined by ' · '. */
  readonly text: string;
  /** Of a syncTable task. */
  readonly steps: readonly TaskStep[];
};

export type Grid = {
  readonly rows: readonly GridRow[];
  /** The instances that have no row, by state; empty when all have one. */
  readonly rest: readonly (readonly [TaskState, number])[];
};

/** In the order in which a look at them is worth most. */
const RANK: readonly TaskState[] = [
  'failed',
  'running',
  'upstream_failed',
  'cancelled',
  'scheduled',
  'none',
  'success',
  'skipped',
];

/** The grid of a run in the order of its tasks: at most `most` rows, those that need a look first, and totals of the others. */
export function gridOf(tasks: DagRunView['tasks'], most = 20): Grid {
  const ranked = tasks.map((task, place) => ({ task, place }));
  ranked.sort((a, b) => RANK.indexOf(a.task.state) - RANK.indexOf(b.task.state) || a.place - b.place);
  const shown = ranked.slice(0, most).sort((a, b) => a.place - b.place);
  const left = ranked.slice(most).map(({ task }) => task);
  return { rows: shown.map(({ task }) => rowOf(task)), rest: countStates(left) };
}

/** Instances by state, the states that need a look first; states that none is in are left out. */
export function countStates(
  instances: readonly Pick<TaskInstance, 'state'>[],
): readonly (readonly [TaskState, number])[] {
  return RANK.map((state) => [state, instances.filter((each) => each.state === state).length] as const).filter(
    ([, count]) => count > 0,
  );
}

/** 'orders', 'orders[3]' */
export function instanceName({ taskId, mapIndex }: Pick<TaskInstance, 'taskId' | 'mapIndex'>): string {
  return mapIndex === undefined ? taskId : `${taskId}[${mapIndex}]`;
}

function rowOf(task: DagRunView['tasks'][number]): GridRow {
  const { state, operator, tries, nextTryAt, startedAt, endedAt, failure, steps = [] } = task;
  const text = [
    ...(startedAt !== undefined && endedAt !== undefined
      ? [durationText(Date.parse(endedAt) - Date.parse(startedAt))]
      : []),
    ...(nextTryAt === undefined ? (tries > 1 ? [`try ${tries}`] : []) : [`try ${tries + 1} at ${nextTryAt}`]),
    ...(failure === undefined ? [] : [`${failure.code}: ${failure.message}`]),
  ];
  return { name: instanceName(task), operator, state, text: text.join(' · '), steps };
}

/** 65_000 -> '1m 5s', the two largest units. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['m', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const first = units.findIndex(([, count]) => count > 0);
  if (first < 0) return '0s';
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count}${unit}`)
    .join(' ');
}
