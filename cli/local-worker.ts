import type { ResolvedConfig } from '../config/resolved.ts';

export type LocalWorker = {
  /** Rejects when the worker ends by itself; never resolves. */
  readonly failed: Promise<never>;
  /** Stops taking work, lets the activities end within the grace, and waits for that. */
  drain(): Promise<void>;
};

/** A worker inside this process. */
export async function startLocalWorker(config: ResolvedConfig): Promise<LocalWorker> {
  const { createFerryWorker } = await import('../workers/worker.ts');
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
