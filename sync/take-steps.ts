import { closeRun } from './close-run.ts';
import type { Engine } from './engine.ts';
import { ensureTable } from './ensure-table.ts';
import { loadNode } from './load-node.ts';
import { foldNodes } from './make-outcome.ts';
import type { NodeResult, Outcome, ResolvedSpec } from './outcome.ts';
import { planNodes, planRound } from './plan-nodes.ts';
import { refreshMetadata } from './refresh.ts';

/** Takes one step of a run, named for whoever remembers or repeats it. */
export type Step = <T>(name: string, take: () => Promise<T>) => Promise<T>;

/**
 * The steps of a run in their order, one after the other in this process: for `ferry dag test`, and for tests. Nothing of
 * it outlives the process; a run that does is the workflow syncTable (workflows/sync-table.ts).
 */
export async function takeSteps(engine: Engine, spec: ResolvedSpec, step: Step): Promise<Outcome> {
  const startedAt = engine.now().toISOString();
  const plan = await step('plan', () => planNodes(engine, spec));
  await step('ensure', () => ensureTable(engine, spec, plan));
  const results: NodeResult[] = [];
  let nodes = plan.nodes;
  let round = 1;
  for (; ; round += 1) {
    const done: NodeResult[] = [];
    for (const node of nodes) done.push(await step(`load ${round} ${node.index}`, () => loadNode(engine, spec, node)));
    results.push(...done);
    if (round >= spec.rounds || done.every((result) => result.retryable === 0)) break;
    ({ nodes } = await step(`round ${round}`, () => planRound(engine, spec, plan, round + 1)));
  }
  await step('refresh', () => refreshMetadata(engine, spec, plan));
  return step('close', () =>
    closeRun(engine, spec, plan, { startedAt, rounds: round, cancelled: false, nodes: foldNodes(results) }),
  );
}
