import type { ActivityOptions } from '@temporalio/workflow';
import type { TaskSpec } from '../dag/spec.ts';
import { BRIEFLY, RESOLVE, STEP } from './activity-options.ts';

/** Reads the worker's configuration and DAG files, or renders templates. */
export const READ_DAG = RESOLVE;

/** Talks to Temporal, or to the cluster of the run memory. */
export const ASK: ActivityOptions = { ...STEP, startToCloseTimeout: '5m' };

/** For what a run owes that has ended. */
export const OWED: ActivityOptions = { ...ASK, ...BRIEFLY };

/** Of hive-ferry's operators: their heartbeats tell a dead worker. Of a user's activity, which may not beat, this is what does. */
const UNLIMITED = { operator: '3650d', user: '1d' } as const;

/**
 * One try of a task. hive-ferry's own operators outlast an outage within it, for as long as the task's execution timeout
 * allows. A user's activity is called once: its every failure is the end of a try, and one that does not beat could
 * neither be told of a cancellation nor be waited for.
 */
export function tryOptions({ action, executionTimeoutSeconds }: TaskSpec): ActivityOptions {
  const given = executionTimeoutSeconds === undefined ? undefined : (`${executionTimeoutSeconds}s` as const);
  if (action.operator === 'activityTask') {
    const startToCloseTimeout = given ?? UNLIMITED.user;
    return { startToCloseTimeout, cancellationType: 'TRY_CANCEL', retry: { maximumAttempts: 1 } };
  }
  const limit = given ?? UNLIMITED.operator;
  return { ...STEP, startToCloseTimeout: limit, scheduleToCloseTimeout: limit };
}

/** The delay before the try after `tries` tries. */
export function retryDelayMs(task: TaskSpec, tries: number): number {
  const seconds = task.retryDelaySeconds * task.retryBackoff ** (tries - 1);
  return Math.min(seconds, task.maxRetryDelaySeconds) * 1000;
}

/** The activity of `onEnd`: a few tries, as nobody waits for it. */
export const HOOK: ActivityOptions = {
  ...BRIEFLY,
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '5s', maximumAttempts: 3 },
};
