import type { Code } from '../errors/codes.ts';
import { codeOf } from '../errors/ferry-error.ts';

/** What may come of a batch that is too large: too slow, over a size limit of either side, or more than the server's memory. */
const MAYBE_TOO_LARGE: ReadonlySet<Code> = new Set(['DEADLINE', 'CONNECTION_LOST', 'SERVER_ERROR', 'BAD_ANSWER']);

/** Partitions of as many columns that go in one message: the event loop is kept for some 100 ms, no longer. */
export function batchFor(columns: number): number {
  return Math.max(1, Math.min(1000, Math.floor(40_000 / (columns + 20))));
}

/**
 * Runs `run` over the items in batches, in order, one after another, and yields its answers. A batch that fails in a way
 * that a smaller one may not is run again in halves (the size stays small for the rest), down to single items: `run`
 * must be safe to repeat.
 */
export async function* inBatches<T, R>(
  items: readonly T[],
  size: () => number,
  run: (batch: readonly T[]) => Promise<R>,
): AsyncGenerator<R> {
  let most = Number.POSITIVE_INFINITY;
  for (let from = 0; from < items.length; ) {
    const batch = items.slice(from, from + Math.min(most, size()));
    try {
      yield await run(batch);
      from += batch.length;
    } catch (error) {
      if (batch.length === 1 || !MAYBE_TOO_LARGE.has(codeOf(error))) throw error;
      most = Math.ceil(batch.length / 2);
    }
  }
}
