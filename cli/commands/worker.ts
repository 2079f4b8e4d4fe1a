import { loadConfig } from '../../config/load-config.ts';
import { formatSize } from '../../sync/size.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, overridesOf } from '../flags.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { rereadLimits } from '../reread-limits.ts';

export type WorkerFlags = ConfigFlags & { readonly pool?: string; readonly bandwidth?: string };

/**
 * `ferry worker`: takes the work of the task queue until it is told to stop, then lets what it has in hand go on for its
 * grace, cancels it, and leaves without what has not ended by then (exit 130). SIGHUP: the limits of the config are read again.
 */
export async function worker(flags: WorkerFlags, io: Io): Promise<number> {
  const { pool, bandwidth } = flags;
  const overrides = overridesOf(flags, {
    ...(pool === undefined ? {} : { pool }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  });
  const load = () => loadConfig({ ...(flags.config === undefined ? {} : { file: flags.config }), overrides });
  const { config, path } = await load();
  const [{ createFerryWorker }, { installLogger }] = await Promise.all([
    import('../../workers/worker.ts'),
    import('../../workers/logger.ts'),
  ]);
  const say = (line: string) => io.err.stream.write(`${line}\n`);
  installLogger({ write: say, json: !io.err.isTty });
  const ferry = await createFerryWorker({ config });
  const { stop } = onInterrupt(false, (interruption) => {
    if (interruption === 'leave-now') process.exit(EXIT.interrupted);
    say('Stopping: no new work is taken; what is in hand has its grace. Once more to leave at once.');
    ferry.shutdown();
  });
  const reread = rereadLimits({
    started: config,
    load: async () => (await load()).config,
    apply: (limits) => ferry.setLimits(limits),
    say,
  });
  process.on('SIGHUP', reread);
  say(
    `Worker of ${path}: task queue "${config.temporal.taskQueue}", pool ${formatSize(config.worker.poolBytes)}. Ctrl-C stops it.`,
  );
  try {
    await ferry.run();
    return EXIT.all;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'GracefulShutdownPeriodExpiredError') throw error;
    say('Not all that was in hand has ended in time; another worker takes it up when its heartbeats run out.');
    // What did not end would keep the process.
    process.exit(EXIT.interrupted);
  } finally {
    process.off('SIGHUP', reread);
    stop();
  }
}
