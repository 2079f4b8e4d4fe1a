import { describe, expect, it } from '@jest/globals';
import { ActivityFailure, ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/common';
import { toFailure } from '../../../activities/to-failure.ts';
import { CODES } from '../../../errors/codes.ts';
import { FerryError } from '../../../errors/ferry-error.ts';
import { refusedInput, stepFailure, unfinished } from '../../../workflows/fail.ts';
import { OUTCOME, SPEC } from './run-values.ts';

function failedBy(cause: Error): ActivityFailure {
  return new ActivityFailure('Activity task failed', 'planNodes', 'plan', 'TIMEOUT', undefined, cause);
}

function thrown(code: 'UNREACHABLE' | 'TABLE_UNSUPPORTED', message: string): ApplicationFailure {
  return toFailure(new FerryError(code, message), new AbortController().signal) as ApplicationFailure;
}

function timedOut(message: string, cause?: Error): TimeoutFailure {
  const failure = new TimeoutFailure(message, undefined, 'SCHEDULE_TO_CLOSE');
  return Object.assign(failure, { cause });
}

describe('stepFailure', () => {
  it.each([
    [
      'what the activity threw',
      failedBy(thrown('TABLE_UNSUPPORTED', 'it is a view')),
      'TABLE_UNSUPPORTED',
      'it is a view',
    ],
    [
      'what the last attempt before the time limit threw',
      failedBy(timedOut('too long', thrown('UNREACHABLE', 'nn1 is down'))),
      'UNREACHABLE',
      'nn1 is down',
    ],
    [
      'a time limit alone',
      failedBy(timedOut('activity ScheduleToClose timeout')),
      'DEADLINE',
      'activity ScheduleToClose timeout',
    ],
    [
      'a failure of another code base',
      failedBy(ApplicationFailure.nonRetryable('what?', 'Error')),
      'INTERNAL',
      'what?',
    ],
    ['any other failure of Temporal', new TemporalFailure('no such activity'), 'INTERNAL', 'no such activity'],
  ] as const)('reads %s', (_, error, code, message) => {
    expect(stepFailure(error, 'plan nodes', true)).toEqual({
      code,
      message: `plan nodes: ${message}`,
      hint: CODES[code].hint,
      beforeAnyByte: true,
    });
  });

  it("throws on a fault of the workflow itself, which is not the run's to answer for", () => {
    const fault = new TypeError('undefined is not a function');
    expect(() => stepFailure(fault, 'plan nodes', true)).toThrow(fault);
  });
});

it('refusedInput has the list of problems as its own message', () => {
  const problems = 'This sync cannot start, 2 problems:\n  - a: b\n  - c: d';
  const refused = refusedInput(
    failedBy(toFailure(new FerryError('SPEC_INVALID', problems), new AbortController().signal)),
  );
  expect(refused).toMatchObject({
    type: 'SPEC_INVALID',
    nonRetryable: true,
    message: `${problems}\n${CODES.SPEC_INVALID.hint}`,
  });
  expect(refused.details ?? []).toEqual([]);
});

it.each([
  ['partial', 'PARTIAL'],
  ['failed', 'FAILED'],
  ['refused', 'REFUSED'],
] as const)('unfinished: an outcome that is %s is a failure of type %s that carries it', (kind, type) => {
  const outcome = { ...OUTCOME, outcome: kind };
  const failure = unfinished(SPEC, outcome, undefined);
  expect(failure).toMatchObject({ type, nonRetryable: true, details: [outcome] });
  expect(failure.message).toContain(`sales.orders, a -> b: ${kind}.`);
});
