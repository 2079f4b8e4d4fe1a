import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Bandwidth } from '../sync/bandwidth.ts';
import type { OpenCluster } from '../sync/cluster.ts';
import type { Counters } from '../sync/counters.ts';
import type { Engine, LogFields } from '../sync/engine.ts';
import type { MemoryPool } from '../sync/memory-pool.ts';
import type { NodeProgress, NodeRef, ResolvedSpec } from '../sync/outcome.ts';
import { beatingWhileWaiting, type Heart, withHeart } from './heart.ts';
import type { Metrics, SyncLabels } from './metrics.ts';
import { temporalRuns } from './temporal-runs.ts';
import { oversizeFailure, toFailure } from './to-failure.ts';

/** What the activities of one worker share. */
export type Shared = {
  readonly open: OpenCluster;
  readonly pool: MemoryPool;
  readonly bandwidth: Bandwidth;
  readonly metrics: Metrics;
};

/** The server's limit for one payload is 2 MiB, for all of a workflow task 4 MiB; beyond it a run hangs or is terminated. */
const RESULT_LIMIT = 256 * 1024;
/** The SDK sends one heartbeat a second; encoding one a chunk would only cost time. */
const BEAT_MS = 100;

/**
 * The one wrapper of all activities: gives the work an engine bound to this attempt (its signal, its heart), turns what
 * it throws into failures, and lets no large result out.
 */
export function activity<Input, Output>(
  name: string,
  shared: Shared,
  work: (engine: Engine, input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    try {
      const heartbeat = heartOf(context);
      const output = await withHeart(heartbeat, () => work(engineOf(shared, context, heartbeat, input), input));
      const bytes = Buffer.byteLength(JSON.stringify(output) ?? '');
      if (bytes > RESULT_LIMIT) throw oversizeFailure(name, bytes, RESULT_LIMIT);
      return output;
    } catch (error) {
      throw toFailure(error, context.cancellationSignal);
    }
  };
}

function engineOf(
  { open, pool, bandwidth, metrics }: Shared,
  context: Context,
  heartbeat: Heart,
  input: unknown,
): Engine {
  const subject = subjectOf(input);
  return {
    open,
    pool,
    bandwidth: beatingWhileWaiting(bandwidth, heartbeat),
    ...countersOf(metrics, input),
    signal: context.cancellationSignal,
    heartbeat,
    log: {
      info: (message, fields) => context.log.info(message, { ...subject, ...fields }),
      warn: (message, fields) => context.log.warn(message, { ...subject, ...fields }),
    },
    runs: temporalRuns(context),
    now: () => new Date(),
    uuid: randomUUID,
    async sleep(milliseconds, signal) {
      try {
        await sleep(milliseconds, undefined, { signal });
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      }
    },
  };
}

/** What the input of an activity of a sync tells about the sync. */
type AboutSync = { readonly spec?: Pick<ResolvedSpec, 'source' | 'target'>; readonly node?: NodeRef };

/** Only the activities of a sync have something to count. */
function countersOf(metrics: Metrics, input: unknown): { readonly counters?: Counters } {
  const { spec } = (input ?? {}) as AboutSync;
  if (spec === undefined) return {};
  const { source, target } = spec;
  const labels: SyncLabels = {
    source: source.cluster,
    target: target.cluster,
    table: `${target.database}.${target.table}`,
  };
  return {
    counters: {
      bytesCopied: (bytes) => metrics.bytesCopied(labels, bytes),
      filesCopied: (files) => metrics.filesCopied(labels, files),
    },
  };
}

/** What every line that an activity logs is about. */
function subjectOf(input: unknown): LogFields {
  const { spec, node } = (input ?? {}) as AboutSync;
  return {
    ...(spec === undefined ? {} : { table: `${spec.target.database}.${spec.target.table}` }),
    ...(node === undefined ? {} : { node: node.index }),
  };
}

/** Beats at once, since a cancellation comes only with the answer to a heartbeat, and then as the work goes on. */
function heartOf(context: Context): Heart {
  if (context.info.heartbeatTimeoutMs === undefined) return () => {};
  let last = performance.now();
  let latest: NodeProgress | undefined;
  context.heartbeat();
  return (progress) => {
    latest = progress ?? latest;
    const now = performance.now();
    if (now - last < BEAT_MS) return;
    last = now;
    context.heartbeat(latest);
  };
}
