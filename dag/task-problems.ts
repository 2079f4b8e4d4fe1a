import { didYouMean, type Problem, shown } from '../sync/problems.ts';
import { ancestors } from './graph.ts';
import { branchTargets } from './operators/branch.ts';
import { inputProblems } from './operators/operator.ts';
import { OPERATORS } from './operators/operators.ts';
import type { TaskFields } from './spec-schema.ts';
import { templateProblems } from './template-problems.ts';

const OWN_ACTIVITIES = Object.values(OPERATORS).flatMap(({ activity }) => activity ?? []);

/** What a task is checked against: the ids of all tasks, those whose fields are right, and the names of the params. */
export type TaskSurroundings = {
  readonly taskIds: readonly string[];
  readonly tasks: readonly TaskFields[];
  readonly params: readonly string[];
};

/** What is wrong with a task whose fields are right by themselves: its edges, its action, its input and its templates. */
export function taskProblems(task: TaskFields, around: TaskSurroundings): readonly Problem[] {
  return [
    ...upstreamProblems(task, around.taskIds),
    ...delayProblems(task),
    ...expandProblems(task),
    ...actionProblems(task, around),
  ];
}

function upstreamProblems({ upstream }: TaskFields, taskIds: readonly string[]): readonly Problem[] {
  return upstream
    .filter((each) => !taskIds.includes(each))
    .map((each) => ({
      path: 'upstream',
      message: `${shown(each)} is not a task of this DAG (${taskIds.join(', ')})${didYouMean(each, taskIds)}`,
    }));
}

function delayProblems({ retryDelaySeconds, maxRetryDelaySeconds }: TaskFields): readonly Problem[] {
  if (retryDelaySeconds <= maxRetryDelaySeconds) return [];
  return [
    {
      path: 'retryDelaySeconds',
      message: `${retryDelaySeconds} is more than maxRetryDelaySeconds, ${maxRetryDelaySeconds}; raise that, or lower it`,
    },
  ];
}

function expandProblems({ action, expand, upstream }: TaskFields): readonly Problem[] {
  if (expand === undefined) return [];
  if (action.kind === 'choose')
    return [{ path: 'expand', message: `goes with no ${action.operator}: it chooses once for its run; leave it out` }];
  if (Array.isArray(expand.over) || upstream.includes(expand.over.xcom)) return [];
  const { xcom } = expand.over;
  return [
    { path: 'expand.over.xcom', message: `${shown(xcom)} is not directly upstream of this task; add it to upstream` },
  ];
}

function actionProblems(task: TaskFields, around: TaskSurroundings): readonly Problem[] {
  const { action } = task;
  const operator = Object.hasOwn(OPERATORS, action.operator) ? OPERATORS[action.operator] : undefined;
  if (operator === undefined) {
    const known = Object.keys(OPERATORS);
    const guess = didYouMean(action.operator, known);
    return [
      { path: 'action.operator', message: `${shown(action.operator)} is not one of ${known.join(', ')}${guess}` },
    ];
  }
  const scope = {
    params: around.params,
    upstream: ancestors(around.tasks, task.taskId),
    mapped: task.expand !== undefined,
    hiveql: operator.hiveql,
  };
  const input = [...inputProblems(operator.input, action.input), ...templateProblems(action.input, scope)];
  return [
    ...startProblems(task, operator),
    ...input.map(({ path, message }) => ({ path: within('action.input', path), message })),
    ...(action.operator === 'branch' ? targetProblems(task, around.tasks) : []),
  ];
}

/** An action starts what its operator says: an operator's name is no way to start something else. */
function startProblems(
  { action }: TaskFields,
  operator: { readonly kind: string; readonly activity?: string },
): readonly Problem[] {
  const { kind } = operator;
  if (action.kind !== kind)
    return [
      { path: 'action.kind', message: `${shown(action.kind)} is not what ${action.operator} is, ${shown(kind)}` },
    ];
  if (operator.activity === undefined && OWN_ACTIVITIES.includes(action.activity ?? ''))
    return [
      {
        path: 'action.activity',
        message: `${shown(action.activity)} is an operator's own activity; use the operator of that name`,
      },
    ];
  const wanted: Readonly<Record<string, string | undefined>> = {
    activity: kind === 'activity' ? (operator.activity ?? action.activity ?? '<the name of your activity>') : undefined,
    workflow: kind === 'workflow' ? 'syncTable' : undefined,
  };
  return (['activity', 'workflow'] as const)
    .filter((field) => action[field] !== wanted[field])
    .map((field) => ({
      path: `action.${field}`,
      message:
        wanted[field] === undefined
          ? `goes with no ${action.operator}; leave it out`
          : `${shown(action[field])} is not what ${action.operator} starts; give ${shown(wanted[field])}`,
    }));
}

function targetProblems({ taskId, action }: TaskFields, tasks: readonly TaskFields[]): readonly Problem[] {
  const below = tasks.filter(({ upstream }) => upstream.includes(taskId)).map((task) => task.taskId);
  return branchTargets(action.input)
    .filter((target) => !below.includes(target))
    .map((target) => ({
      path: 'action.input',
      message: `${shown(target)} is not directly downstream of this task (${below.join(', ') || 'nothing is'}); add the edge`,
    }));
}

function within(path: string, inner: string): string {
  if (inner === '') return path;
  return inner.startsWith('[') ? `${path}${inner}` : `${path}.${inner}`;
}
