/** What a command that waits for a run does when it is told to stop. */
export type Interruption = 'detach' | 'cancel' | 'leave-now';

/**
 * Ctrl-C in a terminal leaves the run alone: somebody is there to come back. SIGTERM, and SIGINT without a terminal, come
 * from a scheduler that wants the work to end: the run is cancelled. A second one never waits.
 */
export function interruptionOf(signal: 'SIGINT' | 'SIGTERM', terminal: boolean, before: number): Interruption {
  if (before > 0) return 'leave-now';
  return signal === 'SIGINT' && terminal ? 'detach' : 'cancel';
}

/** Answers SIGINT and SIGTERM until stop(). */
export function onInterrupt(terminal: boolean, answer: (interruption: Interruption) => void): { stop(): void } {
  let count = 0;
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({
    signal,
    handler: () => {
      answer(interruptionOf(signal, terminal, count));
      count += 1;
    },
  }));
  for (const { signal, handler } of handlers) process.on(signal, handler);
  return {
    stop() {
      for (const { signal, handler } of handlers) process.off(signal, handler);
    },
  };
}

/** What ends a command that was told to stop and had nothing to leave behind. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('Interrupted; nothing was changed.');
  }
}
