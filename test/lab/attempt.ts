import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNLIMITED } from '../../sync/bandwidth.ts';
import type { OpenCluster } from '../../sync/cluster.ts';
import { MemoryPool } from '../../sync/memory-pool.ts';
import type { Outcome, ResolvedSpec } from '../../sync/outcome.ts';
import { takeSteps } from '../../sync/take-steps.ts';
import type { Point } from './stop-at-point.ts';

export type AttemptOrder = {
  readonly spec: ResolvedSpec;
  /** A folder for the steps that have ended, with what they returned: what Temporal would remember. */
  readonly memory: string;
  readonly point?: Point | undefined;
};

/** One attempt at a run: a step that has ended is not taken again, and of two answers to one step the first counts, as Temporal has it. */
export async function takeRemembered(open: OpenCluster, spec: ResolvedSpec, memory: string): Promise<Outcome> {
  const engine = {
    open,
    signal: new AbortController().signal,
    heartbeat: () => {},
    pool: new MemoryPool(256 * 1024 * 1024),
    bandwidth: UNLIMITED,
    runs: { stateOf: async () => 'open' as const },
    log: { info: () => {}, warn: () => {} },
    now: () => new Date(),
    uuid: randomUUID,
    sleep: async (milliseconds: number, signal: AbortSignal) =>
      void (await sleep(Math.min(milliseconds, 50), undefined, { signal })),
  };
  return takeSteps(engine, spec, async (name, take) => {
    const path = join(memory, `${name.replaceAll(' ', '-')}.json`);
    if (!existsSync(path)) {
      const result = await take();
      remember(path, JSON.stringify(result ?? null));
    }
    return JSON.parse(readFileSync(path, 'utf8'));
  });
}

function remember(path: string, text: string): void {
  const aside = `${path}.${randomUUID()}`;
  writeFileSync(aside, text);
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
