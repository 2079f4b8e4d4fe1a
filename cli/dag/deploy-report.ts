import type { CatchUp } from '../../dag/catch-up.ts';
import type { DeployAction, Deployment } from '../../dag/deployment.ts';
import { formatMoment } from '../../dag/moment.ts';
import { fireAfter, timetableOf } from '../../dag/timetable.ts';
import { countText } from '../quantities.ts';
import type { Colors } from '../terminal.ts';
import { wrapped } from '../wrapped.ts';
import type { DeploymentEnd } from './apply-deployment.ts';

const MARKS: Readonly<Record<DeployAction, readonly [string, keyof Colors]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  unpause: ['▸', 'green'],
  pause: ['‖', 'yellow'],
  remove: ['-', 'red'],
  unchanged: ['=', 'dim'],
  'by-hand': ['·', 'dim'],
};

/** What a deploy is about to do, for people: a line a DAG, what differs below it, and how many of each. */
export function deployReport(
  deployments: readonly Deployment[],
  { columns, colors, now }: { readonly columns: number; readonly colors: Colors; readonly now: string },
): string {
  const widest = deployments.reduce((most, { dagId }) => Math.max(most, dagId.length), 0);
  const lines = deployments.flatMap((deployment) => {
    const [mark, color] = MARKS[deployment.action];
    const paint = colors[color] as (text: string) => string;
    const head = `${paint(mark)} ${deployment.dagId.padEnd(widest)}  ${paint(deployment.action)}`;
    return [head, ...detailsOf(deployment, now).flatMap((line) => wrapped(line, columns, '    '))];
  });
  const counts = (Object.keys(MARKS) as DeployAction[]).flatMap((action) => {
    const count = deployments.filter((each) => each.action === action).length;
    return count === 0 ? [] : [`${count} ${action}`];
  });
  return [...lines, counts.join(', ') || 'There is no DAG.'].join('\n');
}

function detailsOf({ action, reasons, schedule, catchUp }: Deployment, now: string): readonly string[] {
  const lines = [...reasons];
  if (action === 'create' && schedule !== undefined) {
    const { schedule: cron = '', timezone, endDate } = schedule.spec;
    const next = formatMoment(fireAfter(timetableOf(cron, timezone), Date.parse(now)));
    const from = schedule.times.startAt;
    const first = from !== undefined && Date.parse(from) > Date.parse(next) ? from : next;
    const over = endDate !== undefined && Date.parse(endDate) < Date.parse(now);
    lines.push(`${cron} (${timezone}); ${over ? `no run to come: endDate was ${endDate}` : `next run ${first}`}`);
  }
  if (catchUp !== undefined) lines.push(catchUpText(catchUp));
  return lines;
}

/** 'runs the newest interval, 2026-11-24T03:00:00Z to 2026-11-25T03:00:00Z' */
export function catchUpText(catchUp: CatchUp): string {
  if (catchUp.kind === 'newest')
    return `runs the newest complete interval: ${catchUp.interval.start} to ${catchUp.interval.end}`;
  const { from, to, count } = catchUp;
  const many = count === undefined ? 'more than 10000 intervals' : countText(count, 'interval');
  return `catches up ${many}, ${from} to ${to}, by a backfill; those that have run are passed over`;
}

/** What has become of the changes, for people. `again`: the command. */
export function deployEndReport(
  ends: ReadonlyMap<string, DeploymentEnd>,
  { again, colors }: { readonly again: string; readonly colors: Colors },
): string {
  const failed = [...ends.values()].flatMap(({ error }) =>
    error === undefined ? [] : [`${colors.red('✗')} ${error}`],
  );
  const backfills = [...ends.values()].flatMap(({ backfill }) => (backfill === undefined ? [] : [backfill]));
  const done = ends.size - failed.length;
  return [
    ...failed,
    ...backfills.map((id) => `A backfill goes on: ${id}`),
    `${countText(done, 'schedule')} changed${failed.length === 0 ? '' : `, ${failed.length} not`}.`,
    ...(failed.length === 0 ? [] : [`  To try the others again: ${again}`]),
  ].join('\n');
}
