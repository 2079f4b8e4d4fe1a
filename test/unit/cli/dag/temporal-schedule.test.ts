import { describe, expect, it } from '@jest/globals';
import type { ScheduleDescription } from '@temporalio/client';
import { deployedDag, scheduleOptions } from '../../../../cli/dag/temporal-schedule.ts';
import { type DagSchedule, dagSchedule } from '../../../../dag/dag-schedule.ts';
import { ordersDaily } from '../../dag/orders-daily.ts';

type Edit = (made: Made) => unknown;
type Made = ReturnType<typeof scheduleOptions>;

function made(schedule: string, timezone = 'UTC'): DagSchedule {
  const wanted = dagSchedule({ ...ordersDaily(), schedule, timezone }, { taskQueue: 'q', signature: 's' });
  if (wanted === undefined) throw new Error('no schedule');
  return wanted;
}

/** As a server 1.32 tells a schedule: every value of a calendar as a range, all of a field as one, lists where there is none. */
function told(schedule: DagSchedule, edit: Edit = (options) => options): ScheduleDescription {
  const { spec, action, policies } = edit(scheduleOptions(schedule)) as Made;
  const whole: Readonly<Record<string, readonly [unknown, unknown]>> = {
    dayOfMonth: [1, 31],
    month: ['JANUARY', 'DECEMBER'],
    dayOfWeek: ['SUNDAY', 'SATURDAY'],
  };
  const ranges = (field: string, value: unknown) =>
    value === '*'
      ? [{ start: whole[field]?.[0], end: whole[field]?.[1], step: 1 }]
      : [value].flat().map((each) => ({ start: each, end: each, step: 1 }));
  const calendars = (spec.calendars ?? []).map((calendar) => ({
    ...Object.fromEntries(Object.entries(calendar).map(([field, value]) => [field, ranges(field, value)])),
    year: [],
    comment: '',
  }));
  return {
    scheduleId: 'dag/orders_daily',
    spec: { intervals: [], skip: [], ...spec, calendars },
    action,
    policies,
    state: { paused: false, note: '' },
    info: {
      recentActions: [],
      nextActionTimes: [new Date('2026-11-27T03:00:00Z')],
      createdAt: new Date('2026-11-20T10:11:12Z'),
    },
  } as unknown as ScheduleDescription;
}

describe('a schedule of the server', () => {
  it.each([
    ['0 3 * * *', 'UTC'],
    ['0 8,20 * * MON-FRI', 'Europe/Berlin'],
    ['0 9 13 */2 FRI', 'Asia/Kolkata'],
    ['*/15 * * * *', 'Europe/Berlin'],
  ])('of %s in %s is the one that was made', (cron, zone) => {
    const schedule = made(cron, zone);
    expect(deployedDag('orders_daily', told(schedule))).toEqual({
      dagId: 'orders_daily',
      schedule,
      paused: false,
      recent: [],
      createdAt: '2026-11-20T10:11:12Z',
      next: '2026-11-27T03:00:00Z',
    });
  });

  it.each<[string, Edit]>([
    ['has jitter', (options) => ({ ...options, spec: { ...options.spec, jitter: 1_000 } })],
    ['leaves times out', (options) => ({ ...options, spec: { ...options.spec, skip: [{}] } })],
    [
      'fires every second',
      ({ spec, ...options }) => ({
        ...options,
        spec: { ...spec, calendars: [{ ...spec.calendars?.[0], second: [0, 1] }] },
      }),
    ],
    ['skips runs', (options) => ({ ...options, policies: { ...options.policies, overlap: 'SKIP' } })],
    ['starts another workflow', (options) => ({ ...options, action: { ...options.action, workflowType: 'other' } })],
    [
      'gives another input',
      (options) => ({ ...options, action: { ...options.action, args: [{ dag: 'orders_daily' }] } }),
    ],
    [
      'starts runs under other ids',
      (options) => ({ ...options, action: { ...options.action, workflowId: 'dag/other' } }),
    ],
  ])('that %s is none that a deploy makes', (_, edit) => {
    expect(deployedDag('orders_daily', told(made('0 3 * * *'), edit)).schedule).toBeUndefined();
  });
});
