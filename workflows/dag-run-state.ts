import { countStates, instanceName } from '../dag/grid.ts';
import type {
  ClearInput,
  ContinuedRun,
  DagRunOutcome,
  DagRunOutcomeKind,
  DagRunPhase,
  DagRunRecord,
  DagRunView,
  FinishedTask,
  OtherRun,
  ResolvedDagRun,
  TaskInstance,
  TaskState,
} from '../dag/run.ts';
import {
  initialState,
  type Place,
  type SchedulerEvent,
  type SchedulerState,
  step,
  upstreamOf,
  verdict,
  withDownstream,
} from '../dag/scheduler.ts';
import type { Json, TaskSpec } from '../dag/spec.ts';
import { jsonBytes, listBytes, tooMuchHanded, totalBytes, type XcomSize } from './dag-xcoms.ts';

/** What a run takes along when it continues as new. Plain JSON. */
export type CarriedRun = {
  readonly run: ResolvedDagRun;
  readonly startedAt: string;
  readonly scheduler: SchedulerState;
  /** Decided, and not yet begun. */
  readonly starts: readonly Place[];
  readonly instances: readonly TaskInstance[];
  readonly xcoms: readonly (readonly [Place, Json])[];
};

const SHOWN_FAILURES = 100;
const NULL_BYTES = jsonBytes(null);

/** All that a run knows of itself, and the one place that changes it. No Temporal in it. */
export class DagRunState {
  readonly run: ResolvedDagRun;
  readonly startedAt: string;
  phase: Exclude<DagRunPhase, 'paused'> = 'queued';
  outcome: DagRunOutcome | undefined;
  /** Places to begin; whoever takes one out begins it. */
  readonly starts: Place[] = [];
  #scheduler: SchedulerState;
  readonly #tasks: ReadonlyMap<string, TaskSpec>;
  readonly #instances = new Map<string, TaskInstance>();
  readonly #xcoms = new Map<string, { readonly place: Place; readonly xcom: Json; readonly bytes: number }>();

  constructor(run: ResolvedDagRun, startedAt: string, continued?: ContinuedRun) {
    this.run = run;
    this.startedAt = startedAt;
    this.#tasks = new Map(run.spec.tasks.map((task) => [task.taskId, task]));
    this.#scheduler = initialState(run.spec, continued);
    for (const { taskId, xcom } of continued?.tasks ?? []) {
      const taken = this.#scheduler.tasks[taskId];
      if (xcom === undefined || taken?.state !== 'success') continue;
      if (taken.instances === undefined) this.keepXcom({ taskId }, xcom);
      else if (Array.isArray(xcom)) xcom.forEach((each, mapIndex) => void this.keepXcom({ taskId, mapIndex }, each));
    }
  }

  /** The state of a run that has continued as new. */
  static carriedOver(carried: CarriedRun): DagRunState {
    const state = new DagRunState(carried.run, carried.startedAt);
    state.#scheduler = carried.scheduler;
    state.starts.push(...carried.starts);
    for (const instance of carried.instances) state.#instances.set(instanceName(instance), instance);
    for (const [place, xcom] of carried.xcoms) state.keepXcom(place, xcom);
    return state;
  }

  carry(): CarriedRun {
    return {
      run: this.run,
      startedAt: this.startedAt,
      scheduler: this.#scheduler,
      starts: this.starts,
      instances: [...this.#instances.values()],
      xcoms: [...this.#xcoms.values()].map(({ place, xcom }) => [place, xcom] as const),
    };
  }

  get scheduler(): SchedulerState {
    return this.#scheduler;
  }

  get verdict(): 'success' | 'failed' | 'cancelled' | undefined {
    return verdict(this.run.spec, this.#scheduler);
  }

  /** What an event leads to; what is to be begun now stands in `starts` after it. */
  apply(event: SchedulerEvent): void {
    const { state, starts } = step(this.run.spec, this.#scheduler, event);
    this.#scheduler = state;
    this.starts.push(...starts);
  }

  /** Has tasks run again, as if they had never been started; gives their ids. */
  clear(input: ClearInput): readonly string[] {
    const cleared = withDownstream(this.run.spec, input);
    this.apply({ kind: 'cleared', ...input });
    for (const [name, { taskId }] of this.#instances) if (cleared.includes(taskId)) this.#instances.delete(name);
    for (const [name, { place }] of this.#xcoms) if (cleared.includes(place.taskId)) this.#xcoms.delete(name);
    return cleared;
  }

  /** Adds to what is told of an instance that was begun. */
  note(place: Place, told: Partial<Omit<TaskInstance, 'taskId' | 'mapIndex' | 'state'>>): void {
    const name = instanceName(place);
    const known = this.#instances.get(name) ?? { ...place, state: 'running', tries: 0 };
    this.#instances.set(name, { ...known, ...told });
  }

  keepXcom(place: Place, xcom: Json): void {
    this.#xcoms.set(instanceName(place), { place, xcom, bytes: jsonBytes(xcom) });
  }

  /** A task's XCom: of a mapped one the list of those of its instances that succeeded, by map index. */
  xcomOf(taskId: string): Json | undefined {
    const instances = this.#scheduler.tasks[taskId]?.instances;
    if (instances === undefined) return this.#xcoms.get(taskId)?.xcom;
    return instances.flatMap((state, mapIndex) =>
      state === 'success' ? [this.#xcoms.get(instanceName({ taskId, mapIndex }))?.xcom ?? null] : [],
    );
  }

  /** The XComs of the tasks above one that its templates can name; a text that does not hold a task's id does not name it. */
  xcomsFor(task: TaskSpec): Readonly<Record<string, Json>> {
    return Object.fromEntries(
      this.#namedBy(task).flatMap((taskId) => {
        const xcom = this.xcomOf(taskId);
        return xcom === undefined ? [] : [[taskId, xcom] as const];
      }),
    );
  }

  /** How large each of these is; adds up what is known, as a mapped task's list may be very large. */
  xcomSizesFor(task: TaskSpec): readonly XcomSize[] {
    return this.#namedBy(task).flatMap((taskId) => {
      const bytes = this.#xcomBytes(taskId);
      return bytes === undefined ? [] : [{ taskId, bytes }];
    });
  }

  /** The bytes of JSON that an instance is handed to be rendered with, XComs and its item; 0 for one that is refused them. */
  handedBytes(place: Place): number {
    const sizes = this.xcomSizesFor(this.taskOf(place.taskId));
    if (tooMuchHanded(sizes) !== undefined) return 0;
    const item = this.itemOf(place);
    return totalBytes(sizes) + (item === undefined ? 0 : jsonBytes(item));
  }

  #namedBy(task: TaskSpec): readonly string[] {
    const text = JSON.stringify(task.action.input);
    return upstreamOf(this.run.spec, task.taskId).filter((taskId) => text.includes(taskId));
  }

  #xcomBytes(taskId: string): number | undefined {
    const instances = this.#scheduler.tasks[taskId]?.instances;
    if (instances === undefined) return this.#xcoms.get(taskId)?.bytes;
    const sizes = instances.flatMap((state, mapIndex) =>
      state === 'success' ? [this.#xcoms.get(instanceName({ taskId, mapIndex }))?.bytes ?? NULL_BYTES] : [],
    );
    return listBytes(sizes);
  }

  taskOf(taskId: string): TaskSpec {
    const task = this.#tasks.get(taskId);
    if (task === undefined) throw new TypeError(`the DAG has no task ${taskId}`);
    return task;
  }

  /** The item of an instance of a mapped task. */
  itemOf({ taskId, mapIndex }: Place): Json | undefined {
    const { expand } = this.taskOf(taskId);
    if (expand === undefined || mapIndex === undefined) return undefined;
    const list = 'xcom' in expand.over ? this.xcomOf(expand.over.xcom) : expand.over;
    return Array.isArray(list) ? list[mapIndex] : undefined;
  }

  finished(): readonly FinishedTask[] {
    return this.run.spec.tasks.flatMap(({ taskId }) => {
      const progress = this.#scheduler.tasks[taskId];
      if (progress?.state !== 'success') return [];
      const xcom = this.xcomOf(taskId);
      return [{ taskId, ...progress, ...(xcom === undefined ? {} : { xcom }) }];
    });
  }

  record(outcome: DagRunOutcome): DagRunRecord {
    const tasks = this.run.spec.tasks.map(({ taskId }) => {
      const { state, instances } = this.#scheduler.tasks[taskId] ?? { state: 'none' };
      const counts = countStates((instances ?? []).map((each) => ({ state: each })));
      return { taskId, state, ...(instances === undefined ? {} : { instances: Object.fromEntries(counts) }) };
    });
    return { outcome, tasks };
  }

  instances(): readonly TaskInstance[] {
    return this.run.spec.tasks.flatMap(({ taskId }) => {
      const progress = this.#scheduler.tasks[taskId] ?? { state: 'none' };
      if (progress.instances === undefined) return [this.#instanceOf({ taskId }, progress.state, progress.reason)];
      return progress.instances.map((state, mapIndex) => this.#instanceOf({ taskId, mapIndex }, state));
    });
  }

  view(): DagRunView {
    const { spec, context, workflowId } = this.run;
    const paused = this.phase === 'running' && this.#scheduler.paused;
    return {
      schemaVersion: 1,
      dagId: spec.dagId,
      workflowId,
      runType: context.runType,
      interval: context.interval,
      params: context.params,
      phase: paused ? 'paused' : this.phase,
      tasks: this.instances().map((instance) => {
        const { action, upstream } = this.taskOf(instance.taskId);
        return { ...instance, operator: action.operator, upstream };
      }),
      ...(this.outcome === undefined ? {} : { outcome: this.outcome }),
    };
  }

  outcomeOf(outcome: DagRunOutcomeKind, endedAt: Date, other?: OtherRun): DagRunOutcome {
    const { run, startedAt } = this;
    const { runType, interval } = run.context;
    const instances = other === undefined ? this.instances() : [];
    const failures = instances.flatMap(({ taskId, mapIndex, state, failure }) =>
      state === 'failed'
        ? [
            {
              taskId,
              ...(mapIndex === undefined ? {} : { mapIndex }),
              ...(failure ?? { code: 'INTERNAL', message: '' }),
            },
          ]
        : [],
    );
    return {
      schemaVersion: 1,
      workflowId: run.workflowId,
      runId: run.runId,
      ...(run.uiUrl === undefined ? {} : { uiUrl: run.uiUrl }),
      dagId: run.spec.dagId,
      runType,
      interval,
      outcome,
      ...(other === undefined ? {} : { other }),
      tasks: Object.fromEntries(countStates(instances)),
      failures: failures.slice(0, SHOWN_FAILURES),
      startedAt,
      endedAt: endedAt.toISOString(),
      seconds: Math.round((endedAt.getTime() - Date.parse(startedAt)) / 1000),
    };
  }

  #instanceOf(place: Place, state: TaskState, reason?: string): TaskInstance {
    const told = this.#instances.get(instanceName(place));
    return {
      tries: 0,
      ...told,
      ...place,
      state,
      ...(reason === undefined ? {} : { failure: { code: 'SPEC_INVALID', message: reason } }),
    };
  }
}
