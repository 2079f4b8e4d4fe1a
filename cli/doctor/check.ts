import { CODES } from '../../errors/codes.ts';
import type { Failed } from './findings.ts';

/**
 * `warn`: a sync works, but something is slow, risky or surprising. `unknown`: nobody could tell. `skip`: not looked at,
 * because it does not apply or hangs on another check that has failed.
 */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'unknown' | 'skip';

export type Check = {
  readonly id: string;
  /** What it is about: 'config', 'temporal', or a cluster's name. */
  readonly subject: string;
  readonly status: CheckStatus;
  readonly says: string;
  /** The way out; every check that is not right has one. */
  readonly fix?: string;
};

export type Verdict = Omit<Check, 'id' | 'subject'>;

export const ok = (says: string): Verdict => ({ status: 'ok', says });
export const skip = (says: string): Verdict => ({ status: 'skip', says });
export const warn = (says: string, fix: string): Verdict => ({ status: 'warn', says, fix });
export const fail = (says: string, fix: string): Verdict => ({ status: 'fail', says, fix });

/** A question that was not answered. That a server is slow or overloaded now says nothing of the setting. */
export function unanswered(failed: Failed, fix: string = CODES[failed.code].hint): Verdict {
  const passing = ['DEADLINE', 'CONNECTION_LOST', 'SERVER_ERROR', 'INTERNAL'].includes(failed.code);
  return { status: passing ? 'unknown' : 'fail', says: `${failed.code}: ${failed.message}`, fix };
}
