import type { Bandwidth } from './bandwidth.ts';
import type { OpenCluster } from './cluster.ts';
import type { Counters } from './counters.ts';
import type { MemoryPool } from './memory-pool.ts';
import type { NodeProgress } from './outcome.ts';
import type { Runs } from './runs.ts';

/** What reading needs: `ferry plan` and `ferry verify` run with this alone, without Temporal. */
export type Reader = {
  readonly open: OpenCluster;
  readonly signal: AbortSignal;
  /** Called as work goes on: an activity beats its heart, a command draws its progress. */
  heartbeat(progress?: NodeProgress): void;
  now(): Date;
};

/** What a step of a run needs besides its input. */
export type Engine = Reader & {
  readonly pool: MemoryPool;
  readonly bandwidth: Bandwidth;
  /** Left out: nobody counts. */
  readonly counters?: Counters;
  readonly log: Log;
  /** Which runs go on and which have ended. */
  readonly runs: Runs;
  uuid(): string;
  /** Waits; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
};

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
};
