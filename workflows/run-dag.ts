import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DagActivities } from '../activities/dag-activities.ts';
import type {
  ClearInput,
  DagRunOutcome,
  DagRunOutcomeKind,
  DagRunPhase,
  DagRunView,
  FinishedTask,
  OtherRun,
  ResolvedDagRun,
  RunDagInput,
} from '../dag/run.ts';
import { clearProblems } from '../dag/scheduler.ts';
import type { Code } from '../errors/codes.ts';
import { READ_DAG } from './dag-activity-options.ts';
import { dagDetails, dagFailureText } from './dag-details.ts';
import { DagEnding } from './dag-ending.ts';
import { DagHistory } from './dag-history.ts';
import { type Granted, RUN_DAG, type ToldSteps } from './dag-messages.ts';
import { type CarriedRun, DagRunState } from './dag-run-state.ts';
import { DagSlot } from './dag-slot.ts';
import { performTask } from './dag-task.ts';
import { utf8Bytes } from './dag-xcoms.ts';
import { refusedInput } from './fail.ts';

const { resolveDagRun } = proxyActivities<DagActivities>(READ_DAG);

/** Of JSON; the server takes 2 MiB. */
const MAX_CARRIED_BYTES = 1024 * 1024;

/** The input of a run that has continued as new. */
type Carried = { readonly carried: CarriedRun };

/**
 * Runs a DAG for one interval. The input is a RunDagInput, as little as {"dag": "orders_daily"}.
 *
 * Returns the DagRunOutcome when it is 'success' or 'nothing-to-do' (the interval has succeeded before, or another run is
 * at it: `other` names that run). A failed run fails with an ApplicationFailure of type 'FAILED' whose details[0] is the
 * outcome; with `onFailure: "wait"` it stays open for `clear` instead. A wrong input fails with the error's code as its
 * type. A cancelled run waits for what it has started to end, then ends as cancelled.
 */
export async function runDag(input: unknown): Promise<DagRunOutcome> {
  const carried = carriedOver(input);
  const run = new DagRun(carried ?? (await resolve(input)), input as RunDagInput);
  return await run.toItsEnd();
}

/** Only what the server itself has continued may come without being resolved: a start cannot claim to be one. */
function carriedOver(input: unknown): CarriedRun | undefined {
  const { continuedFromExecutionRunId, attempt, cronSchedule } = workflowInfo();
  if (continuedFromExecutionRunId === undefined || attempt > 1 || cronSchedule) return undefined;
  return (input as Partial<Carried>).carried;
}

async function resolve(input: unknown): Promise<ResolvedDagRun> {
  const { workflowId, runId, firstExecutionRunId, startTime, searchAttributes } = workflowInfo();
  const [scheduledFor] = (searchAttributes.TemporalScheduledStartTime ?? []) as readonly Date[];
  const run = {
    workflowId,
    runId,
    runKey: firstExecutionRunId,
    startedAt: startTime.toISOString(),
    ...(scheduledFor === undefined ? {} : { scheduledFor: scheduledFor.toISOString() }),
  };
  const options = { activityId: 'resolve', summary: 'load the DAG, decide the interval' };
  try {
    return await resolveDagRun.executeWithOptions(options, [{ input, run }]);
  } catch (error) {
    throw isCancellation(error) ? error : refusedInput(error);
  }
}

class DagRun {
  readonly #state: DagRunState;
  readonly #slot: DagSlot;
  readonly #ending: DagEnding;
  readonly #history = new DagHistory();
  readonly #scope = CancellationScope.current();
  /** Begun and not ended. */
  #inFlight = 0;
  #carried: boolean;
  /** An error of workflow code in a task; it fails the workflow task. */
  #fault: { readonly error: unknown } | undefined;
  #note: string | undefined;

  constructor(from: ResolvedDagRun | CarriedRun, input: RunDagInput) {
    this.#carried = 'scheduler' in from;
    this.#state =
      'scheduler' in from
        ? DagRunState.carriedOver(from)
        : new DagRunState(from, workflowInfo().startTime.toISOString(), input.continued);
    this.#slot = new DagSlot(this.#state.run, this.#carried);
    this.#ending = new DagEnding(this.#state);
    this.#listen();
  }

  async toItsEnd(): Promise<DagRunOutcome> {
    this.#show();
    try {
      const ended = (this.#carried ? undefined : await this.#slot.take(this.#queued)) ?? (await this.#untilVerdict());
      return typeof ended === 'string' ? await this.#end(ended) : await this.#end('nothing-to-do', ended);
    } catch (error) {
      if (!isCancellation(error)) throw await this.#unable(error);
      await this.#stop();
      return await this.#end(this.#state.verdict === 'success' ? 'success' : 'cancelled');
    }
  }

  /** A run that could not ask for its interval or its slot fails as one with a wrong input does. */
  async #unable(error: unknown): Promise<unknown> {
    if (!(error instanceof ActivityFailure)) return error;
    await this.#slot.release(false);
    return refusedInput(error);
  }

  /** Plays the DAG, and with onFailure 'wait' again after each clear. */
  async #untilVerdict(): Promise<'success' | 'failed' | OtherRun> {
    if (!this.#carried) this.#state.apply({ kind: 'begun' });
    for (;;) {
      const verdict = await this.#play();
      if (verdict !== 'failed' || this.#state.run.spec.onFailure !== 'wait') return verdict;
      const other = await this.#waitForClear();
      if (other !== undefined) return other;
    }
  }

  async #play(): Promise<'success' | 'failed'> {
    this.#enter('running');
    for (;;) {
      await condition(() => this.#fault !== undefined || this.#mayBegin() || this.#verdict() !== undefined);
      if (this.#fault !== undefined) throw this.#fault.error;
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the run was cancelled');
      const verdict = this.#verdict();
      if (verdict !== undefined) return verdict;
      await this.#continueAsNewIfLong();
      this.#beginAll();
      this.#show();
    }
  }

  #mayBegin(): boolean {
    if (this.#state.starts.length === 0) return false;
    return this.#inFlight === 0 || !(this.#history.isLong || this.#history.isFullForNow);
  }

  /** All that may be begun now; of much that is to be handed over, the rest in the next workflow tasks. */
  #beginAll(): void {
    do {
      const place = this.#state.starts.shift();
      if (place === undefined) return;
      this.#history.hand(this.#state.handedBytes(place));
      this.#begin(place);
    } while (!this.#history.isFullForNow);
  }

  #verdict(): 'success' | 'failed' | undefined {
    const { verdict } = this.#state;
    return this.#inFlight > 0 || verdict === 'cancelled' ? undefined : verdict;
  }

  #begin(place: DagRunState['starts'][number]): void {
    this.#inFlight += 1;
    performTask(this.#state, place, this.#show).then(
      (event) => {
        this.#inFlight -= 1;
        this.#state.apply(event);
        this.#show();
      },
      (error: unknown) => {
        this.#fault ??= { error };
      },
    );
  }

  /** The slot is for others while this run waits for somebody to clear its failed tasks. */
  async #waitForClear(): Promise<OtherRun | undefined> {
    this.#note =
      'Tasks have failed. The run waits for them to be cleared, or to be cancelled; it holds no slot of its DAG.';
    this.#enter('waiting');
    await this.#ending.tell(this.#state.outcomeOf('failed', new Date()), true);
    await this.#slot.release(true);
    await condition(() => this.#state.verdict === undefined);
    this.#note = undefined;
    return await this.#slot.claim(this.#queued);
  }

  /** After a cancellation: what was to be begun is not, and all that is in flight is waited for. */
  async #stop(): Promise<void> {
    this.#note = undefined;
    const dropped = this.#state.starts.splice(0);
    this.#state.apply({ kind: 'cancelled' });
    for (const place of dropped) this.#state.apply({ kind: 'stopped', ...place });
    this.#show();
    await CancellationScope.nonCancellable(() => condition(() => this.#fault !== undefined || this.#inFlight === 0));
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  /** The state of a run whose history has grown long goes on in a new one, when nothing of it is in flight. */
  async #continueAsNewIfLong(): Promise<void> {
    if (this.#inFlight > 0 || !this.#history.isToStartAnew) return;
    const carried = this.#state.carry();
    if (utf8Bytes(JSON.stringify(carried)) <= MAX_CARRIED_BYTES)
      await continueAsNew<(input: Carried) => Promise<DagRunOutcome>>({ carried });
  }

  async #end(kind: DagRunOutcomeKind, other?: OtherRun): Promise<DagRunOutcome> {
    this.#enter('ended');
    const outcome = this.#state.outcomeOf(kind, new Date(), other);
    this.#state.outcome = outcome;
    if (kind !== 'nothing-to-do') await this.#ending.record(outcome);
    if (kind !== 'nothing-to-do') await this.#ending.tell(outcome, false);
    await this.#slot.release(false);
    this.#show();
    if (kind === 'cancelled') throw new CancelledFailure(`${outcome.dagId} ${outcome.interval.start}: cancelled`);
    if (kind !== 'failed') return outcome;
    throw failedRun(outcome);
  }

  #listen(): void {
    setHandler(defineQuery<DagRunView>(RUN_DAG.state), () => this.#state.view());
    setHandler(defineQuery<readonly FinishedTask[]>(RUN_DAG.finished), () => this.#state.finished());
    setHandler(defineSignal<[Granted]>(RUN_DAG.granted), (granted) => this.#slot.granted(granted));
    setHandler(defineSignal<[ToldSteps]>(RUN_DAG.steps), ({ steps, ...place }) => {
      this.#state.note(place, { steps });
      this.#show();
    });
    setHandler(
      defineUpdate<readonly string[], [ClearInput]>(RUN_DAG.clear),
      (input) => {
        const cleared = this.#state.clear(input);
        this.#show();
        return cleared;
      },
      { validator: (input) => this.#refuseClear(input) },
    );
    for (const [name, kind] of [
      [RUN_DAG.pause, 'paused'],
      [RUN_DAG.resume, 'resumed'],
    ] as const) {
      setHandler(
        defineUpdate<DagRunPhase>(name),
        () => {
          this.#state.apply({ kind });
          this.#show();
          return this.#state.view().phase;
        },
        { validator: () => this.#refuseClosing() },
      );
    }
  }

  #refuseClear(input: ClearInput): void {
    this.#refuseClosing();
    const isInput = Array.isArray(input?.tasks) && input.tasks.every((taskId) => typeof taskId === 'string');
    const problems = isInput
      ? clearProblems(this.#state.run.spec, this.#state.scheduler, input)
      : ['tasks: must be a list of task ids'];
    if (problems.length > 0) throw refusal('SPEC_INVALID', problems.join('\n'));
  }

  /** A run that is being cancelled begins nothing any more: to clear a task would only make it one that has not succeeded. */
  #refuseClosing(): void {
    if (this.#state.phase === 'ended') throw refusal('RUN_CLOSED', 'the run has ended');
    if (this.#scope.consideredCancelled) throw refusal('RUN_CLOSED', 'the run is being cancelled');
  }

  readonly #queued = (ahead: number): void => {
    this.#note = `Waits for a slot of its DAG${ahead === 0 ? '' : `; ${ahead} before it`}.`;
    this.#enter('queued');
  };

  #enter(phase: DagRunState['phase']): void {
    if (phase === 'running') this.#note = undefined;
    this.#state.phase = phase;
    this.#show();
  }

  readonly #show = (): void => {
    const notes = [...(this.#note === undefined ? [] : [this.#note]), ...this.#ending.notes];
    setCurrentDetails(dagDetails(this.#state.view(), notes));
  };
}

function refusal(type: Code, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}

function failedRun(outcome: DagRunOutcome): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'FAILED',
    message: dagFailureText(outcome),
    nonRetryable: true,
    details: [outcome],
  });
}
