import { describe, expect, it } from '@jest/globals';
import { scheduleProblems } from '../../../dag/schedule-problems.ts';

const RANGE = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2036, 0, 1) };
const problems = (schedule: string, zone: string) => scheduleProblems(schedule, zone, RANGE);

describe('case 54: a local time that clocks skip or show twice is refused, with what to write instead', () => {
  it.each([
    [
      '30 2 * * *',
      'Europe/Berlin',
      '"30 2 * * *" in Europe/Berlin is due at 02:30, which the clocks skip on 2026-03-29 (from 02:00 to 03:00), and 02:30, which the clocks show twice on 2026-10-25 (from 03:00 back to 02:00); write "30 3 * * *", or timezone: "UTC", which has no such hours',
    ],
    [
      '0 1 * * *',
      'America/New_York',
      '"0 1 * * *" in America/New_York is due at 01:00, which the clocks show twice on 2026-11-01 (from 02:00 back to 01:00); write "0 3 * * *", or timezone: "UTC", which has no such hours',
    ],
    [
      '@daily',
      'America/Santiago',
      '"@daily" in America/Santiago is due at 00:00, which the clocks skip on 2026-09-06 (from 00:00 to 01:00); write "0 1 * * *", or timezone: "UTC", which has no such hours',
    ],
    [
      '0 */2 * * *',
      'Europe/Berlin',
      '"0 */2 * * *" in Europe/Berlin is due at 02:00, which the clocks skip on 2026-03-29 (from 02:00 to 03:00), and 02:00, which the clocks show twice on 2026-10-25 (from 03:00 back to 02:00); write timezone: "UTC", which has no such hours',
    ],
    [
      '15 * * * *',
      'Australia/Lord_Howe',
      '"15 * * * *" in Australia/Lord_Howe is due at 02:15, which the clocks skip on 2026-10-04 (from 02:00 to 02:30); write timezone: "UTC", which has no such hours',
    ],
  ])('%s in %s', (schedule, zone, message) => {
    expect(problems(schedule, zone)).toEqual([message]);
  });

  it.each([
    ['30 2 * * *', 'UTC'],
    ['30 2 * * *', 'Asia/Shanghai'],
    ['0 3 * * *', 'Europe/Berlin'],
    ['0 8,20 * * *', 'Europe/Berlin'],
    ['*/15 * * * *', 'Europe/Berlin'],
    // Berlin moves its clocks on Sundays.
    ['30 2 * * 1-5', 'Europe/Berlin'],
    // Mexico has kept its clocks since 2022.
    ['30 2 * * *', 'America/Mexico_City'],
  ])('%s in %s is right', (schedule, zone) => {
    expect(problems(schedule, zone)).toEqual([]);
  });
});

describe('what is no cron is told by its text', () => {
  it.each([
    ['', /"" is not a cron of five fields .* nor one of @hourly, @daily/],
    ['0 3 * *', /"0 3 \* \*" is not a cron of five fields/],
    ['0 0 3 * * *', /is not a cron of five fields/],
    ['@dayly', /"@dayly" is not one of @hourly.*; did you mean "@daily"\?/],
    ['@once', /leave schedule out/],
    ['60 * * * *', /"60 \* \* \* \*" is not a cron: .*0-59/],
    ['0 24 * * *', /is not a cron: .*0-23/],
    ['0 0 30 2 *', /"0 0 30 2 \*" is not a cron/],
    ['0 0 L * *', /"L" in "0 0 L \* \*" is not a cron field/],
    ['0 0 * * 5#2', /"5#2" in .* is not a cron field/],
    ['0 0 ? * *', /"\?" in .* is not a cron field/],
    ['5-1 * * * *', /is not a cron/],
    ['*/0 * * * *', /is not a cron/],
    ['1,,2 * * * *', /"1,,2" in .* is not a cron field/],
  ])('%j', (schedule, message) => {
    expect(problems(schedule, 'UTC')).toEqual([expect.stringMatching(message)]);
  });
});
