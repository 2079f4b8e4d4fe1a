import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterLook } from '../../../activities/sensor.ts';

const TIMES = { every: '1m', timeout: '6h' };

/** What a look says in an activity that was scheduled so many seconds ago. */
async function look(there: boolean, secondsAgo: number, times = TIMES): Promise<unknown> {
  const info = { scheduledTimestampMs: Date.now() - secondsAgo * 1000 };
  // The failures are meant to be.
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  return await environment.run(async () => afterLook(there, 'a:/data/_SUCCESS', times));
}

describe('a look of a sensor', () => {
  it('that finds what it waits for tells how long it took', async () => {
    expect(await look(true, 90)).toBe(90);
  });

  it('that finds nothing ends, and says when to come again: the server waits, no slot of the worker does', async () => {
    const waiting = await look(false, 90).catch((error: unknown) => error);
    expect(waiting).toBeInstanceOf(ApplicationFailure);
    expect(waiting).toMatchObject({
      type: 'SENSOR_WAITING',
      nonRetryable: false,
      nextRetryDelay: 60_000,
      category: 'BENIGN',
    });
    await expect(look(false, 90)).rejects.toThrow('a:/data/_SUCCESS is not there yet');
  });

  it('comes again after a second at the earliest', async () => {
    await expect(look(false, 0, { ...TIMES, every: '1ms' })).rejects.toMatchObject({ nextRetryDelay: 1_000 });
  });

  it('fails for good when the timeout has gone by; the last one is at its very end, however far apart they are', async () => {
    await expect(look(false, 6 * 3600)).rejects.toMatchObject({
      code: 'SENSOR_TIMEOUT',
      message: expect.stringContaining('a:/data/_SUCCESS is not there after 6h'),
    });
    const last = await look(false, 6 * 3600 - 30).catch((error: unknown) => error);
    expect(last).toMatchObject({ type: 'SENSOR_WAITING' });
    expect(Number((last as ApplicationFailure).nextRetryDelay)).toBeLessThanOrEqual(30_000);
    await expect(look(false, 6 * 3600 - 90)).rejects.toMatchObject({ type: 'SENSOR_WAITING', nextRetryDelay: 60_000 });
    const sparse = await look(false, 0, { every: '1h', timeout: '30m' }).catch((error: unknown) => error);
    expect(sparse).toMatchObject({ type: 'SENSOR_WAITING' });
    expect(Number((sparse as ApplicationFailure).nextRetryDelay)).toBeLessThanOrEqual(1_800_000);
  });
});
