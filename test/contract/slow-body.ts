/** A body of a create() that the test feeds: it ends when it is told to, and says when it is asked for. */
export class SlowBody {
  /** How often create() asked for it. */
  asked = 0;
  /** Chunks that were taken, and the next one asked for. */
  taken = 0;
  /** True once the reader ended it, or it ended by itself. */
  ended = false;
  readonly #chunks: Uint8Array[] = [];
  #last: { readonly error?: unknown } | undefined;
  #wake = () => {};

  readonly body = (): AsyncIterable<Uint8Array> => {
    this.asked += 1;
    return this.#stream();
  };

  push(text: string): void {
    this.#chunks.push(Buffer.from(text));
    this.#wake();
  }

  end(): void {
    this.#last = {};
    this.#wake();
  }

  fail(error: unknown): void {
    this.#last = { error };
    this.#wake();
  }

  async *#stream(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
          this.taken += 1;
        } else if (this.#last === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else if ('error' in this.#last) throw this.#last.error;
        else return;
      }
    } finally {
      this.ended = true;
    }
  }
}
