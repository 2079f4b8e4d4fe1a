import { choose } from '../../dag/choose.ts';
import { instanceName } from '../../dag/grid.ts';
import { render, taskVariables } from '../../dag/render.ts';
import type { DagRunOutcome, ResolvedDagRun, TaskFailure, TaskState } from '../../dag/run.ts';
import { branchSkips, downstreamOf, type Place, type SchedulerEvent, shortCircuitSkips } from '../../dag/scheduler.ts';
import type { Json, TaskSpec } from '../../dag/spec.ts';
import { codeOf, FerryError, messageOf } from '../../errors/ferry-error.ts';
import { DagRunState } from '../../workflows/dag-run-state.ts';

/** What a task's action gives: its XCom. `faked`: nothing was done for it. */
export type Performed = { readonly xcom: Json; readonly faked?: boolean };

/** Does what a task's action does, with its rendered input. A choose task is not asked for. */
export type Perform = (task: TaskSpec, input: Json) => Promise<Performed>;

/** One instance of a task that was played, or was never come to. */
export type PlayedTask = Place & {
  readonly operator: string;
  readonly state: TaskState;
  /** Rendered; left out where it could not be, or was not come to. */
  readonly input?: Json;
  readonly xcom?: Json;
  readonly faked?: boolean;
  readonly seconds?: number;
  readonly failure?: TaskFailure;
};

export type PlayedDag = {
  readonly outcome: DagRunOutcome;
  /** In the order of the spec. */
  readonly tasks: readonly PlayedTask[];
};

/**
 * Plays a DAG for one interval in this process: the same scheduler, rendering and choices as a run, but one try a task, and
 * no gate, memory or `onEnd`. `told` hears of each task that has ended. Rejects with the signal's reason, once nothing is
 * at work any more.
 */
export async function playDag(
  run: ResolvedDagRun,
  perform: Perform,
  told: (task: PlayedTask) => void,
  signal: AbortSignal,
): Promise<PlayedDag> {
  const startedAt = new Date().toISOString();
  const state = new DagRunState(run, startedAt);
  const played = new Map<string, Partial<PlayedTask>>();
  const working = new Map<string, Promise<void>>();
  const tell = (place: Place, what: Partial<PlayedTask>) => {
    const name = instanceName(place);
    played.set(name, { ...played.get(name), ...what });
  };
  const begin = async (place: Place) => {
    const since = Date.now();
    const event = await play(state, place, perform, (what) => tell(place, what));
    tell(place, { seconds: Math.round((Date.now() - since) / 100) / 10 });
    state.apply(event);
    working.delete(instanceName(place));
    const ended = state.instances().find((instance) => instanceName(instance) === instanceName(place));
    if (ended !== undefined) told(playedOf(state, ended, played));
  };
  state.apply({ kind: 'begun' });
  while (state.verdict === undefined && !signal.aborted) {
    for (const place of state.starts.splice(0)) working.set(instanceName(place), begin(place));
    await Promise.race(working.values());
  }
  await Promise.all(working.values());
  signal.throwIfAborted();
  const outcome = state.outcomeOf(state.verdict === 'success' ? 'success' : 'failed', new Date());
  return { outcome, tasks: state.instances().map((instance) => playedOf(state, instance, played)) };
}

/** One instance of a task to its end. Never rejects: what goes wrong is the task's failure. */
async function play(
  state: DagRunState,
  place: Place,
  perform: Perform,
  tell: (what: Partial<PlayedTask>) => void,
): Promise<SchedulerEvent> {
  const { spec, context } = state.run;
  const task = state.taskOf(place.taskId);
  const item = state.itemOf(place);
  try {
    const variables = taskVariables(context, {
      xcom: state.xcomsFor(task),
      ...(item === undefined ? {} : { item }),
      ...(place.mapIndex === undefined ? {} : { mapIndex: place.mapIndex }),
    });
    const input = render(task.action.input, variables);
    tell({ input });
    if (task.action.kind === 'choose') {
      const choice = choose(task.action, input);
      const [xcom, skips] =
        choice.kind === 'branch'
          ? ([branched(state, task, choice.chosen), branchSkips(spec, task.taskId, choice.chosen)] as const)
          : ([choice.go, choice.go ? [] : shortCircuitSkips(spec, task.taskId)] as const);
      tell({ xcom });
      state.keepXcom(place, xcom);
      return { kind: 'succeeded', ...place, skips };
    }
    const { xcom, faked } = await perform(task, input);
    tell({ xcom, ...(faked === true ? { faked } : {}) });
    state.keepXcom(place, xcom);
    return { kind: 'succeeded', ...place, ...(Array.isArray(xcom) ? { items: xcom.length } : {}) };
  } catch (error) {
    state.note(place, { failure: failureOf(error) });
    return { kind: 'failed', ...place };
  }
}

function branched(state: DagRunState, { taskId }: TaskSpec, chosen: readonly string[]): readonly string[] {
  const below = downstreamOf(state.run.spec, taskId);
  const strange = chosen.filter((each) => !below.includes(each));
  if (strange.length === 0) return chosen;
  throw new FerryError('SPEC_INVALID', `it chose ${strange.join(', ')}; directly below it are ${below.join(', ')}`);
}

/** A failure of an activity has its code as its type. */
function failureOf(error: unknown): TaskFailure {
  const { type } = (error ?? {}) as { readonly type?: unknown };
  return { code: typeof type === 'string' ? type : codeOf(error), message: messageOf(error) };
}

function playedOf(
  state: DagRunState,
  instance: ReturnType<DagRunState['instances']>[number],
  played: ReadonlyMap<string, Partial<PlayedTask>>,
): PlayedTask {
  const { taskId, mapIndex, state: of, failure } = instance;
  return {
    taskId,
    ...(mapIndex === undefined ? {} : { mapIndex }),
    operator: state.taskOf(taskId).action.operator,
    ...played.get(instanceName(instance)),
    state: of,
    ...(failure === undefined ? {} : { failure }),
  };
}
