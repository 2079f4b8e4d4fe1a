import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, ScheduleHandle } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { intervals } from '../../dag/interval.ts';
import { formatMoment } from '../../dag/moment.ts';
import { scheduleProblems } from '../../dag/schedule-problems.ts';
import { scheduleTimes } from '../../dag/schedule-spec.ts';
import { timetableOf } from '../../dag/timetable.ts';
import { labTemporal } from './lab-temporal.ts';

const YEAR = { from: '2027-01-01', to: '2027-12-31' };

let client: Client;
let close: () => Promise<void>;
const schedules: ScheduleHandle[] = [];

beforeAll(async () => {
  ({ client, close } = await labTemporal());
});

afterAll(async () => {
  for (const schedule of schedules) await schedule.delete();
  await close();
});

/** Every nominal time of a schedule, as the server itself finds them; it never runs. */
async function serverTimes(schedule: string, timezone: string): Promise<readonly string[]> {
  const times = scheduleTimes({ schedule, timezone, startDate: YEAR.from, endDate: YEAR.to });
  if (times === undefined) throw new Error('no schedule');
  const { startAt = '', endAt = '', ...spec } = times;
  const handle = await client.schedule.create({
    scheduleId: `test-${randomUUID()}`,
    spec: { ...spec, startAt: new Date(startAt), endAt: new Date(endAt) },
    action: { type: 'startWorkflow', workflowType: 'never', taskQueue: 'never' },
    state: { paused: true },
  });
  schedules.push(handle);
  return await matchingTimes(handle.scheduleId);
}

/** The server lists a thousand at most at a time. */
async function matchingTimes(scheduleId: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (let from = Date.UTC(2026, 11, 1); ; ) {
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId,
      startTime: msToTs(from),
      endTime: msToTs(Date.UTC(2028, 11, 1)),
    });
    all.push(...startTime.map((time) => formatMoment(Number(time.seconds) * 1000)));
    if (startTime.length < 1000) return all;
    from = Date.parse(all.at(-1) ?? '') + 1000;
  }
}

describe('case 54: what Temporal fires for a schedule is the end of each interval, and nothing else', () => {
  it.each([
    ['0 3 * * *', 'UTC'],
    ['0 4 * * *', 'Europe/Berlin'],
    ['30 0 * * *', 'America/New_York'],
    ['0 0 * * *', 'Asia/Shanghai'],
    ['0 8,20 * * MON-FRI', 'Europe/Berlin'],
    ['0 9 13 * FRI', 'Australia/Lord_Howe'],
    ['15 5 1 */3 *', 'America/St_Johns'],
    ['@weekly', 'Asia/Kolkata'],
    // Sub-daily where clocks are moved: an interval of UTC.
    ['7 * * * *', 'Europe/Berlin'],
    ['20,50 * * * *', 'Australia/Lord_Howe'],
    ['5 * * * *', 'Asia/Kolkata'],
  ])('%s in %s', async (schedule, zone) => {
    const range = { from: Date.UTC(2027, 0, 1), to: Date.UTC(2028, 0, 1) };
    expect(scheduleProblems(schedule, zone, range)).toEqual([]);
    const ends = [...intervals(timetableOf(schedule, zone), YEAR.from, YEAR.to)].map(({ end }) => end);
    expect(await serverTimes(schedule, zone)).toEqual(ends);
  });

  it('and a time that clocks skip or repeat is one it fires otherwise: such a schedule is refused', async () => {
    const fired = await serverTimes('30 2 * * *', 'Europe/Berlin');
    const days = new Set(fired.map((text) => text.slice(0, 10)));
    expect(days.has('2027-03-28')).toBe(false);
    expect(
      scheduleProblems('30 2 * * *', 'Europe/Berlin', { from: Date.UTC(2027, 0, 1), to: Date.UTC(2028, 0, 1) }),
    ).toHaveLength(1);
  });
});
