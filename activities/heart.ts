import { AsyncLocalStorage } from 'node:async_hooks';
import type { Budget } from '../storage/budget.ts';
import type { NodeProgress } from '../sync/outcome.ts';

/** Tells the Temporal server that an attempt is alive; without progress it repeats what was last told. */
export type Heart = (progress?: NodeProgress) => void;

const WAITING_BEAT_MS = 5_000;
const hearts = new AsyncLocalStorage<Heart>();

/** Does an attempt's work. What it waits for deep below, in clients that know no attempts, beats this heart. */
export function withHeart<T>(heart: Heart, work: () => Promise<T>): Promise<T> {
  return hearts.run(heart, work);
}

/**
 * Who waits for its turn moves nothing and is no less alive, however low the worker's limit is. Beats `heart`; left out:
 * that of the attempt in whose work it was asked.
 */
export function beatingWhileWaiting(budget: Budget, heart?: Heart): Budget {
  return {
    async take(amount, signal) {
      const beating = heart ?? hearts.getStore();
      const beat = beating && setInterval(beating, WAITING_BEAT_MS);
      try {
        await budget.take(amount, signal);
      } finally {
        clearInterval(beat);
      }
    },
  };
}
