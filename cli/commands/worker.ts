import { loadConfig } from '../../config/load-config.ts';
import { formatSize } from '../../sync/size.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, overridesOf } from '../flags.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Io } from '../io.ts';

export type WorkerFlags = ConfigFlags & { readonly pool?: string; readonly bandwidth?: string };

/** `ferry worker`: takes the work of the task queue until it is told to stop, then lets what it has in hand end. */
export async function worker(flags: WorkerFlags, io: Io): Promise<number> {
  const { pool, bandwidth } = flags;
  const overrides = overridesOf(flags, {
    ...(pool === undefined ? {} : { pool }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  });
  const { config, path } = await loadConfig({
    ...(flags.config === undefined ? {} : { file: flags.config }),
    overrides,
  });
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
  say(
    `Worker of ${path}: task queue "${config.temporal.taskQueue}", pool ${formatSize(config.worker.poolBytes)}. Ctrl-C stops it.`,
  );
  try {
    await ferry.run();
    return EXIT.all;
  } finally {
    stop();
  }
}
