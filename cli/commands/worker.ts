import { loadConfig } from '../../config/load-config.ts';
import { FerryError, messageOf } from '../../errors/ferry-error.ts';
import { formatSize } from '../../sync/size.ts';
import type { RuntimeOptions } from '../../workers/runtime.ts';
import type { FerryWorker } from '../../workers/worker.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, overridesOf } from '../flags.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { rereadLimits } from '../reread-limits.ts';

export type WorkerFlags = ConfigFlags & {
  readonly pool?: string;
  readonly bandwidth?: string;
  readonly listen?: string;
};

/**
 * `ferry worker`: takes the work of the task queue until it is told to stop, then lets what it has in hand go on for its
 * grace, cancels it, and leaves without what has not ended by then (exit 130). SIGHUP: the limits of the config are read
 * again. With worker.listen it answers /healthz and /metrics there, from before it takes work until the process ends.
 */
export async function worker(flags: WorkerFlags, io: Io): Promise<number> {
  const { pool, bandwidth, listen } = flags;
  const overrides = overridesOf(flags, {
    ...(pool === undefined ? {} : { pool }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(listen === undefined ? {} : { listen }),
  });
  const load = () => loadConfig({ ...(flags.config === undefined ? {} : { file: flags.config }), overrides });
  const { config, path } = await load();
  const { createFerryWorker } = await import('../../workers/worker.ts');
  const say = (line: string) => io.err.stream.write(`${line}\n`);
  const status = await installTelemetry(config.worker.listen, { write: say, json: !io.err.isTty });
  const ferry = await orUninstall(() => createFerryWorker({ config }));
  status?.tellHealthOf(ferry);
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
  const { temporal, worker: limits } = config;
  const serving = status === undefined ? '' : ` http://${status.address} has /healthz and /metrics.`;
  say(
    `Worker of ${path}: task queue "${temporal.taskQueue}", pool ${formatSize(limits.poolBytes)}.${serving} Ctrl-C stops it.`,
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

type Status = { readonly address: string; tellHealthOf(worker: FerryWorker): void };

/** Installs the log, and where an address to listen at is given the metrics and who answers there. */
async function installTelemetry(listen: string | undefined, log: RuntimeOptions): Promise<Status | undefined> {
  const { installRuntime, installRuntimeWithMetrics } = await import('../../workers/runtime.ts');
  if (listen === undefined) {
    installRuntime(log);
    return undefined;
  }
  const [{ healthOf }, { startStatusServer }] = await Promise.all([
    import('../../workers/health.ts'),
    import('../../workers/status-server.ts'),
  ]);
  const exporter = await installRuntimeWithMetrics(log);
  let worker: FerryWorker | undefined;
  const health = () => worker?.health() ?? healthOf([]);
  try {
    const { address } = await orUninstall(() => startStatusServer({ listen, health, exporter }));
    return {
      address,
      tellHealthOf: (started) => {
        worker = started;
      },
    };
  } catch (error) {
    throw new FerryError('CONFIG_INVALID', `worker.listen: nobody can listen at ${listen}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What fails before a worker works leaves nothing that would keep the process. */
async function orUninstall<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const { uninstallRuntime } = await import('../../workers/runtime.ts');
    await uninstallRuntime();
    throw error;
  }
}
