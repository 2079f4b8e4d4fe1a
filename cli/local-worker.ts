import type { ResolvedConfig } from '../config/resolved.ts';

export type LocalWorker = {
  /** Rejects when the worker ends by itself; never resolves. */
  readonly failed: Promise<never>;
  /** Stops taking work, lets the activities end within the grace, and waits for that. */
  drain(): Promise<void>;
};

export type LocalWorkerOptions = {
  readonly config: ResolvedConfig;
  /** Takes the worker's errors, line by line; what it warns of (retries, failed partitions) is in the progress and the outcome. */
  readonly say: (line: string) => void;
  readonly json: boolean;
};

/** A worker inside this process. */
export async function startLocalWorker({ config, say, json }: LocalWorkerOptions): Promise<LocalWorker> {
  const [{ createFerryWorker }, { installRuntime }] = await Promise.all([
    import('../workers/worker.ts'),
    import('../workers/runtime.ts'),
  ]);
  installRuntime({ write: say, json, level: 'ERROR' });
  const worker = await createFerryWorker({ config });
  let draining = false;
  const running = worker.run();
  const failed = running.then(
    () => new Promise<never>(() => {}),
    (error: unknown) => (draining ? new Promise<never>(() => {}) : Promise.reject(error)),
  );
  failed.catch(() => {});
  return {
    failed,
    async drain() {
      if (!draining) worker.shutdown();
      draining = true;
      await running.catch(() => {});
    },
  };
}
