import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CODES } from '../../errors/codes.ts';
import { codeOf, messageOf } from '../../errors/ferry-error.ts';
import { UNLIMITED } from '../../sync/bandwidth.ts';
import type { OpenCluster } from '../../sync/cluster.ts';
import type { Engine } from '../../sync/engine.ts';
import { MemoryPool } from '../../sync/memory-pool.ts';
import type { Outcome, ResolvedSpec } from '../../sync/outcome.ts';
import { NO_RUNS_KNOWN } from '../../sync/runs.ts';
import { takeSteps } from '../../sync/take-steps.ts';
import { USUAL_CHOICES } from '../usual-choices.ts';

/** What a run over the lab's clusters ends with, and what was retried or warned of on the way. */
export type RanInProcess = { readonly outcome: Outcome; readonly said: readonly string[] };

export function labSpec(database: string, over: Partial<ResolvedSpec> = {}): ResolvedSpec {
  const runKey = `run-${randomUUID()}`;
  return {
    ...USUAL_CHOICES,
    runKey,
    workflowId: `sync/b/${database}.lines/test`,
    runId: runKey,
    source: { cluster: 'a', database, table: 'lines' },
    target: { cluster: 'b', database, table: 'lines' },
    nodes: { count: 1, memoryBytes: 64 * 1024 * 1024 },
    ...over,
  };
}

/**
 * A whole run by the engine itself, in this process. A step that fails in a way that passes is taken again, as Temporal
 * would, a few times; the last error is thrown.
 */
export async function runInProcess(open: OpenCluster, spec: ResolvedSpec, attempts = 4): Promise<RanInProcess> {
  const said: string[] = [];
  const engine: Engine = {
    open,
    signal: new AbortController().signal,
    heartbeat: () => {},
    pool: new MemoryPool(256 * 1024 * 1024),
    bandwidth: UNLIMITED,
    runs: NO_RUNS_KNOWN,
    log: {
      info: () => {},
      warn: (message, fields) => void said.push(`${message} ${JSON.stringify(fields)}`),
    },
    now: () => new Date(),
    uuid: randomUUID,
    sleep: async (milliseconds, signal) => void (await sleep(Math.min(milliseconds, 50), undefined, { signal })),
  };
  const outcome = await takeSteps(engine, spec, async (name, take) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await take();
      } catch (error) {
        if (CODES[codeOf(error)].retry !== 'retry' || attempt === attempts) throw error;
        said.push(`${name}: ${codeOf(error)}: ${messageOf(error)}`);
        await sleep(50);
      }
    }
  });
  return { outcome, said };
}
