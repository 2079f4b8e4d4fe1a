import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { CODES } from '../errors/codes.ts';
import { FerryError } from '../errors/ferry-error.ts';
import { parseDuration } from '../sync/duration.ts';

const LEAST_MS = 1_000;

/**
 * One look of a sensor. What is not there yet fails the attempt in a way that Temporal tries again after `every`, so that
 * a sensor that waits for hours holds no slot of a worker; SENSOR_TIMEOUT once `timeout` has gone by since the task began,
 * which is where the last look is.
 * Returns the seconds waited.
 */
export function afterLook(
  there: boolean,
  what: string,
  { every, timeout }: { readonly every: string; readonly timeout: string },
): number {
  const waitedMs = Date.now() - Context.current().info.scheduledTimestampMs;
  if (there) return Math.round(waitedMs / 1000);
  const leftMs = (parseDuration(timeout) ?? 0) - waitedMs;
  if (leftMs <= 0) throw new FerryError('SENSOR_TIMEOUT', `${what} is not there after ${timeout}`);
  throw ApplicationFailure.create({
    type: 'SENSOR_WAITING',
    message: `${what} is not there yet\n${CODES.SENSOR_WAITING.hint}`,
    nextRetryDelay: Math.max(LEAST_MS, Math.min(parseDuration(every) ?? 0, leftMs)),
    category: ApplicationFailureCategory.BENIGN,
  });
}
