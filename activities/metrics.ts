import type { MetricCounter, MetricGauge, MetricMeter } from '@temporalio/common';
import { isSuccess } from '../sync/last-successes.ts';
import type { Outcome } from '../sync/outcome.ts';

/** The table that a sync writes, and from where. */
export type SyncLabels = Readonly<Record<'source' | 'target' | 'table', string>>;

/** What moved is handed to the SDK at most this often: a chunk is far too small a thing to cross into its core for. */
const FLUSH_MS = 1_000;

/**
 * The metrics `hive_ferry_*` of one worker process, in Prometheus' ways: base units, timestamps and not ages, labels by
 * table and never by partition. `_total` is the exporter's to append. Nothing is counted before start().
 */
export class Metrics {
  #instruments: Instruments | undefined;
  readonly #moved = new Map<string, { readonly labels: SyncLabels; bytes: number }>();
  readonly #successes = new Map<string, number>();
  #flushing: NodeJS.Timeout | undefined;

  /** From now on what is counted goes to this meter. */
  start(meter: MetricMeter, poolBytes: number): void {
    this.#instruments = instrumentsOf(meter);
    this.#instruments.poolSize.set(poolBytes);
    this.#instruments.poolUsed.set(0);
  }

  /** Before the meter ends. What is counted afterwards is lost. */
  stop(): void {
    this.#flush();
    this.#instruments = undefined;
  }

  bytesCopied(of: SyncLabels, bytes: number): void {
    if (this.#instruments === undefined) return;
    const key = keyOf(of);
    const moved = this.#moved.get(key) ?? { labels: of, bytes: 0 };
    moved.bytes += bytes;
    this.#moved.set(key, moved);
    this.#flushing ??= setTimeout(() => this.#flush(), FLUSH_MS).unref();
  }

  filesCopied(of: SyncLabels, files: number): void {
    if (files > 0) this.#instruments?.files.add(files, of);
  }

  syncEnded(outcome: Outcome): void {
    const { source, target, table, partitions } = outcome;
    const labels = { source, target, table };
    this.#flush();
    this.#instruments?.syncs.add(1, { ...labels, outcome: outcome.outcome });
    const { selected: _, ...byOutcome } = partitions;
    for (const [name, count] of Object.entries(byOutcome)) {
      if (count > 0) this.#instruments?.partitions.add(count, { ...labels, outcome: name });
    }
    if (isSuccess(outcome)) this.succeeded(outcome);
  }

  /** A sync of the table ended well then. One that ended before another that is known counts for nothing. */
  succeeded({ source, target, table, endedAt }: Pick<Outcome, 'source' | 'target' | 'table' | 'endedAt'>): void {
    const labels = { source, target, table };
    const seconds = Date.parse(endedAt) / 1000;
    if (seconds <= (this.#successes.get(keyOf(labels)) ?? 0)) return;
    this.#successes.set(keyOf(labels), seconds);
    this.#instruments?.lastSuccess.set(seconds, labels);
  }

  /** Bytes of the worker's memory pool that nodes hold now. */
  poolUsed(bytes: number): void {
    this.#instruments?.poolUsed.set(bytes);
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    for (const { labels, bytes } of this.#moved.values()) this.#instruments?.bytes.add(bytes, labels);
    this.#moved.clear();
  }
}

type Instruments = Readonly<
  Record<'bytes' | 'files' | 'partitions' | 'syncs', MetricCounter> &
    Record<'poolSize' | 'poolUsed' | 'lastSuccess', MetricGauge>
>;

function instrumentsOf(meter: MetricMeter): Instruments {
  const counter = (name: string, says: string) => meter.createCounter(`hive_ferry_${name}`, '', says);
  const gauge = (name: string, says: string) => meter.createGauge(`hive_ferry_${name}`, 'float', '', says);
  return {
    bytes: counter(
      'copied_bytes',
      'Bytes read of the source and taken by the target; what was sent again counts again.',
    ),
    files: counter('copied_files', 'Files copied and verified.'),
    partitions: counter('partitions', 'Partitions of ended syncs, by what became of them.'),
    syncs: counter('syncs', 'Ended syncs, by their outcome.'),
    poolSize: gauge('memory_pool_size_bytes', 'The memory that the nodes of this worker share.'),
    poolUsed: gauge('memory_pool_used_bytes', 'What of it nodes hold now.'),
    lastSuccess: gauge(
      'table_last_success_timestamp_seconds',
      'When a sync of the table last ended complete or with nothing to do, in seconds since 1970.',
    ),
  };
}

function keyOf({ source, target, table }: SyncLabels): string {
  return `${source} ${target} ${table}`;
}
