// The contender hive-ferry: one run of the engine, from the plan to the closed run, in a process of its own, without Temporal.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineConfig } from '../../config/define-config.ts';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig, specLimits } from '../../config/resolved.ts';
import { UNLIMITED } from '../../sync/bandwidth.ts';
import { closeRun } from '../../sync/close-run.ts';
import type { Engine } from '../../sync/engine.ts';
import { ensureTable } from '../../sync/ensure-table.ts';
import { loadNode } from '../../sync/load-node.ts';
import { foldNodes } from '../../sync/make-outcome.ts';
import { MemoryPool } from '../../sync/memory-pool.ts';
import { planNodes } from '../../sync/plan-nodes.ts';
import { refreshMetadata } from '../../sync/refresh.ts';
import { NO_RUNS_KNOWN } from '../../sync/runs.ts';
import { resolveSpec } from '../../sync/spec.ts';
import { clusterConfig } from '../cluster-config.ts';
import { LabError } from '../lab-error.ts';
import { readLabState } from '../state.ts';

const [table, verify] = process.argv.slice(2);
const lab = readLabState();
if (table === undefined || lab === undefined)
  throw new LabError('usage: ferry-copy <table> [level of verification], with the lab up');

const config = resolveConfig(
  defineConfig({
    clusters: { a: clusterConfig(lab.clusters.a, 'root'), b: clusterConfig(lab.clusters.b, 'root') },
  }),
);
const runId = randomUUID();
const spec = resolveSpec(
  { table, source: 'a', target: 'b', nodes: { count: 1, memory: '256MiB' }, verify },
  { ...specLimits(config), identity: { runKey: runId, workflowId: `bench/${table}`, runId } },
);
const clusters = openClusters(config);
const engine: Engine = {
  open: clusters.open,
  signal: new AbortController().signal,
  heartbeat: () => {},
  pool: new MemoryPool(256 * 1024 * 1024),
  bandwidth: UNLIMITED,
  runs: NO_RUNS_KNOWN,
  log: { info: () => {}, warn: (message) => void process.stderr.write(`${message}\n`) },
  now: () => new Date(),
  uuid: randomUUID,
  sleep: async (milliseconds, signal) => void (await sleep(milliseconds, undefined, { signal })),
};
const startedAt = new Date().toISOString();
const plan = await planNodes(engine, spec);
await ensureTable(engine, spec, plan);
const results = await Promise.all(plan.nodes.map((node) => loadNode(engine, spec, node)));
await refreshMetadata(engine, spec, plan);
const outcome = await closeRun(engine, spec, plan, {
  startedAt,
  rounds: 1,
  cancelled: false,
  nodes: foldNodes(results),
});
await clusters.close();
if (outcome.outcome !== 'complete') throw new LabError(JSON.stringify(outcome, null, 1));
