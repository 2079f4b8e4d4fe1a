import {
  type ActivityOptions,
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  defineQuery,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { SyncActivities } from '../activities/activities.ts';
import { foldNodes } from '../sync/make-outcome.ts';
import type { Ending, NodeRef, NodeResult, Outcome, PlanRef, ResolvedSpec } from '../sync/outcome.ts';
import { BRIEFLY, LOAD, RESOLVE, roundDelayMs, STEP } from './activity-options.ts';
import { currentDetails, hasEnded, type NodeState, type RunView } from './current-details.ts';
import { refusedInput, type StepFailure, stepFailure, unfinished } from './fail.ts';
import { countText, nodeSummary, type RunState, STATE, syncLabel } from './messages.ts';
import { outcomeWithoutClosing } from './outcome-without-closing.ts';
import { Pausing } from './pausing.ts';
import { StepTeller } from './step-teller.ts';

const { resolveInput } = proxyActivities<SyncActivities>(RESOLVE);
const { planNodes, planRound, ensureTable, refreshMetadata, closeRun } = proxyActivities<SyncActivities>(STEP);
const { loadNode } = proxyActivities<SyncActivities>(LOAD);

/** A run as it goes: what it carries from step to step, which is also what its current details show. */
type Run = { -readonly [Key in keyof Omit<RunView, 'pause'>]: RunView[Key] } & {
  readonly nodes: Map<number, NodeState>;
  readonly results: NodeResult[];
  readonly pausing: Pausing;
  readonly teller: StepTeller;
  /** The run's own scope; nodes load in one within it. */
  readonly scope: CancellationScope;
  step: string;
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
 *
 * Takes the updates `pause` and `resume` (Pausing) and the query `state` (RunState). A pause lets the nodes go and leaves
 * what they copied; resumed, the nodes that had not ended are scheduled again.
 */
export async function syncTable(input: unknown): Promise<Outcome> {
  let run: Run | undefined;
  const pausing = new Pausing(() => {
    if (run !== undefined) show(run);
  });
  setHandler(defineQuery<RunState>(STATE), () => stateOf(run, pausing));
  try {
    const spec = await resolve(input);
    run = {
      spec,
      pausing,
      teller: new StepTeller(),
      scope: CancellationScope.current(),
      step: 'plan nodes',
      round: 0,
      nodes: new Map(),
      results: [],
      cancelled: false,
    };
    return await sync(run);
  } finally {
    pausing.end();
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

async function sync(run: Run): Promise<Outcome> {
  show(run);
  if ((await attempt(run, 'plan nodes', () => plan(run))) && (await attempt(run, 'ensure table', () => ensure(run)))) {
    await attempt(run, 'load and write', () => load(run));
    await passOrCancel(run, 'refresh metadata');
    if (run.cancelled) giveUpPaused(run);
    await attempt(run, 'refresh metadata', () => refresh(run));
  }
  await passOrCancel(run, 'close the run');
  run.pausing.end();
  const outcome = await close(run);
  run.outcome = outcome;
  show(run);
  await CancellationScope.nonCancellable(() => run.teller.arrived());
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
  await run.pausing.pass();
  const options = { activityId: 'plan', summary: `plan nodes · ${syncLabel(run.spec)}` };
  run.plan = await planNodes.executeWithOptions(options, [{ spec: run.spec }]);
}

async function ensure(run: Run): Promise<void> {
  await run.pausing.pass();
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
    // A pause ends the wait: whoever resumes the run wants it to go on now.
    await run.pausing.interruptible(() => sleep(roundDelayMs(run.round), { summary: `before ${label}` }));
    await run.pausing.pass();
    const options = { activityId: `plan-r${round}`, summary: `plan ${label}` };
    nodes = (await planRound.executeWithOptions(options, [{ spec, plan: planned, round }])).nodes;
    run.waitingForRound = undefined;
  }
}

/**
 * Loads all nodes at once and waits for all of them; those that a pause cut off again, when the run is resumed. Gives the
 * number of partitions that another round may mend.
 */
async function loadRound(run: Run, planned: PlanRef, nodes: readonly NodeRef[]): Promise<number> {
  let left = [...nodes].sort((a, b) => a.index - b.index);
  let retryable = 0;
  while (left.length > 0) {
    await run.pausing.pass();
    await run.pausing.interruptible(async () => {
      const loads = left.map((node) => loadOne(run, planned, node));
      show(run);
      for (const count of await Promise.all(loads)) retryable += count;
    });
    if (cancelRequested(run)) throw new CancelledFailure('cancelled while loading');
    left = left.filter((node) => run.nodes.get(node.index)?.state === 'paused');
  }
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
    if (cancelRequested(run)) {
      run.nodes.set(node.index, { node, state: 'cancelled' });
    } else if (CancellationScope.current().consideredCancelled) {
      // Whatever the attempt said when it was let go: it is made again, and says it again if it must.
      run.nodes.set(node.index, { node, state: 'paused' });
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

function giveUpPaused({ nodes }: Run): void {
  for (const [index, { node, state }] of nodes) if (state === 'paused') nodes.set(index, { node, state: 'cancelled' });
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
  run.step = step;
  try {
    await work();
  } catch (error) {
    const failure = stepFailure(error, step, run.ensured === undefined);
    if (run.cancelled || !cancelRequested(run)) run.failure ??= failure;
    done = false;
  }
  run.cancelled = cancelRequested(run);
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
      if (!cancelRequested(run)) throw error;
    }
  }
  return CancellationScope.nonCancellable(() => call({ ...options, ...BRIEFLY }, '-cancelled'));
}

/** Waits while the run is paused, before a step that a cancelled run owes too. */
async function passOrCancel(run: Run, step: string): Promise<void> {
  run.step = step;
  if (run.cancelled) return;
  try {
    await run.pausing.pass();
  } catch (error) {
    if (!cancelRequested(run)) throw error;
    run.cancelled = true;
  }
}

function cancelRequested({ scope }: Run): boolean {
  return scope.consideredCancelled;
}

function planOf(run: Run): PlanRef {
  if (run.plan === undefined) throw new TypeError('a step that needs the plan came before it');
  return run.plan;
}

function stateOf(run: Run | undefined, { state }: Pausing): RunState {
  if (run === undefined) return { state, step: 'check the input', round: 0, nodes: { ended: 0, of: 0 } };
  const nodes = [...run.nodes.values()];
  return { state, step: run.step, round: run.round, nodes: { ended: nodes.filter(hasEnded).length, of: nodes.length } };
}

function show(run: Run): void {
  const view = { ...run, pause: run.pausing.state };
  setCurrentDetails(currentDetails(view));
  run.teller.tell(view);
}
