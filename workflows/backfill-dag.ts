import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  condition,
  continueAsNew,
  defineQuery,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { DagActivities, IntervalPage } from '../activities/dag-activities.ts';
import { skipReason } from '../dag/backfill.ts';
import type { IntervalDates } from '../dag/decide-interval.ts';
import type { BackfillDagInput, BackfillInterval, BackfillOutcome, RunDagInput } from '../dag/run.ts';
import type { DataInterval } from '../dag/spec.ts';
import {
  type BackfillState,
  backfillDetails,
  backfillOutcome,
  backfillText,
  withInterval,
} from './backfill-progress.ts';
import { ASK } from './dag-activity-options.ts';
import { otherText } from './dag-details.ts';
import { BACKFILL_DAG, dagRunId } from './dag-messages.ts';
import { refusedInput, taskFailure } from './fail.ts';
import type { runDag } from './run-dag.ts';

const { listIntervals } = proxyActivities<DagActivities>(ASK);

const MAX_ACTIVE = 3;

/** Where a backfill that continues as new goes on. */
type Carried = { readonly state: BackfillState; readonly after: string; readonly dates?: IntervalDates };
type CarriedInput = BackfillDagInput & { readonly carried?: Carried };

/**
 * Runs a DAG for every interval of a range, each as a child `runDag` through the gate of the DAG and under the id that its
 * schedule would give it, so that none is run twice. The input is a BackfillDagInput, as little as
 * {"dag": "orders_daily", "from": "2026-11-01", "to": "2026-11-03"}.
 *
 * An interval that fails stops none of the others. Returns the BackfillOutcome when it is 'complete' or 'nothing-to-do';
 * else fails with an ApplicationFailure whose type is the outcome in upper case and whose details[0] is the outcome. When
 * it is cancelled its runs are too, and are waited for; when it is terminated they go on.
 */
export async function backfillDag(input: CarriedInput): Promise<BackfillOutcome> {
  return await new Backfill(input ?? {}).toItsEnd();
}

class Backfill {
  readonly #input: BackfillDagInput;
  #state: BackfillState;
  #after: string | undefined;
  #dates: IntervalDates | undefined;
  #active = 0;
  #ended: 'ended' | 'cancelled' | 'running' = 'running';
  #fault: { readonly error: unknown } | undefined;

  constructor({ carried, ...input }: CarriedInput) {
    this.#input = input;
    this.#state = carried?.state ?? {
      dagId: input.dag ?? input.spec?.dagId ?? '',
      total: 0,
      counts: {},
      intervals: [],
    };
    this.#after = carried?.after;
    this.#dates = carried?.dates;
    setHandler(defineQuery<BackfillOutcome>(BACKFILL_DAG.progress), () => this.#outcome());
  }

  async toItsEnd(): Promise<BackfillOutcome> {
    try {
      await this.#startAll();
      await this.#until(() => this.#active === 0);
      this.#ended = 'ended';
    } catch (error) {
      if (!isCancellation(error)) throw error;
      await CancellationScope.nonCancellable(() => this.#until(() => this.#active === 0));
      this.#ended = 'cancelled';
    }
    this.#show();
    const outcome = this.#outcome();
    if (outcome.outcome === 'cancelled') throw new CancelledFailure(backfillText(outcome));
    if (outcome.outcome === 'complete' || outcome.outcome === 'nothing-to-do') return outcome;
    throw ApplicationFailure.create({
      type: outcome.outcome.toUpperCase(),
      message: backfillText(outcome),
      nonRetryable: true,
      details: [outcome],
    });
  }

  async #startAll(): Promise<void> {
    const { maxActive = MAX_ACTIVE, rerun } = this.#input;
    for (let page = await this.#page(); ; page = await this.#page()) {
      this.#dates = page.dates;
      this.#state = { ...this.#state, dagId: page.dagId, total: page.total };
      for (const each of page.intervals) {
        const { interval } = each;
        const reason = skipReason(rerun, each, new Date());
        if (reason === undefined) {
          await this.#until(() => this.#active < maxActive);
          this.#start(interval);
        } else {
          this.#tell({ interval, state: 'skipped', reason });
        }
        this.#after = interval.start;
        await this.#continueAsNewIfLong();
      }
      if (!page.more) return;
    }
  }

  async #page(): Promise<IntervalPage> {
    const [after, dates] = [this.#after, this.#dates];
    const options = { summary: `intervals ${after === undefined ? '' : `after ${after}`}` };
    try {
      return await listIntervals.executeWithOptions(options, [
        {
          backfill: this.#input,
          ...(after === undefined ? {} : { after }),
          ...(dates === undefined ? {} : { dates }),
        },
      ]);
    } catch (error) {
      throw isCancellation(error) ? error : refusedInput(error);
    }
  }

  #start(interval: DataInterval): void {
    this.#active += 1;
    const workflowId = dagRunId(this.#state.dagId, interval.end);
    this.#tell({ interval, state: 'running', workflowId });
    this.#run(interval, workflowId).then(
      (ended) => {
        this.#active -= 1;
        this.#tell({ interval, workflowId, ...ended });
      },
      (error: unknown) => {
        this.#fault ??= { error };
      },
    );
  }

  async #run(interval: DataInterval, workflowId: string): Promise<Pick<BackfillInterval, 'state' | 'reason'>> {
    const { dag, spec, signature, params, rerun } = this.#input;
    const input: RunDagInput = {
      ...(dag === undefined ? {} : { dag }),
      ...(spec === undefined ? {} : { spec }),
      ...(signature === undefined ? {} : { signature }),
      ...(params === undefined ? {} : { params }),
      interval,
      runType: 'backfill',
      ...(rerun === 'all' ? { rerun: true } : {}),
    };
    try {
      const child = await startChild<typeof runDag>('runDag', {
        workflowId,
        args: [input],
        cancellationType: 'WAIT_CANCELLATION_COMPLETED',
        parentClosePolicy: ParentClosePolicy.ABANDON,
      });
      const { outcome, other } = await child.result();
      return { state: outcome, ...(other === undefined ? {} : { reason: otherText(other) }) };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        return { state: 'skipped', reason: otherText({ state: 'running', workflowId }) };
      if (isCancellation(error)) return { state: 'cancelled' };
      if (!(error instanceof ChildWorkflowFailure)) throw error;
      const { code, message } = taskFailure(error);
      return { state: 'failed', reason: `${code}: ${message}` };
    }
  }

  /** Nothing is in flight when it does: a run is waited for by the one backfill that started it. */
  async #continueAsNewIfLong(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested || this.#after === undefined) return;
    await this.#until(() => this.#active === 0);
    const carried: Carried = {
      state: this.#state,
      after: this.#after,
      ...(this.#dates === undefined ? {} : { dates: this.#dates }),
    };
    await continueAsNew<typeof backfillDag>({ ...this.#input, carried });
  }

  async #until(what: () => boolean): Promise<void> {
    await condition(() => this.#fault !== undefined || what());
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #tell(row: BackfillInterval): void {
    this.#state = withInterval(this.#state, row);
    this.#show();
  }

  #outcome(): BackfillOutcome {
    return backfillOutcome(this.#input, this.#state, this.#ended);
  }

  #show(): void {
    setCurrentDetails(backfillDetails(this.#outcome()));
  }
}
