/**
 * What one stream of bytes costs in memory: the sockets' buffers on both sides and the chunks between them, measured
 * at its worst and rounded up. A node's streams follow from its budget.
 */
export const STREAM_BYTES = 16 * 1024 * 1024;

/** A file of at most so many bytes fills no buffers: several are copied for the cost of one stream. */
export const SMALL_FILE_BYTES = 1024 * 1024;
const SMALL_STREAM_BYTES = STREAM_BYTES / 4;

/** Beyond this a node gains nothing: the servers are the limit. */
const MOST_STREAMS = 32;

export function streamsOf(budgetBytes: number): number {
  return Math.max(1, Math.min(MOST_STREAMS, Math.floor(budgetBytes / STREAM_BYTES)));
}

/** How many files a node has open at once when they are small. */
export function mostOpenFiles(budgetBytes: number): number {
  return Math.min(MOST_STREAMS, Math.floor(Math.max(budgetBytes, STREAM_BYTES) / SMALL_STREAM_BYTES));
}

type Waiter = { readonly cost: number; readonly go: () => void };

/** The streams that a node's budget holds; whoever has bytes to move takes one in turn. */
export class Streams {
  #freeBytes: number;
  #free = MOST_STREAMS;
  readonly #waiting: Waiter[] = [];

  constructor(budgetBytes: number) {
    this.#freeBytes = Math.max(budgetBytes, STREAM_BYTES);
  }

  /** `bytes`: how many there are to move. */
  async use<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const cost = bytes <= SMALL_FILE_BYTES ? SMALL_STREAM_BYTES : STREAM_BYTES;
    await new Promise<void>((go) => {
      this.#waiting.push({ cost, go });
      this.#serve();
    });
    try {
      return await work();
    } finally {
      this.#free += 1;
      this.#freeBytes += cost;
      this.#serve();
    }
  }

  /** First come, first served: many small ones never keep a large one waiting. */
  #serve(): void {
    for (let next = this.#waiting[0]; next && this.#free > 0 && next.cost <= this.#freeBytes; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= 1;
      this.#freeBytes -= next.cost;
      next.go();
    }
  }
}
