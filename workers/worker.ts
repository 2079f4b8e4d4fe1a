import { GracefulShutdownPeriodExpiredError, NativeConnection, Worker } from '@temporalio/worker';
import type { Limits } from '../config/budgets.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { temporalConnection } from '../config/temporal-connection.ts';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { workflowsPath } from './bundle.ts';
import { type Health, healthOf, type WorkerAtWork } from './health.ts';
import { HiveFerryPlugin } from './plugin.ts';

export type FerryWorkerOptions = {
  readonly config: ResolvedConfig;
  /** A connection that stays open when the worker ends. Left out: one of its own, to the Temporal of the config. */
  readonly connection?: NativeConnection;
};

/** The workers of one process: of the task queue, and of the copy queue where there is one. */
export type FerryWorker = {
  /**
   * Works until shutdown() or a signal of the Runtime (SIGINT, SIGTERM), then until the activities have ended. Rejects with
   * the SDK's GracefulShutdownPeriodExpiredError when they have not, although they were cancelled, and their time is up.
   */
  run(): Promise<void>;
  /** Takes no new work, gives the activities their grace, then cancels them. Safe to call twice. */
  shutdown(): void;
  /** Other limits from now on, for what is under way too. */
  setLimits(limits: Limits): void;
  /** How it is now, by each of its task queues. */
  health(): Health;
};

/** Slots besides those that loads can take, so that planning and refreshing never wait for them. */
const OTHER_SLOTS = 8;

/** A worker for all that hive-ferry does. Rejects with UNREACHABLE when Temporal does not answer, CONFIG_INVALID. */
export async function createFerryWorker(options: FerryWorkerOptions): Promise<FerryWorker> {
  const { config } = options;
  const { connectionOptions, namespace } = temporalConnection(config);
  const { taskQueue, copyQueue } = config.temporal;
  const plugin = new HiveFerryPlugin({ config });
  await plugin.ready();
  const connection = options.connection ?? (await connect(connectionOptions));
  const release = async () => {
    if (options.connection === undefined) await connection.close();
  };
  const shared = {
    connection,
    namespace,
    plugins: [plugin],
    maxConcurrentActivityTaskExecutions: activitySlots(config),
    shutdownGraceTime: config.worker.shutdownGraceMs,
    shutdownForceTime: config.worker.shutdownGraceMs + config.worker.shutdownForceMs,
  };
  const workers: Worker[] = [];
  try {
    workers.push(await Worker.create({ ...shared, taskQueue, workflowsPath: workflowsPath() }));
    if (copyQueue !== undefined && copyQueue !== taskQueue) {
      workers.push(await Worker.create({ ...shared, taskQueue: copyQueue }));
    }
    return {
      ...together(workers, release),
      setLimits: (limits) => plugin.setLimits(limits),
      health: () => healthOf(workers.map(atWork)),
    };
  } catch (error) {
    const made = together(workers, release);
    const ended = made.run();
    made.shutdown();
    await ended;
    throw error;
  }
}

/**
 * As many loads as the pool has room for at the least memory, and the others. Fixed: a tuner that looks at the machine
 * would take minutes to hand out what the pool bounds anyway.
 */
export function activitySlots({ worker }: Pick<ResolvedConfig, 'worker'>): number {
  return Math.floor(worker.poolBytes / worker.minNodeMemoryBytes) + OTHER_SLOTS;
}

/** The worker of the copy queue takes no workflow tasks. */
function atWork(worker: Worker): WorkerAtWork {
  const { taskQueue, workflowBundle, workflowsPath } = worker.options;
  return { ...worker.getStatus(), taskQueue, workflows: (workflowBundle ?? workflowsPath) !== undefined };
}

async function connect(options: ReturnType<typeof temporalConnection>['connectionOptions']): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch (error) {
    const words = messageOf(error);
    throw new FerryError('UNREACHABLE', `Temporal at ${options.address} does not answer: ${words}`, { cause: error });
  }
}

/** Workers that end together: when one of them ends, by itself or by an error, so do the others. */
function together(workers: readonly Worker[], release: () => Promise<void>): Pick<FerryWorker, 'run' | 'shutdown'> {
  let asked = false;
  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    shutdown() {
      asked = true;
      stop();
    },
    async run() {
      const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(stop)));
      await release();
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw asked ? endOf(failed.reason) : failed.reason;
    },
  };
}

/** The SDK (1.24) has its own error of the time that is up replaced by what its core says of the work that goes on. */
function endOf(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('Worker still in use')) return error;
  return new GracefulShutdownPeriodExpiredError('The activities have not ended in time', { cause: error });
}
