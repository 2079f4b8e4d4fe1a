import type { ClearInput, ContinuedRun, TaskProgress, TaskState } from './run.ts';
import type { DagSpec, TaskSpec } from './spec.ts';
import { decide, type UpstreamState } from './trigger-rules.ts';

/** Of a DagSpec, what scheduling goes by. */
export type SchedulableDag = Pick<DagSpec, 'maxActiveTasks'> & {
  /** In topological order. */
  readonly tasks: readonly Pick<TaskSpec, 'taskId' | 'upstream' | 'triggerRule' | 'expand'>[];
};

/** Plain JSON: where each task of a run stands. */
export type SchedulerState = {
  readonly tasks: Readonly<Record<string, TaskProgress>>;
  /** Nothing is started; what runs goes on. */
  readonly paused: boolean;
  /** Nothing is started any more. */
  readonly cancelled: boolean;
};

/** A task, or an instance of a mapped one. */
export type Place = { readonly taskId: string; readonly mapIndex?: number };

/**
 * What can happen to a run. The end of a task that was started: succeeded (with the length of its XCom where that is a
 * list, and what a choose task skips), failed after its last try, stopped by a cancellation.
 */
export type SchedulerEvent =
  | (Place & { readonly kind: 'succeeded'; readonly items?: number; readonly skips?: readonly string[] })
  | (Place & { readonly kind: 'failed' | 'stopped' })
  | (ClearInput & { readonly kind: 'cleared' })
  | { readonly kind: 'begun' | 'paused' | 'resumed' | 'cancelled' };

export type Step = {
  readonly state: SchedulerState;
  /** What is to be started now: in the order of the spec, instances by map index. */
  readonly starts: readonly Place[];
};

/** Airflow's max_map_length: a list that is longer fails its mapped task. */
export const MAX_MAP_LENGTH = 1024;

const ENDED: ReadonlySet<TaskState> = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'cancelled']);

/** Every task before its start, but for those that `continued` hands over as succeeded and does not clear. */
export function initialState(dag: SchedulableDag, continued?: ContinuedRun): SchedulerState {
  const taken = new Map(
    (continued?.tasks ?? []).filter(({ state }) => state === 'success').map((task) => [task.taskId, task]),
  );
  const again = new Set(continued?.clear === undefined ? [] : withDownstream(dag, continued.clear));
  const progress = (taskId: string): TaskProgress => {
    const task = again.has(taskId) ? undefined : taken.get(taskId);
    if (task === undefined) return { state: 'none' };
    const { taskId: _, xcom: __, ...kept } = task;
    return kept;
  };
  return {
    tasks: Object.fromEntries(dag.tasks.map(({ taskId }) => [taskId, progress(taskId)])),
    paused: false,
    cancelled: false,
  };
}

/** One step of a run: an event happens, what follows from it is decided, and what may start is started. Pure. */
export function step(dag: SchedulableDag, state: SchedulerState, event: SchedulerEvent): Step {
  const after = happened(dag, state, event);
  if (after.cancelled) return { state: { ...after, tasks: stopAll(after.tasks) }, starts: [] };
  const tasks = settle(dag, after.tasks);
  return after.paused ? { state: { ...after, tasks }, starts: [] } : start(dag, { ...after, tasks });
}

/** How a run ends; undefined while a task has not. As in Airflow, the tasks that nothing depends on decide. */
export function verdict(dag: SchedulableDag, state: SchedulerState): 'success' | 'failed' | 'cancelled' | undefined {
  const all = Object.values(state.tasks);
  if (!all.every((task) => ENDED.has(task.state))) return undefined;
  if (state.cancelled && all.some((task) => task.state === 'cancelled')) return 'cancelled';
  const leaves = dag.tasks.filter(({ taskId }) => downstreamOf(dag, taskId).length === 0);
  const failed = leaves.some(({ taskId }) => ['failed', 'upstream_failed'].includes(progressOf(state, taskId).state));
  return failed ? 'failed' : 'success';
}

/** Instances that have been started and have not ended. */
export function activeCount(state: SchedulerState): number {
  return Object.values(state.tasks).reduce((sum, task) => sum + activeOf(task), 0);
}

/** The tasks a clear is about, in the order of the spec. */
export function withDownstream(dag: SchedulableDag, { tasks, downstream = true }: ClearInput): readonly string[] {
  const all = new Set(tasks);
  if (downstream) for (const taskId of tasks) for (const below of reachedFrom(dag, [taskId])) all.add(below);
  return dag.tasks.map(({ taskId }) => taskId).filter((taskId) => all.has(taskId));
}

/** Why these tasks cannot be cleared now; empty when they can. */
export function clearProblems(dag: SchedulableDag, state: SchedulerState, input: ClearInput): readonly string[] {
  if (input.tasks.length === 0) return ['tasks: name at least one'];
  const unknown = input.tasks.filter((taskId) => state.tasks[taskId] === undefined);
  if (unknown.length > 0) return unknown.map((taskId) => `${taskId}: the DAG has no such task`);
  return withDownstream(dag, input)
    .filter((taskId) => activeOf(progressOf(state, taskId)) > 0)
    .map((taskId) => `${taskId}: is running; clear it when it has ended, or cancel the run`);
}

/** What a branch skips: the tasks directly below it, but for the chosen ones and what depends on those. */
export function branchSkips(dag: SchedulableDag, taskId: string, chosen: readonly string[]): readonly string[] {
  const kept = new Set([...chosen, ...reachedFrom(dag, chosen)]);
  return downstreamOf(dag, taskId).filter((below) => !kept.has(below));
}

/** What a short circuit that does not hold skips: all that depends on it, whatever the rules say. */
export function shortCircuitSkips(dag: SchedulableDag, taskId: string): readonly string[] {
  return [...reachedFrom(dag, [taskId])].sort();
}

/** The tasks directly below one. */
export function downstreamOf(dag: SchedulableDag, taskId: string): readonly string[] {
  return dag.tasks.filter(({ upstream }) => upstream.includes(taskId)).map((task) => task.taskId);
}

/** All tasks that these depend on, in the order of the spec. */
export function upstreamOf(dag: SchedulableDag, taskId: string): readonly string[] {
  const above = new Set<string>([taskId]);
  for (const task of [...dag.tasks].reverse())
    if (above.has(task.taskId)) for (const each of task.upstream) above.add(each);
  return dag.tasks.map((task) => task.taskId).filter((each) => each !== taskId && above.has(each));
}

function reachedFrom(dag: SchedulableDag, from: readonly string[]): ReadonlySet<string> {
  const sources = new Set(from);
  const reached = new Set<string>();
  for (const { taskId, upstream } of dag.tasks)
    if (upstream.some((each) => sources.has(each) || reached.has(each))) reached.add(taskId);
  return reached;
}

function happened(dag: SchedulableDag, state: SchedulerState, event: SchedulerEvent): SchedulerState {
  switch (event.kind) {
    case 'begun':
      return state;
    case 'paused':
      return { ...state, paused: true };
    case 'resumed':
      return { ...state, paused: false };
    case 'cancelled':
      return { ...state, cancelled: true };
    case 'cleared': {
      const problems = clearProblems(dag, state, event);
      if (problems.length > 0) throw new TypeError(problems.join('; '));
      const reset = withDownstream(dag, event).map((taskId) => [taskId, { state: 'none' }] as const);
      return { ...state, tasks: { ...state.tasks, ...Object.fromEntries(reset) } };
    }
    case 'succeeded':
      return ended(state, event, 'success', event);
    case 'failed':
      return ended(state, event, 'failed');
    case 'stopped':
      return ended(state, event, 'cancelled');
  }
}

function ended(
  state: SchedulerState,
  { taskId, mapIndex }: Place,
  to: TaskState,
  { items, skips }: { readonly items?: number; readonly skips?: readonly string[] } = {},
): SchedulerState {
  const task = progressOf(state, taskId);
  const running = mapIndex === undefined ? task.state : task.instances?.[mapIndex];
  if (running !== 'running') throw new TypeError(`${taskId} has ended, but it did not run: ${running}`);
  const known = { ...(items === undefined ? {} : { items }), ...(skips === undefined ? {} : { skips }) };
  const instances = task.instances?.map((each, place) => (place === mapIndex ? to : each));
  const progress = instances === undefined ? { state: to, ...known } : mapped(instances);
  return { ...state, tasks: { ...state.tasks, [taskId]: progress } };
}

/** The state of a mapped task, from its instances; its XCom is the list of what those gave that succeeded. */
function mapped(instances: readonly TaskState[]): TaskProgress {
  const all = (...states: TaskState[]) => instances.every((each) => states.includes(each));
  if (all('scheduled')) return { state: 'scheduled', instances };
  if (!instances.every((each) => ENDED.has(each))) return { state: 'running', instances };
  if (instances.includes('cancelled')) return { state: 'cancelled', instances };
  return instances.includes('failed')
    ? { state: 'failed', instances }
    : { state: 'success', instances, items: instances.length };
}

/** Decides every task that is not started, in topological order, so that an end spreads as far as it goes. */
function settle(dag: SchedulableDag, before: SchedulerState['tasks']): SchedulerState['tasks'] {
  const tasks: Record<string, TaskProgress> = { ...before };
  for (const task of dag.tasks) {
    const progress = tasks[task.taskId] ?? { state: 'none' };
    if (isSkipped(tasks, task.taskId) && (progress.state === 'none' || progress.state === 'scheduled'))
      tasks[task.taskId] = { state: 'skipped' };
    else if (progress.state === 'none') tasks[task.taskId] = decided(task, tasks);
  }
  return tasks;
}

function isSkipped(tasks: SchedulerState['tasks'], taskId: string): boolean {
  return Object.values(tasks).some(({ skips }) => skips?.includes(taskId));
}

function decided(task: SchedulableDag['tasks'][number], tasks: SchedulerState['tasks']): TaskProgress {
  const upstream = task.upstream.flatMap((taskId) => upstreamStates(tasks[taskId] ?? { state: 'none' }));
  const decision = decide(task.triggerRule, upstream);
  if (decision === 'wait') return { state: 'none' };
  if (decision !== 'start') return { state: decision };
  return task.expand === undefined ? { state: 'scheduled' } : expanded(task.expand.over, tasks);
}

/** As many instances as the list has items: a task mapped over nothing, or over a skipped one, is skipped, as in Airflow. */
function expanded(over: NonNullable<TaskSpec['expand']>['over'], tasks: SchedulerState['tasks']): TaskProgress {
  const list = 'xcom' in over ? (tasks[over.xcom] ?? { state: 'none' }) : { state: 'success', items: over.length };
  if (!ENDED.has(list.state as TaskState)) return { state: 'none' };
  if (list.state === 'skipped') return { state: 'skipped' };
  if (list.state !== 'success') return { state: 'upstream_failed' };
  const { items } = list;
  if (items === undefined) return { state: 'failed', reason: 'the XCom it is mapped over is not a list' };
  if (items > MAX_MAP_LENGTH)
    return { state: 'failed', reason: `it is mapped over ${items} items, and at most ${MAX_MAP_LENGTH} are allowed` };
  return items === 0
    ? { state: 'skipped' }
    : { state: 'scheduled', instances: Array<TaskState>(items).fill('scheduled') };
}

function upstreamStates({ state, instances }: TaskProgress): readonly UpstreamState[] {
  return (instances ?? [state]).map((each) => {
    return each === 'success' || each === 'failed' || each === 'upstream_failed' || each === 'skipped'
      ? each
      : 'pending';
  });
}

function start(dag: SchedulableDag, state: SchedulerState): Step {
  const tasks: Record<string, TaskProgress> = { ...state.tasks };
  const starts: Place[] = [];
  let free = dag.maxActiveTasks - activeCount(state);
  for (const { taskId } of dag.tasks) {
    const task = progressOf(state, taskId);
    if (task.instances === undefined) {
      if (task.state !== 'scheduled' || free <= 0) continue;
      tasks[taskId] = { state: 'running' };
      starts.push({ taskId });
      free -= 1;
      continue;
    }
    const instances = [...task.instances];
    for (const [mapIndex, each] of task.instances.entries()) {
      if (each !== 'scheduled' || free <= 0) continue;
      instances[mapIndex] = 'running';
      starts.push({ taskId, mapIndex });
      free -= 1;
    }
    tasks[taskId] = mapped(instances);
  }
  return { state: { ...state, tasks }, starts };
}

function stopAll(tasks: SchedulerState['tasks']): SchedulerState['tasks'] {
  const stopped = (state: TaskState): TaskState => (state === 'running' || ENDED.has(state) ? state : 'cancelled');
  return Object.fromEntries(
    Object.entries(tasks).map(([taskId, task]) => {
      if (task.instances !== undefined) return [taskId, mapped(task.instances.map(stopped))];
      return [taskId, { ...task, state: stopped(task.state) }];
    }),
  );
}

function activeOf({ state, instances }: TaskProgress): number {
  return (instances ?? [state]).filter((each) => each === 'running').length;
}

function progressOf(state: SchedulerState, taskId: string): TaskProgress {
  const progress = state.tasks[taskId];
  if (progress === undefined) throw new TypeError(`the DAG has no task ${taskId}`);
  return progress;
}
