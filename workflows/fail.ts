import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { TaskFailure } from '../dag/run.ts';
import { CODES, type Code } from '../errors/codes.ts';
import type { Ending, Outcome, ResolvedSpec } from '../sync/outcome.ts';
import { outcomeText } from './messages.ts';

export type StepFailure = NonNullable<Ending['failure']>;

/**
 * What ended a step as a whole, read from the failure of its activity. Anything that is not a Temporal failure is a fault
 * in workflow code: it is thrown on, so that the workflow task waits for a worker that has the fault mended.
 */
export function stepFailure(error: unknown, step: string, beforeAnyByte: boolean): StepFailure {
  const { code, message, hint } = causeOf(error);
  return { code, message: `${step}: ${message}`, hint, beforeAnyByte };
}

const TASK_MESSAGE = 500;

/** What ended a try of a task; a user's activity may fail with a type of its own. */
export function taskFailure(error: unknown): TaskFailure {
  const { code, message } = causeOf(error);
  const cause = innermost(error as TemporalFailure);
  const type = cause instanceof ApplicationFailure ? (cause.type ?? code) : code;
  return { code: type, message: message.length <= TASK_MESSAGE ? message : `${message.slice(0, TASK_MESSAGE)}...` };
}

/** Ends the run with the whole list of problems as its own message; a rethrown cause would hide it behind "Activity task failed". */
export function refusedInput(error: unknown): ApplicationFailure {
  const { code, message, hint } = causeOf(error);
  return ApplicationFailure.create({ type: code, message: `${message}\n${hint}`, nonRetryable: true });
}

/** Ends a run that is not whole: the type is the outcome ('PARTIAL'), details[0] is the Outcome. */
export function unfinished(spec: ResolvedSpec, outcome: Outcome, failure: StepFailure | undefined): ApplicationFailure {
  return ApplicationFailure.create({
    type: outcome.outcome.toUpperCase(),
    message: outcomeText(spec, outcome, failure),
    nonRetryable: true,
    details: [outcome],
  });
}

function causeOf(error: unknown): { readonly code: Code; readonly message: string; readonly hint: string } {
  if (!(error instanceof TemporalFailure)) throw error;
  const cause = innermost(error);
  if (cause instanceof ApplicationFailure) {
    const code = isCode(cause.type) ? cause.type : 'INTERNAL';
    const told = cause.details?.[0] as { readonly message?: string } | undefined;
    return { code, message: told?.message ?? cause.message, hint: CODES[code].hint };
  }
  const code = cause instanceof TimeoutFailure ? 'DEADLINE' : 'INTERNAL';
  return { code, message: cause.message, hint: CODES[code].hint };
}

/** Under "Activity task failed" and "Child Workflow execution failed", and under the time-out that ended the retries, stands what the last attempt said. */
function innermost(error: TemporalFailure): TemporalFailure {
  let cause = error;
  while (
    (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure || cause instanceof TimeoutFailure) &&
    cause.cause instanceof TemporalFailure
  ) {
    cause = cause.cause;
  }
  return cause;
}

function isCode(type: string | null | undefined): type is Code {
  return typeof type === 'string' && Object.hasOwn(CODES, type);
}
