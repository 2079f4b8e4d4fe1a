import { TokenBucket } from '../storage/token-bucket.ts';
import type { ResolvedConfig } from './resolved.ts';

/** The limits of a config that can be changed while it is in use. */
export type Limits = Pick<ResolvedConfig['worker'], 'bandwidthBytesPerSecond' | 'namenodeCallsPerSecond'>;

/** What all nodes of one worker share: its bandwidth, and for each cluster the calls to its namenodes. */
export class Budgets {
  readonly bandwidth: TokenBucket;
  readonly #calls = new Map<string, TokenBucket>();
  #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.bandwidth = new TokenBucket(limits.bandwidthBytesPerSecond);
  }

  callsTo(cluster: string): TokenBucket {
    const calls = this.#calls.get(cluster) ?? new TokenBucket(this.#limits.namenodeCallsPerSecond);
    this.#calls.set(cluster, calls);
    return calls;
  }

  /** Other limits from now on, also for what waits already. */
  setLimits(limits: Limits): void {
    this.#limits = limits;
    this.bandwidth.setRate(limits.bandwidthBytesPerSecond);
    for (const calls of this.#calls.values()) calls.setRate(limits.namenodeCallsPerSecond);
  }
}
