type Handler = (reason: unknown) => void;

const waiting = new WeakMap<AbortSignal, Set<Handler>>();

/**
 * Calls `handler` with the signal's reason when it aborts; at once when it has. Returns what takes the handler away.
 * All handlers of a signal share one listener: a node's signal serves every stream of the node, and Node warns of a leak from the eleventh.
 */
export function onAbort(signal: AbortSignal | undefined, handler: Handler): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    handler(signal.reason);
    return () => {};
  }
  const handlers = waiting.get(signal) ?? listen(signal);
  // A fresh function each time, so that one handler may wait twice.
  const entry: Handler = (reason) => handler(reason);
  handlers.add(entry);
  return () => handlers.delete(entry);
}

function listen(signal: AbortSignal): Set<Handler> {
  const handlers = new Set<Handler>();
  waiting.set(signal, handlers);
  const fire = () => {
    for (const handler of [...handlers]) handler(signal.reason);
  };
  signal.addEventListener('abort', fire, { once: true });
  return handlers;
}
