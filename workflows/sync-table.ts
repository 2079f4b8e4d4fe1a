import {
  type ActivityOptions,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { SyncActivities } from '../activities/activities.ts';
import { foldNodes } from '../sync/make-outcome.ts';
import type { Ending, NodeRef, NodeResult, Outcome, PlanRef, ResolvedSpec } from '../sync/outcome.ts';
import { BRIEFLY, LOAD, RESOLVE, roundDelayMs, STEP } from './activity-options.ts';
import { currentDetails, type NodeState, type RunView } from './current-details.ts';
import { refusedInput, type StepFailure, stepFailure, unfinished } from './fail.ts';
import { countText, nodeSummary, syncLabel } from './messages.ts';
import { outcomeWithoutClosing } from './outcome-without-closing.ts';

const { resolveInput } = proxyActivities<SyncActivities>(RESOLVE);
const { planNodes, planRound, ensureTable, refreshMetadata, closeRun } = proxyActivities<SyncActivities>(STEP);
const { loadNode } = proxyActivities<SyncActivities>(LOAD);

/** A run as it goes: what it carries from step to step, which is also what its current details show. */
type Run = { -readonly [Key in keyof RunView]: RunView[Key] } & {
  readonly nodes: Map<number, NodeState>;
  readonly results: NodeResult[];
  failure?: StepFailure;
  cancelled: boolean;
};

/**
 * Syncs one table: plans virtual nodes, ensures the target table, loads with one activity a node, refreshes the metadata.
 * The input is a SyncSpec, as little as {"table": "sales.orders", "source": "a", "target": "b"}.
 *
 * Returns the Outcome when it is 'complete' or 'nothing-to-do'. Else it fails with an ApplicationFailure whose type is the
 * outcome in upper case and whose details[0] is the Outcome; a wrong input fails with the error's code as its type, and
 * without details. A cancelled run registers what it has published, then ends as cancelled; its Outcome is in the current
 * details and in its folder on the target.
 */
export async function syncTable(input: unknown): Promise<Outcome> {
  const run: Run = { spec: await resolve(input), round: 0, nodes: new Map(), results: [], cancelled: false };
  show(run);
  if ((await attempt(run, 'plan nodes', () => plan(run))) && (await attempt(run, 'ensure table', () => ensure(run)))) {
    await attempt(run, 'load and write', () => load(run));
    await attempt(run, 'refresh metadata', () => refresh(run));
  }
  const outcome = await close(run);
  run.outcome = outcome;
  show(run);
  if (run.cancelled) throw new CancelledFailure(`${syncLabel(run.spec)}: cancelled`);
  if (outcome.outcome === 'complete' || outcome.outcome === 'nothing-to-do') return outcome;
  throw unfinished(run.spec, outcome, run.failure);
}

async function resolve(input: unknown): Promise<ResolvedSpec> {
  const { originalExecutionRunId: runKey, workflowId, runId, taskQueue } = workflowInfo();
  const options = { activityId: 'resolve', summary: 'check the input, apply the defaults' };
  try {
    return await resolveInput.executeWithOptions(options, [{ input, run: { runKey, workflowId, runId, taskQueue } }]);
  } catch (error) {
    throw isCancellation(error) ? error : refusedInput(error);
  }
}

async function plan(run: Run): Promise<void> {
  const options = { activityId: 'plan', summary: `plan nodes · ${syncLabel(run.spec)}` };
  run.plan = await planNodes.executeWithOptions(options, [{ spec: run.spec }]);
}

async function ensure(run: Run): Promise<void> {
  const planned = planOf(run);
  const { database, table, cluster } = run.spec.target;
  const work = planned.ensure.length === 0 ? 'as it is' : countText(planned.ensure.length, 'change');
  const options = { activityId: 'ensure', summary: `ensure table · ${database}.${table} on ${cluster} · ${work}` };
  run.ensured = await ensureTable.executeWithOptions(options, [{ spec: run.spec, plan: planned }]);
}

/** Rounds of nodes: the first loads all of them, a later one the partitions that failed and may yet succeed. */
async function load(run: Run): Promise<void> {
  const { spec } = run;
  const planned = planOf(run);
  let nodes = planned.nodes;
  while (nodes.length > 0) {
    run.round += 1;
    const retryable = await loadRound(run, planned, nodes);
    if (retryable === 0 || run.round >= spec.rounds) return;
    const round = run.round + 1;
    const label = `round ${round} of at most ${spec.rounds} · ${countText(retryable, 'partition')} again`;
    run.waitingForRound = round;
    show(run);
    await sleep(roundDelayMs(run.round), { summary: `before ${label}` });
    const options = { activityId: `plan-r${round}`, summary: `plan ${label}` };
    nodes = (await planRound.executeWithOptions(options, [{ spec, plan: planned, round }])).nodes;
    run.waitingForRound = undefined;
  }
}

/** Loads all nodes at once and waits for all of them; gives the number of partitions that another round may mend. */
async function loadRound(run: Run, planned: PlanRef, nodes: readonly NodeRef[]): Promise<number> {
  const sorted = [...nodes].sort((a, b) => a.index - b.index);
  const loads = sorted.map((node) => loadOne(run, planned, node));
  show(run);
  const retryable = (await Promise.all(loads)).reduce((sum, count) => sum + count, 0);
  if (cancelRequested()) throw new CancelledFailure('cancelled while loading');
  return retryable;
}

/** A node that fails as a whole does not stop the others: the run remembers the first such failure and goes on. */
async function loadOne(run: Run, planned: PlanRef, node: NodeRef): Promise<number> {
  const { partitions: _, ...spec } = run.spec;
  const options: ActivityOptions = {
    activityId: node.round === 1 ? `load-${node.index}` : `load-${node.index}-r${node.round}`,
    summary: nodeSummary(node),
    ...(spec.copyQueue === undefined ? {} : { taskQueue: spec.copyQueue }),
  };
  run.nodes.set(node.index, { node, state: 'loading' });
  try {
    const result = await loadNode.executeWithOptions(options, [
      { spec, plan: { ...planned, nodes: [], ensure: [] }, node },
    ]);
    run.results.push(result);
    run.nodes.set(node.index, { node, state: 'done', result });
    return result.retryable;
  } catch (error) {
    if (cancelRequested()) {
      run.nodes.set(node.index, { node, state: 'cancelled' });
    } else {
      const failure = stepFailure(error, nodeSummary(node), false);
      run.failure ??= failure;
      run.nodes.set(node.index, { node, state: 'failed', code: failure.code });
    }
    return 0;
  } finally {
    show(run);
  }
}

async function refresh(run: Run): Promise<void> {
  const planned = planOf(run);
  if (run.round === 0 && planned.toRegister === 0) {
    run.refreshed = 'skipped';
    return;
  }
  const { database, table, cluster } = run.spec.target;
  const summary = `refresh metadata · ${database}.${table} on ${cluster}`;
  run.refreshed = await owed(run, {}, (options, suffix) =>
    refreshMetadata.executeWithOptions({ ...options, activityId: `refresh${suffix}`, summary }, [
      { spec: run.spec, plan: planned },
    ]),
  );
}

/** The Outcome, from the target; where that cannot be had, from what the run itself knows, as a failed one. */
async function close(run: Run): Promise<Outcome> {
  const ending: Ending = {
    startedAt: workflowInfo().startTime.toISOString(),
    rounds: run.round,
    cancelled: run.cancelled,
    nodes: foldNodes(run.results),
    ...(run.ensured && {
      table: { created: run.ensured.created, drift: run.ensured.created ? [] : run.ensured.applied },
    }),
    ...(run.failure === undefined ? {} : { failure: run.failure }),
  };
  const input = { spec: run.spec, ...(run.plan === undefined ? {} : { plan: run.plan }), ending };
  try {
    return await owed(run, run.plan === undefined ? BRIEFLY : {}, (options, suffix) =>
      closeRun.executeWithOptions(
        { ...options, activityId: `close${suffix}`, summary: 'close the run, tell its outcome' },
        [input],
      ),
    );
  } catch (error) {
    run.failure ??= stepFailure(error, 'close the run', false);
    return outcomeWithoutClosing(run.spec, run.plan, run.results, { ...ending, failure: run.failure }, new Date());
  }
}

/** Does a step. False when it failed as a whole or the run was cancelled in it; the run remembers which. */
async function attempt(run: Run, step: string, work: () => Promise<void>): Promise<boolean> {
  let done = true;
  try {
    await work();
  } catch (error) {
    const failure = stepFailure(error, step, run.ensured === undefined);
    if (run.cancelled || !cancelRequested()) run.failure ??= failure;
    done = false;
  }
  run.cancelled = cancelRequested();
  show(run);
  return done && !run.cancelled;
}

/** Makes a call that a cancelled run owes too: again, and briefly, when the cancellation cut it off. */
async function owed<T>(
  run: Run,
  options: ActivityOptions,
  call: (options: ActivityOptions, suffix: string) => Promise<T>,
): Promise<T> {
  if (!run.cancelled) {
    try {
      return await call(options, '');
    } catch (error) {
      if (!cancelRequested()) throw error;
    }
  }
  return CancellationScope.nonCancellable(() => call({ ...options, ...BRIEFLY }, '-cancelled'));
}

function cancelRequested(): boolean {
  return CancellationScope.current().consideredCancelled;
}

function planOf(run: Run): PlanRef {
  if (run.plan === undefined) throw new TypeError('a step that needs the plan came before it');
  return run.plan;
}

function show(run: Run): void {
  setCurrentDetails(currentDetails(run));
}
