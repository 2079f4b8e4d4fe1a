import { describe, expect, it } from '@jest/globals';
import { catchUpOf } from '../../../dag/catch-up.ts';

const NOW = '2026-11-26T08:00:00Z';
const DAILY = { schedule: '0 3 * * *', timezone: 'UTC', catchup: true, startDate: '2026-11-24T00:00:00Z' };

describe('catchUpOf', () => {
  it.each<[string, object, string | undefined, object | undefined]>([
    [
      'all since startDate',
      {},
      undefined,
      { kind: 'all', from: '2026-11-24T03:00:00Z', to: '2026-11-25T03:00:00Z', end: '2026-11-26T03:00:00Z', count: 2 },
    ],
    [
      'none after endDate',
      { startDate: '2026-11-20T00:00:00Z', endDate: '2026-11-21T23:59:59Z' },
      undefined,
      { kind: 'all', from: '2026-11-20T03:00:00Z', to: '2026-11-21T03:00:00Z', end: '2026-11-22T03:00:00Z', count: 2 },
    ],
    ['nothing before startDate', { startDate: '2026-12-01T00:00:00Z' }, undefined, undefined],
    ['nothing when the newest has had its run', {}, '2026-11-26T03:00:00Z', undefined],
    [
      'those since the last firing',
      {},
      '2026-11-25T03:00:00Z',
      { kind: 'all', from: '2026-11-25T03:00:00Z', to: '2026-11-25T03:00:00Z', end: '2026-11-26T03:00:00Z', count: 1 },
    ],
    [
      'the newest without catchup',
      { catchup: false },
      undefined,
      { kind: 'newest', interval: { start: '2026-11-25T03:00:00Z', end: '2026-11-26T03:00:00Z' } },
    ],
    ['no newest that is before startDate', { catchup: false, startDate: '2026-11-26T00:00:00Z' }, undefined, undefined],
    ['nothing without a schedule', { schedule: undefined }, undefined, undefined],
  ])('%s', (_, fields, fired, owed) => {
    expect(catchUpOf({ ...DAILY, ...fields }, NOW, fired)).toEqual(owed);
  });

  it('does not count what is very much', () => {
    const minutely = { ...DAILY, schedule: '* * * * *', startDate: '2020-01-01T00:00:00Z' };
    expect(catchUpOf(minutely, NOW)).toEqual({
      kind: 'all',
      from: '2020-01-01T00:00:00Z',
      to: '2026-11-26T07:59:00Z',
      end: NOW,
    });
  });
});
