import { RateLimiter } from 'limiter';

/** The bytes a second that all streams of one worker share. */
export type Bandwidth = {
  /** Waits until `bytes` more may flow. */
  take(bytes: number): Promise<void>;
};

export const UNLIMITED: Bandwidth = { take: () => Promise.resolve() };

/** One token bucket for every stream of a worker, so that small files count as much as large ones. */
export function limitedBandwidth(bytesPerSecond: number): Bandwidth {
  const limiter = new RateLimiter({ tokensPerInterval: bytesPerSecond, interval: 'second' });
  return {
    async take(bytes) {
      // A bucket hands out at most what it holds, one second's worth.
      for (let left = bytes; left > 0; left -= bytesPerSecond)
        await limiter.removeTokens(Math.min(left, bytesPerSecond));
    },
  };
}
