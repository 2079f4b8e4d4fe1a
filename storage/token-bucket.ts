import type { Budget } from './budget.ts';
import { onAbort } from './on-abort.ts';

type Waiter = { readonly amount: number; readonly grant: () => void };

/**
 * A budget that hands out `perSecond` a second, first come, first served, and saves up at most one second's worth. What is
 * taken last may be more than what is there: whoever comes next waits until it is paid back, so that an amount of any size
 * passes and the rate holds over time. undefined: no limit.
 */
export class TokenBucket implements Budget {
  #perSecond: number | undefined;
  /** What is there at #at; below zero: owed. */
  #tokens = 0;
  #at = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #waiters: Waiter[] = [];

  constructor(perSecond?: number) {
    this.#perSecond = perSecond;
  }

  get perSecond(): number | undefined {
    return this.#perSecond;
  }

  /** Another rate from now on, also for those that wait. */
  setRate(perSecond: number | undefined): void {
    this.#fill();
    this.#perSecond = perSecond;
    this.#serve();
  }

  async take(amount: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (amount <= 0) return;
    await new Promise<void>((resolve, reject) => {
      const waiter = { amount, grant: () => settle(resolve) };
      const stop = onAbort(signal, (reason) => settle(() => reject(reason)));
      const settle = (end: () => void) => {
        stop();
        const place = this.#waiters.indexOf(waiter);
        if (place >= 0) this.#waiters.splice(place, 1);
        // A timer for nobody would keep the process alive.
        if (this.#waiters.length === 0) clearTimeout(this.#timer);
        end();
      };
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  #fill(): void {
    const now = performance.now();
    const perSecond = this.#perSecond ?? 0;
    this.#tokens = Math.min(perSecond, this.#tokens + (perSecond * (now - this.#at)) / 1000);
    this.#at = now;
  }

  #serve(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#fill();
    for (let next = this.#waiters[0]; next !== undefined; next = this.#waiters[0]) {
      if (this.#perSecond === undefined) {
        this.#tokens = 0;
      } else if (this.#tokens < 0) {
        this.#timer = setTimeout(() => this.#serve(), Math.ceil((-this.#tokens * 1000) / this.#perSecond));
        return;
      } else {
        this.#tokens -= next.amount;
      }
      next.grant();
    }
  }
}
