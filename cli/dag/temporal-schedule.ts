import type { ScheduleDescription, ScheduleOptions } from '@temporalio/client';
import type { DagSchedule } from '../../dag/dag-schedule.ts';
import type { DeployedDag } from '../../dag/deployment.ts';
import { formatMoment } from '../../dag/moment.ts';
import type { RunDagInput } from '../../dag/run.ts';
import type { ScheduleCalendar, ScheduleTimes } from '../../dag/schedule-spec.ts';
import { RUN_DAG } from '../../workflows/dag-messages.ts';

const PREFIX = 'dag/';

/** The id of a DAG's schedule; also of the workflows that it starts, to which Temporal adds '-' and the nominal time. */
export function scheduleIdOf(dagId: string): string {
  return `${PREFIX}${dagId}`;
}

/** undefined: no schedule of a DAG has this id. */
export function dagIdOf(scheduleId: string): string | undefined {
  return scheduleId.startsWith(PREFIX) ? scheduleId.slice(PREFIX.length) : undefined;
}

/** A DAG's schedule as Temporal's client takes it. The gate of the DAG orders its runs: none is skipped by the server. */
export function scheduleOptions(schedule: DagSchedule): Omit<ScheduleOptions, 'scheduleId' | 'memo' | 'state'> {
  const { spec, signature, taskQueue, times, catchupWindowMs } = schedule;
  const { startAt, endAt, ...rest } = times;
  const input: RunDagInput = { spec, ...(signature === undefined ? {} : { signature }) };
  return {
    spec: {
      ...rest,
      ...(startAt === undefined ? {} : { startAt: new Date(startAt) }),
      ...(endAt === undefined ? {} : { endAt: new Date(endAt) }),
    },
    policies: { overlap: 'ALLOW_ALL', catchupWindow: catchupWindowMs, pauseOnFailure: false },
    action: {
      type: 'startWorkflow',
      workflowType: RUN_DAG.workflow,
      workflowId: scheduleIdOf(spec.dagId),
      taskQueue,
      args: [input],
      staticSummary: spec.dagId,
    },
  };
}

/** A schedule of the server as a deploy compares it. */
export function deployedDag(dagId: string, description: ScheduleDescription): DeployedDag {
  const { state, info } = description;
  const schedule = scheduleOf(description);
  const [next] = state.paused ? [] : info.nextActionTimes;
  return {
    dagId,
    ...(schedule === undefined ? {} : { schedule }),
    paused: state.paused,
    ...(state.note === undefined || state.note === '' ? {} : { note: state.note }),
    recent: info.recentActions.map(({ scheduledAt }) => momentOf(scheduledAt)),
    createdAt: momentOf(info.createdAt),
    ...(next === undefined ? {} : { next: momentOf(next) }),
  };
}

function scheduleOf(description: ScheduleDescription): DagSchedule | undefined {
  const { action, policies, spec: when } = description;
  const { spec, signature, ...more } = (action.args?.[0] ?? {}) as RunDagInput;
  const times = timesOf(when);
  const ours =
    action.workflowType === RUN_DAG.workflow &&
    action.workflowId === scheduleIdOf(spec?.dagId ?? '') &&
    !Object.keys(more).length;
  if (!ours || !Array.isArray(spec?.tasks) || times === undefined) return undefined;
  if (policies.overlap !== 'ALLOW_ALL' || policies.pauseOnFailure) return undefined;
  return {
    spec,
    ...(signature === undefined ? {} : { signature }),
    taskQueue: action.taskQueue,
    times,
    catchupWindowMs: policies.catchupWindow,
  };
}

/** undefined: it says more than a DAG's schedule can. */
function timesOf(when: ScheduleDescription['spec']): ScheduleTimes | undefined {
  const { calendars: given = [], intervals = [], skip = [], jitter = 0, startAt, endAt, timezone } = when;
  const calendars = given.flatMap((each) => calendarOf(each) ?? []);
  if (skip.length > 0 || jitter > 0 || calendars.length < given.length) return undefined;
  return {
    ...(calendars.length === 0 ? {} : { calendars }),
    ...(intervals.length === 0
      ? {}
      : { intervals: intervals.map(({ every, offset }) => ({ every, offset: offset ?? 0 })) }),
    timezone: timezone || 'UTC',
    ...(startAt === undefined ? {} : { startAt: momentOf(startAt) }),
    ...(endAt === undefined ? {} : { endAt: momentOf(endAt) }),
  };
}

type Calendar = NonNullable<ScheduleDescription['spec']['calendars']>[number];

/** A deploy writes single values, or the whole of a field. */
function calendarOf(calendar: Calendar): ScheduleCalendar | undefined {
  const { second, minute, hour, dayOfMonth, month, year, dayOfWeek } = calendar;
  const [minutes, hours] = [valuesOf(minute), valuesOf(hour)];
  const days = isWhole(dayOfMonth, 1, 31) ? '*' : valuesOf(dayOfMonth);
  const months = isWhole(month, 'JANUARY', 'DECEMBER') ? '*' : valuesOf(month);
  const weekdays = isWhole(dayOfWeek, 'SUNDAY', 'SATURDAY') ? '*' : valuesOf(dayOfWeek);
  const onTheMinute = valuesOf(second)?.join() === '0' && year.length === 0;
  if (!onTheMinute || !minutes || !hours || !days || !months || !weekdays) return undefined;
  return { second: 0, minute: minutes, hour: hours, dayOfMonth: days, month: months, dayOfWeek: weekdays };
}

type Ranges<T> = readonly { readonly start: T; readonly end: T; readonly step: number }[];

function valuesOf<T>(ranges: Ranges<T>): T[] | undefined {
  return ranges.every(({ start, end }) => start === end) ? ranges.map(({ start }) => start) : undefined;
}

function isWhole<T>(ranges: Ranges<T>, first: T, last: T): boolean {
  const [range, more] = ranges;
  return more === undefined && range?.start === first && range.end === last && range.step === 1;
}

function momentOf(date: Date): string {
  return formatMoment(date.getTime());
}
