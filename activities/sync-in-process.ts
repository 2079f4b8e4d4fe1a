import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CODES } from '../errors/codes.ts';
import { codeOf } from '../errors/ferry-error.ts';
import { UNLIMITED } from '../sync/bandwidth.ts';
import type { Engine } from '../sync/engine.ts';
import { MemoryPool } from '../sync/memory-pool.ts';
import type { Outcome } from '../sync/outcome.ts';
import { NO_RUNS_KNOWN } from '../sync/runs.ts';
import { resolveSpec } from '../sync/spec.ts';
import { takeSteps } from '../sync/take-steps.ts';
import type { TaskSettings } from './tasks-in-process.ts';

const ATTEMPTS = 3;
const BEFORE_RETRY_MS = 2_000;

/**
 * A whole sync in this process, without Temporal: what a syncTable task does in `ferry dag test`. Nothing takes it up when
 * the process ends. `input` is checked as that of the workflow is; rejects with a FerryError, or the signal's reason.
 */
export async function syncInProcess(
  input: unknown,
  { open, limits, poolBytes }: TaskSettings,
  signal: AbortSignal,
): Promise<Outcome> {
  const runKey = randomUUID();
  const identity = { runKey, workflowId: `dag-test/${runKey}`, runId: runKey };
  const wait = async (milliseconds: number) => {
    await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  };
  const engine: Engine = {
    open,
    signal,
    heartbeat: () => {},
    pool: new MemoryPool(poolBytes),
    bandwidth: UNLIMITED,
    log: { info: () => {}, warn: () => {} },
    runs: NO_RUNS_KNOWN,
    now: () => new Date(),
    uuid: randomUUID,
    sleep: wait,
  };
  return await takeSteps(engine, resolveSpec(input, { ...limits, identity }), async (_step, take) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await take();
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === ATTEMPTS || CODES[codeOf(error)].retry !== 'retry') throw error;
        await wait(BEFORE_RETRY_MS);
      }
    }
  });
}
