import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { toFailure } from '../../../activities/to-failure.ts';
import { CODES, type Code, endsCall } from '../../../errors/codes.ts';
import { FerryError } from '../../../errors/ferry-error.ts';

const going = new AbortController().signal;
const reason = new CancelledFailure('CANCELLED');
const cancelled = AbortSignal.abort(reason);

function failureOf(error: unknown, signal = going): ApplicationFailure {
  const failure = toFailure(error, signal);
  if (!(failure instanceof ApplicationFailure)) throw new Error(`not an ApplicationFailure: ${failure}`);
  return failure;
}

function abortError(): Error {
  return Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });
}

describe('toFailure', () => {
  it.each(Object.keys(CODES) as Code[])('%s: the code is the type, and decides about retries', (code) => {
    const failure = failureOf(new FerryError(code, 'at nn1:9870: no'));
    expect(failure).toMatchObject({
      type: code,
      message: `at nn1:9870: no\n${CODES[code].hint}`,
      nonRetryable: endsCall(code),
    });
    expect(failure.details).toEqual([{ message: 'at nn1:9870: no', hint: CODES[code].hint }]);
  });

  it('a full pool is asked again in 5 s, and is no failure to be counted', () => {
    expect(failureOf(new FerryError('POOL_BUSY', 'full'))).toMatchObject({
      nextRetryDelay: '5s',
      category: 'BENIGN',
      nonRetryable: false,
    });
    const other = failureOf(new FerryError('UNREACHABLE', 'gone'));
    expect([other.nextRetryDelay ?? undefined, other.category ?? undefined]).toEqual([undefined, undefined]);
  });

  it('anything else is a fault of hive-ferry, with the place it came from', () => {
    const failure = failureOf(new TypeError('x is not a function'));
    expect(failure).toMatchObject({ type: 'INTERNAL', nonRetryable: false });
    expect(failure.message).toContain('x is not a function');
    expect(failure.stack).toContain('to-failure.test.ts');
    expect(failureOf('thrown text').message).toContain('thrown text');
  });

  it('tells no secret, in message or stack', () => {
    const failure = failureOf(new Error('GET http://nn/x?delegation=HAAEaGRmcw&op=OPEN by http://eve:pass@nn failed'));
    const all = `${failure.message} ${failure.stack} ${JSON.stringify(failure.details)}`;
    expect(all).toContain('delegation=***');
    expect(all).not.toMatch(/HAAEaGRmcw|eve|pass@/);
  });

  it('keeps an attempt that is retried under the 4 KiB that the server keeps of it', () => {
    for (const error of [new FerryError('SERVER_ERROR', 'x'.repeat(50_000)), new Error('y'.repeat(50_000))]) {
      const { message, stack, details } = failureOf(error);
      expect(Buffer.byteLength(JSON.stringify([message, stack, details]))).toBeLessThan(4096);
    }
  });

  it('carries small details, and leaves out large ones', () => {
    const small = new FerryError('SPEC_INVALID', 'm', { details: { problems: ['a: b'] } });
    expect(failureOf(small).details).toEqual([{ message: 'm', hint: CODES.SPEC_INVALID.hint, problems: ['a: b'] }]);
    const large = new FerryError('SPEC_INVALID', 'm', {
      details: { problems: Array(500).fill('a long line of text') },
    });
    expect(failureOf(large).details).toEqual([{ message: 'm', hint: CODES.SPEC_INVALID.hint }]);
  });

  it('leaves alone what is a failure already', () => {
    const failure = ApplicationFailure.nonRetryable('m', 'PLAN_CORRUPT');
    expect(toFailure(failure, going)).toBe(failure);
  });

  describe('cancellation', () => {
    it.each([
      ['the reason itself', reason],
      ['an AbortError of the signal', abortError()],
      ['an error made of the reason', new Error('the request failed', { cause: reason })],
      ['a FerryError made of an AbortError', new FerryError('CONNECTION_LOST', 'reset', { cause: abortError() })],
    ])('stays cancellation: %s', (_, error) => {
      expect(toFailure(error, cancelled)).toBe(reason);
    });

    it('is not what merely happens to a cancelled activity', () => {
      expect(failureOf(new FerryError('QUOTA_EXCEEDED', 'full'), cancelled).type).toBe('QUOTA_EXCEEDED');
    });

    it('is not an abort by somebody else', () => {
      expect(failureOf(abortError()).type).toBe('INTERNAL');
    });
  });
});
