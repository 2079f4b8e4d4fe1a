import type { Outcome } from '../../sync/outcome.ts';
import type { VerifyReport } from '../../sync/verify.ts';
import { documentOf, ferry } from './ferry.ts';

export type SyncRan = { readonly exitCode: number; readonly outcome: Outcome };
export type VerifyRan = { readonly exitCode: number; readonly report: VerifyReport };

/** ferry sync and ferry verify from a to b, over the task queue of the caller's own worker. */
export function syncRuns(taskQueue: string) {
  const run = async <T>(command: string, table: string, args: readonly string[]) => {
    const ran = await ferry([command, table, '--source', 'a', '--target', 'b', ...args, '--json'], {
      FERRY_TASK_QUEUE: taskQueue,
    });
    return { exitCode: ran.exitCode, document: documentOf<T>(ran) };
  };
  return {
    async sync(table: string, ...args: string[]): Promise<SyncRan> {
      const { exitCode, document } = await run<Outcome>('sync', table, args);
      return { exitCode, outcome: document };
    },
    async verify(table: string, ...args: string[]): Promise<VerifyRan> {
      const { exitCode, document } = await run<VerifyReport>('verify', table, ['--level', 'rows', ...args]);
      return { exitCode, report: document };
    },
  };
}

/** At most `most` of these at once, in their order; each promise is there from the start, for whoever waits for it. */
export function severalAtOnce<T>(most: number, works: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
  const running: Promise<unknown>[] = [];
  return works.map((work, place) => {
    const before = running[place - most] ?? Promise.resolve();
    const done = before.then(work);
    running.push(done.catch(() => undefined));
    done.catch(() => undefined);
    return done;
  });
}
