import type { ActivityOptions } from '@temporalio/workflow';
import { FINAL_CODES } from '../errors/codes.ts';

/** Retried for as long as the time limits of the call allow: outages end, and a retry finds what the last one left. */
const RETRY = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '1m',
  nonRetryableErrorTypes: [...FINAL_CODES],
} as const satisfies ActivityOptions['retry'];

/** Reads only the worker's own configuration: what a few attempts do not mend, no attempt does. */
export const RESOLVE: ActivityOptions = {
  startToCloseTimeout: '1m',
  cancellationType: 'TRY_CANCEL',
  retry: { ...RETRY, maximumAttempts: 5 },
};

/**
 * Steps that ask namenodes and metastores. They outlast an outage of a day. They beat between calls, so that the heartbeat
 * is longer than a call may last (120 s for a metastore's).
 */
export const STEP: ActivityOptions = {
  startToCloseTimeout: '6h',
  scheduleToCloseTimeout: '1d',
  heartbeatTimeout: '3m',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: RETRY,
};

/** Limits for what a run owes that is to end now: one that was cancelled, or that has no plan. Nobody waits for an outage to end. */
export const BRIEFLY: ActivityOptions = { startToCloseTimeout: '10m', scheduleToCloseTimeout: '15m' };

/**
 * A node's load, hours or days of copying. No scheduleToClose and no attempt limit: worker shutdowns and pauses count as
 * attempts, and each one goes on where the disk says. The heartbeat, beaten as bytes move, is what finds a dead worker.
 */
export const LOAD: ActivityOptions = {
  startToCloseTimeout: '7d',
  heartbeatTimeout: '30s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: RETRY,
};

/** How long a run waits before it tries the retryable partitions of `round` again: 15 s, 1 min, 4 min, then 10 min. */
export function roundDelayMs(round: number): number {
  return Math.min(15_000 * 4 ** (round - 1), 600_000);
}
