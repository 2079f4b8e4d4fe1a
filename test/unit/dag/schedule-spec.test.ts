import { describe, expect, it } from '@jest/globals';
import { scheduleTimes } from '../../../dag/schedule-spec.ts';

const ALWAYS = { second: 0, dayOfMonth: '*', month: '*', dayOfWeek: '*' };

describe('when a schedule of Temporal fires', () => {
  it.each([
    ['0 3 * * *', 'UTC', { calendars: [{ ...ALWAYS, minute: [0], hour: [3] }], timezone: 'UTC' }],
    [
      '30 4 1 1,7 *',
      'Europe/Berlin',
      {
        calendars: [{ ...ALWAYS, minute: [30], hour: [4], dayOfMonth: [1], month: ['JANUARY', 'JULY'] }],
        timezone: 'Europe/Berlin',
      },
    ],
    [
      '0 9 * * MON-FRI',
      'UTC',
      {
        calendars: [
          { ...ALWAYS, minute: [0], hour: [9], dayOfWeek: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] },
        ],
        timezone: 'UTC',
      },
    ],
    [
      '0 0 13 * 5,7',
      'UTC',
      {
        calendars: [
          { ...ALWAYS, minute: [0], hour: [0], dayOfMonth: [13] },
          { ...ALWAYS, minute: [0], hour: [0], dayOfWeek: ['SUNDAY', 'FRIDAY'] },
        ],
        timezone: 'UTC',
      },
    ],
    ['7 * * * *', 'Europe/Berlin', { intervals: [{ every: 3_600_000, offset: 420_000 }], timezone: 'UTC' }],
  ])('%s in %s', (schedule, timezone, times) => {
    expect(scheduleTimes({ schedule, timezone })).toEqual(times);
  });

  it('starts with the end of the first interval that starts at startDate or later, and ends with the last one', () => {
    const bounds = (startDate: string, endDate: string) =>
      scheduleTimes({ schedule: '0 3 * * *', timezone: 'UTC', startDate, endDate });
    expect(bounds('2026-11-01', '2026-11-03')).toMatchObject({
      startAt: '2026-11-02T03:00:00Z',
      endAt: '2026-11-04T03:00:00Z',
    });
    expect(bounds('2026-11-01T03:00:00Z', '2026-11-03T03:00:00Z')).toMatchObject({
      startAt: '2026-11-02T03:00:00Z',
      endAt: '2026-11-04T03:00:00Z',
    });
    expect(bounds('2026-11-01T03:00:01Z', '2026-11-03T02:59:59Z')).toMatchObject({
      startAt: '2026-11-03T03:00:00Z',
      endAt: '2026-11-03T03:00:00Z',
    });
  });

  it('is nothing for a DAG that is started by hand', () => {
    expect(scheduleTimes({ timezone: 'UTC' })).toBeUndefined();
  });
});
