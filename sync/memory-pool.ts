import { FerryError } from '../errors/ferry-error.ts';
import { formatSize } from './size.ts';

/** A node's share of the pool while it loads. `hold` and `letGo` count the bytes it really has in memory. */
export type Lease = {
  readonly budgetBytes: number;
  readonly peakBytes: number;
  hold(bytes: number): void;
  letGo(bytes: number): void;
  /** Gives the budget back; safe to call twice. */
  release(): void;
};

type Waiter = { readonly bytes: number; readonly grant: () => void };

/**
 * The memory that the nodes of one worker share. A node takes its whole budget or waits for it, first come, first
 * served; one that waits longer than `waitMs` is told POOL_BUSY, so that an idle worker may take the node instead.
 */
export class MemoryPool {
  readonly totalBytes: number;
  #free: number;
  readonly #waiters: Waiter[] = [];
  readonly #changed: (usedBytes: number) => void;

  /** `changed` is told how much is taken, whenever that changes. */
  constructor(totalBytes: number, changed: (usedBytes: number) => void = () => {}) {
    this.totalBytes = totalBytes;
    this.#free = totalBytes;
    this.#changed = changed;
  }

  get freeBytes(): number {
    return this.#free;
  }

  /** Rejects with POOL_BUSY, NODE_TOO_LARGE, or the signal's reason. */
  async take(bytes: number, options: { readonly waitMs?: number; readonly signal?: AbortSignal } = {}): Promise<Lease> {
    if (bytes > this.totalBytes) {
      throw new FerryError(
        'NODE_TOO_LARGE',
        `a node of ${formatSize(bytes)} does not fit into this worker's pool of ${formatSize(this.totalBytes)}`,
      );
    }
    options.signal?.throwIfAborted();
    if (this.#waiters.length > 0 || this.#free < bytes) await this.#wait(bytes, options);
    else this.#give(bytes);
    return this.#lease(bytes);
  }

  async #wait(bytes: number, options: { readonly waitMs?: number; readonly signal?: AbortSignal }): Promise<void> {
    const waitMs = options.waitMs ?? 2_000;
    await new Promise<void>((resolve, reject) => {
      const leave = (error: unknown) => {
        const place = this.#waiters.indexOf(waiter);
        if (place >= 0) this.#waiters.splice(place, 1);
        settle();
        reject(error);
        this.#serve();
      };
      const timer = setTimeout(
        () => leave(new FerryError('POOL_BUSY', `no ${formatSize(bytes)} free in this worker's memory pool`)),
        waitMs,
      );
      const onAbort = () => leave(options.signal?.reason);
      const settle = () => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        bytes,
        grant: () => {
          settle();
          resolve();
        },
      };
      options.signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
    });
  }

  #give(bytes: number): void {
    this.#free -= bytes;
    this.#changed(this.totalBytes - this.#free);
  }

  #serve(): void {
    for (let next = this.#waiters[0]; next && next.bytes <= this.#free; next = this.#waiters[0]) {
      this.#waiters.shift();
      this.#give(next.bytes);
      next.grant();
    }
  }

  #lease(budgetBytes: number): Lease {
    let held = 0;
    let peak = 0;
    let released = false;
    return {
      budgetBytes,
      get peakBytes() {
        return peak;
      },
      hold: (bytes) => {
        held += bytes;
        peak = Math.max(peak, held);
      },
      letGo: (bytes) => {
        held -= bytes;
      },
      release: () => {
        if (released) return;
        released = true;
        this.#give(-budgetBytes);
        this.#serve();
      },
    };
  }
}
