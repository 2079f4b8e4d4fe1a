import type { z } from 'zod';
import { explain, type Problem, problemsError, problemsOf, shown } from '../sync/problems.ts';
import { parseCron } from './cron.ts';
import { topologicalOrder } from './graph.ts';
import { formatMoment, momentOrDayEnd, momentOrDayStart } from './moment.ts';
import { scheduleProblems } from './schedule-problems.ts';
import type { DagSpec, TaskSpec } from './spec.ts';
import { type DagFields, dagSpecSchema, type TaskFields, taskSchema } from './spec-schema.ts';
import { taskProblems } from './task-problems.ts';
import { templateProblems } from './template-problems.ts';

/** `now` (milliseconds since 1970): a schedule without startDate is checked for the changes of clocks from then on. */
export type ParseOptions = { readonly now?: number };

/** A history and a schedule carry the spec; payloads are bounded. */
export const MAX_SPEC_BYTES = 256 * 1024;
const YEAR_MS = 365 * 86_400_000;
const YEARS_AHEAD = 10;

/**
 * Checks a DAG spec and brings it into its one form: defaults filled in, dates as moments of UTC, tasks in topological
 * order. Parsing what it returns gives the same.
 * @throws FerryError SPEC_INVALID that lists every problem: the field, its value and the way out.
 */
export function parseDagSpec(input: unknown, options: ParseOptions = {}): DagSpec {
  const { spec, problems } = checkDagSpec(input, options);
  if (spec === undefined) throw problemsError('SPEC_INVALID', `The DAG ${nameOf(input)} cannot be built`, problems);
  return spec;
}

/** parseDagSpec, with the problems as a value: there is a spec exactly when there are none. */
export function checkDagSpec(
  input: unknown,
  { now = Date.now() }: ParseOptions = {},
): { readonly spec?: DagSpec; readonly problems: readonly Problem[] } {
  const parsed = dagSpecSchema.safeParse(input, { error: explain });
  const view = viewOf(input);
  const problems = [
    ...(parsed.success ? [] : problemsOf(parsed.error.issues)).map((problem) => named(poolHint(problem), view.taskIds)),
    ...sizeProblems(input),
    ...timeProblems(view.fields, now),
    ...graphProblems(view),
    ...view.tasks.flatMap((task) =>
      taskProblems(task, view).map(({ path, message }) => ({ path: `tasks.${task.taskId}.${path}`, message })),
    ),
    ...hookProblems(view),
  ];
  return parsed.success && problems.length === 0 ? { spec: normalised(parsed.data), problems } : { problems };
}

/** Of an input the parts that are right by themselves, so that what they contradict is named in the same breath. */
type View = {
  readonly fields: Partial<DagFields>;
  readonly tasks: readonly TaskFields[];
  /** Of every task, right or wrong, by its place. */
  readonly taskIds: readonly string[];
  readonly params: readonly string[];
};

function viewOf(input: unknown): View {
  const raw = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>;
  const fields: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries<z.ZodType>(dagSpecSchema.shape)) {
    const parsed = schema.safeParse(raw[key]);
    if (parsed.success) fields[key] = parsed.data;
  }
  const tasks = Array.isArray(raw.tasks) ? raw.tasks : [];
  const parsedTasks = tasks.map((task) => taskSchema.safeParse(task));
  return {
    fields: fields as Partial<DagFields>,
    tasks: parsedTasks.flatMap(({ data }) => (data === undefined ? [] : [data])),
    taskIds: tasks.map((task, index) => String((task as { readonly taskId?: unknown } | null)?.taskId ?? `[${index}]`)),
    params: Object.keys((typeof raw.params === 'object' && raw.params) || {}),
  };
}

function sizeProblems(input: unknown): readonly Problem[] {
  const bytes = Buffer.byteLength(JSON.stringify(input) ?? '');
  if (bytes <= MAX_SPEC_BYTES) return [];
  const message = `is ${bytes} bytes of JSON, at most ${MAX_SPEC_BYTES}; make several DAGs, or expand over an XCom instead of a list`;
  return [{ path: 'the spec', message }];
}

function timeProblems(fields: Partial<DagFields>, now: number): readonly Problem[] {
  const { schedule, timezone, startDate, endDate, catchup } = fields;
  const zone = timezone ?? 'UTC';
  const start = startDate === undefined ? undefined : momentOrDayStart(startDate, zone);
  const end = endDate === undefined ? undefined : momentOrDayEnd(endDate, zone);
  const problems: Problem[] = [];
  if (start !== undefined && end !== undefined && end < start)
    problems.push({ path: 'endDate', message: `${shown(endDate)} is before startDate, ${shown(startDate)}` });
  if (catchup === true && startDate === undefined && 'startDate' in fields)
    problems.push({ path: 'startDate', message: 'is missing; catchup runs every interval since then' });
  if (catchup === true && schedule === undefined && 'schedule' in fields)
    problems.push({ path: 'schedule', message: 'is missing; catchup runs every interval of a schedule' });
  if (schedule !== undefined) {
    const ahead = Math.max(start ?? now, now) + YEARS_AHEAD * YEAR_MS;
    const range = { from: start ?? now, to: Math.min(ahead, end ?? ahead) };
    const found = timezone === undefined ? cronProblems(schedule) : scheduleProblems(schedule, timezone, range);
    problems.push(...found.map((message) => ({ path: 'schedule', message })));
  }
  return problems;
}

function cronProblems(schedule: string): readonly string[] {
  const cron = parseCron(schedule);
  return 'problem' in cron ? [cron.problem] : [];
}

function graphProblems({ tasks, taskIds }: View): readonly Problem[] {
  const twice = [...new Set(taskIds.filter((id, index) => taskIds.indexOf(id) !== index))];
  const sorted = topologicalOrder(tasks);
  return [
    ...twice.map((id) => ({ path: `tasks.${id}.taskId`, message: `${shown(id)} is the id of more than one task` })),
    ...('cycle' in sorted
      ? [
          {
            path: `tasks.${sorted.cycle[0]}.upstream`,
            message: `${[...sorted.cycle].reverse().join(' -> ')} is a cycle; take one of these edges out`,
          },
        ]
      : []),
  ];
}

function hookProblems({ fields, params }: View): readonly Problem[] {
  if (fields.onEnd === undefined) return [];
  const scope = { params, upstream: new Set<string>(), mapped: false, hiveql: [] };
  return templateProblems(fields.onEnd.input, scope).map(({ path, message }) => ({
    path: path === '' ? 'onEnd.input' : `onEnd.input.${path}`,
    message,
  }));
}

/** Airflow's pools have no counterpart; what does their work is worth naming. */
export function poolHint({ path, message }: Problem): Problem {
  return /(^|\.)(pool|poolSlots)$/.test(path) && message.startsWith('is not a known key')
    ? {
        path,
        message:
          'there are no pools; maxActiveTasks limits a DAG, and workers limit all DAGs: memory and maxConcurrentActivities of a task queue. Leave it out',
      }
    : { path, message };
}

/** 'tasks[2].retries' -> 'tasks.orders.retries' */
function named({ path, message }: Problem, taskIds: readonly string[]): Problem {
  const index = /^tasks\[(\d+)\]/.exec(path);
  const id = index === null ? undefined : taskIds[Number(index[1])];
  return id === undefined || id.startsWith('[')
    ? { path, message }
    : { path: path.replace(/^tasks\[\d+\]/, `tasks.${id}`), message };
}

function normalised(fields: DagFields): DagSpec {
  const { startDate, endDate, timezone } = fields;
  const sorted = topologicalOrder(fields.tasks);
  const tasks = 'order' in sorted ? sorted.order : fields.tasks;
  const from = startDate === undefined ? undefined : momentOrDayStart(startDate, timezone);
  const to = endDate === undefined ? undefined : momentOrDayEnd(endDate, timezone);
  return {
    ...fields,
    ...(from === undefined ? {} : { startDate: formatMoment(from) }),
    ...(to === undefined ? {} : { endDate: formatMoment(to) }),
    // The kind of an action and what it starts were checked together.
    tasks: tasks.map((task) => ({ ...task, upstream: [...new Set(task.upstream)].sort() }) as TaskSpec),
  };
}

function nameOf(input: unknown): string {
  const dagId = (input as { readonly dagId?: unknown } | null | undefined)?.dagId;
  return typeof dagId === 'string' ? dagId : 'without a dagId';
}
