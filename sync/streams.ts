/**
 * What one stream of bytes costs in memory: the sockets' buffers on both sides and the chunks between them, measured
 * at its worst and rounded up. A node's streams follow from its budget.
 */
export const STREAM_BYTES = 16 * 1024 * 1024;

/** Beyond this a node gains nothing: the datanodes are the limit. */
const MOST_STREAMS = 32;

export function streamsOf(budgetBytes: number): number {
  return Math.max(1, Math.min(MOST_STREAMS, Math.floor(budgetBytes / STREAM_BYTES)));
}

/** A fixed number of streams that whoever has a file to copy takes in turn. */
export class Streams {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
