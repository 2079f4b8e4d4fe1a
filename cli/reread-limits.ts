import { isDeepStrictEqual } from 'node:util';
import type { Limits } from '../config/budgets.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { messageOf } from '../errors/ferry-error.ts';
import { formatSize } from '../sync/size.ts';

export type Rereading = {
  /** The config that the worker was started with. */
  readonly started: ResolvedConfig;
  readonly load: () => Promise<ResolvedConfig>;
  readonly apply: (limits: Limits) => void;
  readonly say: (line: string) => void;
};

/**
 * What a SIGHUP to a worker does: reads the config again and takes over its limits, one SIGHUP after the other. A config
 * that cannot be read is told, and changes nothing; what else is new in it is told to need a restart.
 */
export function rereadLimits({ started, load, apply, say }: Rereading): () => Promise<void> {
  let latest: Promise<void> = Promise.resolve();
  const reread = async () => {
    try {
      const config = await load();
      apply(config.worker);
      const rest = isDeepStrictEqual(withoutLimits(config), withoutLimits(started));
      say(
        `Config read again: ${limitsText(config.worker)}.${rest ? '' : ' What else has changed in it needs a restart.'}`,
      );
    } catch (error) {
      say(`The config could not be read again; the limits stay as they were. ${messageOf(error)}`);
    }
  };
  return () => {
    latest = latest.then(reread);
    return latest;
  };
}

/** 'bandwidth 100MiB a second, no limit of namenode calls' */
export function limitsText({ bandwidthBytesPerSecond, namenodeCallsPerSecond }: Limits): string {
  const bandwidth =
    bandwidthBytesPerSecond === undefined
      ? 'no limit of bandwidth'
      : `bandwidth ${formatSize(bandwidthBytesPerSecond)} a second`;
  const calls =
    namenodeCallsPerSecond === undefined
      ? 'no limit of namenode calls'
      : `${namenodeCallsPerSecond} namenode calls a second`;
  return `${bandwidth}, ${calls}`;
}

function withoutLimits(config: ResolvedConfig): unknown {
  const { bandwidthBytesPerSecond: _, namenodeCallsPerSecond: __, ...worker } = config.worker;
  return { ...config, worker };
}
