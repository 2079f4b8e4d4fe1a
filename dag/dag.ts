import type { z } from 'zod';
import { FerryError } from '../errors/ferry-error.ts';
import { parseDuration } from '../sync/duration.ts';
import { explain, type Problem, problemsError, problemsOf, shown } from '../sync/problems.ts';
import { dagOptionsSchema, taskOptionsSchema } from './dag-options-schema.ts';
import { plain } from './json.ts';
import type { Operation } from './operators/operator.ts';
import { checkDagSpec, poolHint } from './parse-spec.ts';
import type { DagSpec, Json } from './spec.ts';
import type { TriggerRule } from './trigger-rules.ts';

/** What every task of a DAG may be given; durations are texts such as '5m'. */
export type TaskDefaults = {
  /** Tries after the first one. Default 0. */
  readonly retries?: number;
  /** Before the second try. Default '5m'. */
  readonly retryDelay?: string;
  /** The factor between two delays. Default 1: they stay the same. */
  readonly retryBackoff?: number;
  /** The longest delay. Default '24h'. */
  readonly maxRetryDelay?: string;
  /** For one try. Default: none. */
  readonly executionTimeout?: string;
  /** Default 'all_success'. */
  readonly triggerRule?: TriggerRule;
};

export type TaskOptions = TaskDefaults & {
  /** One instance of the task for each item: of a list, or of the list that an upstream task returns (it becomes upstream). */
  readonly expand?: readonly Json[] | Task;
};

/** What a DAG is, in Airflow's words. */
export type DagOptions = {
  readonly description?: string;
  /** A cron of five fields, or '@hourly', '@daily', '@weekly', '@monthly', '@quarterly', '@yearly'. Default: started by hand. */
  readonly schedule?: string;
  /** An IANA zone: of the schedule, of dates, of `ds`. Default 'UTC'. */
  readonly timezone?: string;
  /** The first interval starts then or later: a date in the zone, or a moment with its offset. */
  readonly startDate?: string;
  /** No interval starts later: a date in the zone, that day included, or a moment with its offset. */
  readonly endDate?: string;
  /** Run every interval since startDate, not only the newest complete one. Default false. */
  readonly catchup?: boolean;
  /** Default 16. */
  readonly maxActiveRuns?: number;
  /** Tasks of one run at a time. Default 16. */
  readonly maxActiveTasks?: number;
  /** For each task that does not say otherwise. */
  readonly defaultArgs?: TaskDefaults;
  /** Defaults of `{{ params.x }}`; a run may give others of the same names. */
  readonly params?: Readonly<Record<string, Json>>;
  readonly tags?: readonly string[];
  /** 'wait': a run with failed tasks stays open, for `ferry dag clear`. Default 'fail'. */
  readonly onFailure?: 'fail' | 'wait';
  /** An activity of your own that is told how each run ended. */
  readonly onEnd?: { readonly activity: string; readonly input?: Json };
};

/** A task while its DAG is built. It is no promise, although it has a `then`: `a.then(b)` makes b run after a. */
export interface Task {
  readonly taskId: string;
  /** Makes one task, or each of several, run after this one; gives them back, for `a.then(b).then(c)`. */
  then<Next extends Task | readonly Task[]>(next: Next): Next;
}

/** What `build` is given. */
export interface DagBuilder {
  /** Adds a task to the DAG. */
  task(taskId: string, operation: Operation, options?: TaskOptions): Task;
}

/**
 * Builds a DAG: plain JSON that a run pins in its history.
 * @throws FerryError SPEC_INVALID that lists everything that is wrong with it, in its options, tasks, edges and templates.
 */
export function dag(dagId: string, options: DagOptions, build: (dag: DagBuilder) => void): DagSpec {
  const draft = new Draft();
  const given = draft.options(options);
  const returned: unknown = build(draft);
  if (returned instanceof Promise) draft.problem('build', 'is async; a DAG is built at once, from plain values');
  draft.close();
  const { defaultArgs, ...rest } = given;
  const checked = checkDagSpec({ schemaVersion: 1, dagId, ...rest, tasks: draft.taskSpecs(defaultArgs) });
  const problems = [...draft.problems, ...checked.problems];
  if (checked.spec === undefined || problems.length > 0)
    throw problemsError('SPEC_INVALID', `The DAG ${dagId} cannot be built`, problems);
  return checked.spec;
}

/**
 * Makes tasks run one after the other: `chain(a, b, [c, d], e)`. Between two lists of one length the tasks are paired;
 * lists of different lengths next to each other are refused.
 */
export function chain(...tasks: readonly (Task | readonly Task[])[]): void {
  for (const [index, next] of tasks.slice(1).entries()) {
    const previous = tasks[index] as Task | readonly Task[];
    if (!Array.isArray(previous)) (previous as Task).then(next);
    else if (!Array.isArray(next)) for (const each of previous as readonly Task[]) each.then(next);
    else pair(previous as readonly Task[], next as readonly Task[]);
  }
}

function pair(previous: readonly Task[], next: readonly Task[]): void {
  if (previous.length !== next.length) {
    const ids = [previous, next].map((list) => `[${list.map(({ taskId }) => taskId).join(', ')}]`);
    throw new FerryError(
      'SPEC_INVALID',
      `chain: ${ids.join(' and ')} are lists of different lengths; put a task between them, or write the edges by then`,
    );
  }
  for (const [index, each] of previous.entries()) each.then(next[index] as Task);
}

type Written = {
  readonly taskId: string;
  readonly operation: Operation;
  readonly options: Readonly<Record<string, unknown>>;
  readonly upstream: Set<string>;
};

/** A DAG while its build function runs. */
class Draft implements DagBuilder {
  readonly problems: Problem[] = [];
  readonly #tasks = new Map<Task, Written>();
  #open = true;

  problem(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  /** The options as they are given; what is wrong with their keys and with defaultArgs is noted. */
  options(options: DagOptions): Readonly<Record<string, Json>> & { readonly defaultArgs?: Json } {
    this.#check(dagOptionsSchema, options, '');
    const known = Object.entries(options ?? {}).filter(([key]) => Object.hasOwn(dagOptionsSchema.shape, key));
    return plain(Object.fromEntries(known)) as Readonly<Record<string, Json>>;
  }

  task(taskId: string, operation: Operation, options: TaskOptions = {}): Task {
    if (!this.#open) throw new FerryError('SPEC_INVALID', `task ${shown(taskId)} comes after its DAG was built`);
    const { expand, ...rest } = options;
    this.#check(taskOptionsSchema, rest, `tasks.${taskId}`);
    const task: Task = {
      taskId,
      // biome-ignore lint/suspicious/noThenProperty: the word of this interface; awaiting a task is refused.
      then: (next) => this.#edge(task, next),
    };
    const over = this.#expandOver(expand);
    const upstream = new Set(
      over === undefined || Array.isArray(over) ? [] : [(over as { readonly xcom: string }).xcom],
    );
    this.#tasks.set(task, {
      taskId,
      operation,
      options: { ...rest, ...(over === undefined ? {} : { expand: { over } }) },
      upstream,
    });
    return task;
  }

  close(): void {
    this.#open = false;
  }

  taskSpecs(defaults: Json | undefined): readonly Json[] {
    return [...this.#tasks.values()].map(({ taskId, operation, options, upstream }) => {
      const { retryDelay, maxRetryDelay, executionTimeout, ...rest } = {
        ...rightOptions(defaults),
        ...rightOptions(options),
      };
      return plain({
        taskId,
        action: operation?.action,
        upstream: [...upstream],
        ...rest,
        retryDelaySeconds: secondsOf(retryDelay),
        maxRetryDelaySeconds: secondsOf(maxRetryDelay),
        executionTimeoutSeconds: secondsOf(executionTimeout),
      });
    });
  }

  #edge<Next extends Task | readonly Task[]>(from: Task, next: Next): Next {
    if (typeof next === 'function')
      throw new FerryError('SPEC_INVALID', `task ${shown(from.taskId)} is no promise and cannot be awaited`);
    if (!this.#open)
      throw new FerryError('SPEC_INVALID', `an edge from ${shown(from.taskId)} comes after its DAG was built`);
    for (const each of (Array.isArray(next) ? next : [next]) as readonly Task[]) {
      const to = this.#tasks.get(each);
      if (to === undefined)
        this.problem(
          `tasks.${from.taskId}`,
          `then: ${shown(each?.taskId ?? each)} is not a task of this DAG; give what d.task(...) returns`,
        );
      else to.upstream.add(from.taskId);
    }
    return next;
  }

  #expandOver(expand: TaskOptions['expand']): Json | undefined {
    if (expand === undefined) return undefined;
    const task = this.#tasks.get(expand as Task);
    return task === undefined ? (plain(expand) as Json) : { xcom: task.taskId };
  }

  #check(schema: typeof dagOptionsSchema | typeof taskOptionsSchema, given: unknown, path: string): void {
    const parsed = schema.safeParse(given, { error: explain });
    if (parsed.success) return;
    for (const problem of problemsOf(parsed.error.issues).map(poolHint)) {
      const full = [path, problem.path].filter((part) => part !== '').join('.');
      this.problem(full, problem.message);
    }
  }
}

/** The options that are right by themselves; the others have been noted, and are left out for the rest to be checked. */
function rightOptions(options: unknown): Readonly<Record<string, unknown>> {
  const shape: Readonly<Record<string, z.ZodType>> = taskOptionsSchema.shape;
  return Object.fromEntries(
    Object.entries(options ?? {}).filter(([key, value]) => value !== undefined && shape[key]?.safeParse(value).success),
  );
}

function secondsOf(duration: unknown): number | undefined {
  const ms = typeof duration === 'string' ? parseDuration(duration) : undefined;
  return ms === undefined ? undefined : ms / 1_000;
}
