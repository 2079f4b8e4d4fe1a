import { isDeepStrictEqual } from 'node:util';
import { type CatchUp, catchUpOf } from './catch-up.ts';
import { type DagSchedule, dagSchedule } from './dag-schedule.ts';
import { lastCompleteInterval } from './interval.ts';
import { parseMoment } from './moment.ts';
import type { DagSpec } from './spec.ts';
import { specDifferences } from './spec-differences.ts';
import { firesAt, timetableOf } from './timetable.ts';

/** A schedule of Temporal that was deployed for a DAG, as the server has it. */
export type DeployedDag = {
  readonly dagId: string;
  /** Left out: not one that a deploy makes; other hands have changed what it starts or when. */
  readonly schedule?: DagSchedule;
  readonly paused: boolean;
  /** Why it is paused, or whatever a person has noted. */
  readonly note?: string;
  /** The latest times that it fired for, RFC 3339; the server keeps ten. */
  readonly recent: readonly string[];
  /** RFC 3339. */
  readonly createdAt?: string;
  readonly next?: string;
};

/** What a deploy does with the schedule of one DAG. by-hand: the DAG has no schedule, and none is needed. */
export type DeployAction = 'create' | 'update' | 'pause' | 'unpause' | 'remove' | 'unchanged' | 'by-hand';

export type Deployment = {
  readonly dagId: string;
  readonly action: DeployAction;
  /** What differs, or why; a line each. */
  readonly reasons: readonly string[];
  /** What the server shall have: of create, update, unpause and unchanged. */
  readonly schedule?: DagSchedule;
  /** Whether it is paused when all is done. */
  readonly paused: boolean;
  readonly next?: string;
  /** Intervals that no firing to come covers, to be run now. */
  readonly catchUp?: CatchUp;
};

export type DeployWish = {
  /** The DAGs of the files. */
  readonly local: readonly DagSpec[];
  readonly deployed: readonly DeployedDag[];
  readonly taskQueue: string;
  readonly signature: (spec: DagSpec) => string | undefined;
  /** The schedules of DAGs that no file has any more: removed; else paused. */
  readonly prune: boolean;
  /** RFC 3339. */
  readonly now: string;
};

/** The note of a schedule that a deploy has paused, by which a later one knows that no person did. */
export const NO_FILE_NOTE = 'paused by ferry dag deploy: no file has this DAG any more';

/** Whether there is something to do. */
export function isChange({ action }: Pick<Deployment, 'action'>): boolean {
  return action !== 'unchanged' && action !== 'by-hand';
}

/** What a deploy does, by dag_id: the DAGs of the files against the schedules of the server. */
export function decideDeployments(wish: DeployWish): readonly Deployment[] {
  const { local, deployed, prune } = wish;
  const here = new Set(local.map(({ dagId }) => dagId));
  const decided = [
    ...local.map((spec) =>
      ofFile(
        spec,
        deployed.find(({ dagId }) => dagId === spec.dagId),
        wish,
      ),
    ),
    ...deployed.filter(({ dagId }) => !here.has(dagId)).map((each) => withoutFile(each, prune)),
  ];
  return decided.sort((one, other) => (one.dagId < other.dagId ? -1 : 1));
}

function ofFile(spec: DagSpec, deployed: DeployedDag | undefined, wish: DeployWish): Deployment {
  const { dagId } = spec;
  const signature = wish.signature(spec);
  const schedule = dagSchedule(spec, { taskQueue: wish.taskQueue, ...(signature === undefined ? {} : { signature }) });
  if (schedule === undefined) {
    const reasons = ['it has no schedule; ferry dag trigger starts its runs'];
    if (deployed === undefined) return { dagId, action: 'by-hand', reasons, paused: false };
    return { dagId, action: 'remove', reasons: ['its file has no schedule any more'], paused: false };
  }
  if (deployed === undefined)
    return { dagId, action: 'create', reasons: [], schedule, paused: false, ...since(spec, wish) };
  return { dagId, schedule, ...nextOf(deployed), ...changeOf(schedule, deployed, wish) };
}

function changeOf(
  wanted: DagSchedule,
  deployed: DeployedDag,
  wish: DeployWish,
): Pick<Deployment, 'action' | 'reasons' | 'paused' | 'catchUp'> {
  const reasons = scheduleDifferences(deployed.schedule, wanted);
  const back = deployed.paused && deployed.note === NO_FILE_NOTE;
  const paused = deployed.paused && !back;
  if (back)
    return {
      action: 'unpause',
      reasons: ['a file has it again', ...reasons],
      paused,
      ...since(wanted.spec, wish, lastFired(deployed) ?? madeUpFor(deployed)),
    };
  const kept = deployed.paused ? [`stays paused${deployed.note === undefined ? '' : `: ${deployed.note}`}`] : [];
  if (reasons.length === 0) return { action: 'unchanged', reasons: kept, paused };
  const more = !paused && coversMore(deployed.schedule?.spec, wanted.spec) ? since(wanted.spec, wish) : {};
  return { action: 'update', reasons: [...reasons, ...kept], paused, ...more };
}

/** What a DAG owes when its schedule goes on after a pause, as it was deployed. `now`: RFC 3339. */
export function owedAfterPause(deployed: DeployedDag, now: string): CatchUp | undefined {
  const { schedule } = deployed;
  return schedule === undefined ? undefined : catchUpOf(schedule.spec, now, lastFired(deployed) ?? madeUpFor(deployed));
}

function withoutFile({ dagId, paused, note }: DeployedDag, prune: boolean): Deployment {
  const why = 'no file has it any more';
  if (prune) return { dagId, action: 'remove', reasons: [why], paused: false };
  const reasons = [`${why}; --prune removes its schedule`];
  if (!paused) return { dagId, action: 'pause', reasons, paused: true };
  return {
    dagId,
    action: 'unchanged',
    reasons: note === NO_FILE_NOTE ? reasons : [...reasons, 'stays paused'],
    paused,
  };
}

/** What a schedule of the server has otherwise than the one that a deploy makes. */
function scheduleDifferences(had: DagSchedule | undefined, wanted: DagSchedule): readonly string[] {
  if (had === undefined) return ['other hands have changed what it starts'];
  const fields = specDifferences(had.spec, wanted.spec);
  const lines: string[] = [];
  if (had.taskQueue !== wanted.taskQueue) lines.push(`task queue: "${had.taskQueue}" -> "${wanted.taskQueue}"`);
  if (fields.length === 0 && had.signature !== wanted.signature) lines.push('signature: made with another key');
  const sameTimes = TIME_FIELDS.every((field) => had.spec[field] === wanted.spec[field]);
  if (sameTimes && !isDeepStrictEqual(timesOf(had), timesOf(wanted)))
    lines.push('other hands have changed when it fires');
  return [...fields, ...lines];
}

function timesOf({ times, catchupWindowMs }: DagSchedule): unknown {
  return { times, catchupWindowMs };
}

/** What the times of a schedule follow from. */
const TIME_FIELDS = ['schedule', 'timezone', 'startDate', 'endDate', 'catchup'] as const;

/** catchup was switched on, or reaches farther back. */
function coversMore(before: DagSpec | undefined, after: DagSpec): boolean {
  if (!after.catchup || before === undefined) return false;
  return !before.catchup || Date.parse(after.startDate ?? '') < Date.parse(before.startDate ?? '');
}

function since(spec: DagSpec, { now }: DeployWish, fired?: string): Pick<Deployment, 'catchUp'> {
  const catchUp = catchUpOf(spec, now, fired);
  return catchUp === undefined ? {} : { catchUp };
}

/** The end of the last interval that its schedule has started a run for; a time between two was somebody's Trigger button. */
function lastFired({ schedule, recent }: DeployedDag): string | undefined {
  if (schedule?.spec.schedule === undefined) return undefined;
  const timetable = timetableOf(schedule.spec.schedule, schedule.spec.timezone);
  return recent
    .filter((time) => firesAt(timetable, parseMoment(time) ?? 0))
    .reduce<string | undefined>(
      (last, time) => (last === undefined || Date.parse(time) > Date.parse(last) ? time : last),
      undefined,
    );
}

/** The end of the last interval that the deploy which made the schedule had run. */
function madeUpFor({ schedule, createdAt }: DeployedDag): string | undefined {
  if (schedule?.spec.schedule === undefined || createdAt === undefined) return undefined;
  return lastCompleteInterval(timetableOf(schedule.spec.schedule, schedule.spec.timezone), createdAt).end;
}

function nextOf({ next }: DeployedDag): Pick<Deployment, 'next'> {
  return next === undefined ? {} : { next };
}
