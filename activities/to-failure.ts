import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { CODES, endsCall } from '../errors/codes.ts';
import { type Details, FerryError, isFerryError, messageOf, redact } from '../errors/ferry-error.ts';

/**
 * Of the failure of an attempt that will be retried the server keeps 4 KiB
 * (limit.mutableStateActivityFailureSize.error), and shows nothing of a larger one.
 */
const RETRIED_MESSAGE = 1_200;
const FINAL_MESSAGE = 16_000;
const DETAILS_BYTES = 4_096;
const STACK = 1_000;

/**
 * What an activity throws, made of what its work threw. Type: the error's code. Message: the error's own and, on a line
 * of its own, the hint. details[0]: the two apart, and the error's details where they are small. Cancellation stays what
 * it is. What is not a FerryError is INTERNAL.
 */
export function toFailure(error: unknown, signal: AbortSignal): ApplicationFailure | CancelledFailure {
  const cancellation = cancellationOf(error, signal);
  if (cancellation !== undefined) return cancellation;
  if (error instanceof ApplicationFailure) return error;
  const ferry = isFerryError(error) ? error : new FerryError('INTERNAL', messageOf(error));
  const { retry, hint } = CODES[ferry.code];
  const final = endsCall(ferry.code);
  const message = cut(ferry.message, final ? FINAL_MESSAGE : RETRIED_MESSAGE);
  const failure = ApplicationFailure.create({
    type: ferry.code,
    message: `${message}\n${hint}`,
    nonRetryable: final,
    details: [{ message, hint, ...smallDetails(ferry.details) }],
    ...(retry === 'busy' ? { nextRetryDelay: '5s', category: ApplicationFailureCategory.BENIGN } : {}),
  });
  failure.stack = ferry.code === 'INTERNAL' ? stackOf(error) : '';
  return failure;
}

/** The failure of a result too large to travel; no attempt makes it smaller. */
export function oversizeFailure(activity: string, bytes: number, limit: number): ApplicationFailure {
  const message = `the result of ${activity} is ${bytes} bytes, more than the ${limit} that may go through Temporal`;
  const { hint } = CODES.INTERNAL;
  return ApplicationFailure.create({
    type: 'INTERNAL',
    message: `${message}\n${hint}`,
    nonRetryable: true,
    details: [{ message, hint }],
  });
}

/**
 * The cancellation that an error stands for. An abort of the activity's own signal is told as the signal's reason, a
 * CancelledFailure, for the SDK to tell apart a cancel, a pause and a reset.
 */
function cancellationOf(error: unknown, signal: AbortSignal): CancelledFailure | undefined {
  if (error instanceof CancelledFailure) return error;
  if (!signal.aborted || !(signal.reason instanceof CancelledFailure)) return undefined;
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each === signal.reason || each.name === 'AbortError') return signal.reason;
  }
  return undefined;
}

function smallDetails(details: Details): Details {
  return Buffer.byteLength(JSON.stringify(details)) <= DETAILS_BYTES ? details : {};
}

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.indexOf('\n    at ');
  return frames < 0 ? '' : cut(redact(stack.slice(frames + 1)), STACK);
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}... (${text.length - limit} more characters)`;
}
