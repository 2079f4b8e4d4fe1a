import { onAbort } from './on-abort.ts';

/**
 * The items of `source` until the signal aborts, which rejects with the signal's reason also while the next item is
 * being waited for. The source is told to end, and not waited for: one that is stuck would hold the caller for ever.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let fail: (reason: unknown) => void = () => {};
  // One promise an item: racing each item against one promise for the whole stream would keep them all alive.
  const stop = onAbort(signal, (reason) => fail(reason));
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        fail = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    stop();
    Promise.resolve(iterator.return?.()).catch(() => {});
  }
}
