import type { NodeContext } from './node-context.ts';

/**
 * The bytes of a stream, each chunk counted against the node's memory for as long as it is in hand, and against the
 * worker's bandwidth before it is handed on. Rejects with the signal's reason.
 */
export async function* metered(
  { engine, lease }: Pick<NodeContext, 'engine' | 'lease'>,
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of stream) {
    lease.hold(bytes.length);
    try {
      await engine.bandwidth.take(bytes.length, engine.signal);
      engine.signal.throwIfAborted();
      yield bytes;
    } finally {
      lease.letGo(bytes.length);
    }
  }
}
