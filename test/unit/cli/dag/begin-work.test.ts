import { describe, expect, it } from '@jest/globals';
import { isSameWork } from '../../../../cli/dag/begin-work.ts';

describe('isSameWork', () => {
  const asked = { dag: 'orders_daily', interval: { start: 'a', end: 'b' } };

  it.each<[string, object, unknown, boolean]>([
    ['the same from another terminal', asked, { ...asked }, true],
    ['a run of the schedule', asked, undefined, true],
    ['other params', { ...asked, params: { region: 'us' } }, asked, false],
    ['params, of which a run of the schedule has none', { ...asked, params: { region: 'us' } }, undefined, false],
    ['a rerun, while a run of the schedule goes on', { ...asked, rerun: true }, undefined, false],
    ['a backfill in the other direction', { dag: 'x', reverse: true }, { dag: 'x' }, false],
  ])('%s', (_what, wanted, there, same) => {
    expect(isSameWork(wanted as Readonly<Record<string, unknown>>, there)).toBe(same);
  });
});
