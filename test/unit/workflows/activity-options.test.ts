import { describe, expect, it } from '@jest/globals';
import { CODES, type Code } from '../../../errors/codes.ts';
import * as options from '../../../workflows/activity-options.ts';

describe('the options of the activities', () => {
  const { LOAD, STEP, RESOLVE, BRIEFLY } = options;

  it.each(Object.entries({ LOAD, STEP, RESOLVE }))(
    '%s ends with the codes that no repetition mends',
    (_, { retry }) => {
      const final = (Object.keys(CODES) as Code[]).filter((code) => ['never', 'round'].includes(CODES[code].retry));
      expect(retry?.nonRetryableErrorTypes).toEqual(final);
      expect(retry?.nonRetryableErrorTypes).not.toContain('UNREACHABLE');
      expect(retry?.maximumInterval).toBe('1m');
    },
  );

  it('let a load go on for days, over any number of attempts, and find a dead worker in half a minute', () => {
    expect(LOAD).toMatchObject({ startToCloseTimeout: '7d', heartbeatTimeout: '30s' });
    expect(LOAD).not.toHaveProperty('scheduleToCloseTimeout');
    expect(LOAD.retry).not.toHaveProperty('maximumAttempts');
  });

  it.each(Object.entries({ LOAD, STEP }))('%s waits for what it cancels, and can hear of it', (_, step) => {
    expect(step.cancellationType).toBe('WAIT_CANCELLATION_COMPLETED');
    expect(step.heartbeatTimeout).toBeDefined();
  });

  it('bound what a cancelled run still owes', () => {
    expect(BRIEFLY.scheduleToCloseTimeout).toBe('15m');
  });

  it.each([
    [1, 15_000],
    [2, 60_000],
    [3, 240_000],
    [4, 600_000],
    [9, 600_000],
  ])('wait longer before each round: after round %d, %d ms', (round, ms) => {
    expect(options.roundDelayMs(round)).toBe(ms);
  });
});
