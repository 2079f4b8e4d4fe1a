import { isFerryError } from '../../errors/ferry-error.ts';
import { isElsewhere } from './answer.ts';

/** How often a call is made again, and how long is waited in between. */
export type Patience = {
  /** Rounds over all namenodes while none can be reached or is active. */
  readonly rounds: number;
  /** Times a read is repeated after an answer that was lost or came from an overloaded server. */
  readonly repeats: number;
  /** Milliseconds before the second round; doubled each time, up to 2 s, and spread so that a worker's streams do not come back together. */
  readonly backOff: number;
};

export const DEFAULT_PATIENCE: Patience = { rounds: 6, repeats: 3, backOff: 250 };

/** Milliseconds to wait before the n-th try after the first (n = 1, 2, ...). */
export function backOffBefore(n: number, patience: Patience): number {
  const full = Math.min(2_000, patience.backOff * 2 ** (n - 1));
  return full / 2 + (Math.random() * full) / 2;
}

/** The server did nothing, provably: it was not reached, or said so itself. Then a call that changes something may be sent again too. */
export function isProvenUndone(error: unknown): boolean {
  return isFerryError(error) && (error.code === 'UNREACHABLE' || isElsewhere(error));
}

/** A read that failed in a way that may pass by itself. */
export function isPassing(error: unknown): boolean {
  if (!isFerryError(error)) return false;
  if (isProvenUndone(error) || error.code === 'CONNECTION_LOST' || error.code === 'DEADLINE') return true;
  const { status } = error.details;
  return error.code === 'SERVER_ERROR' && typeof status === 'number' && (status === 429 || status >= 500);
}
