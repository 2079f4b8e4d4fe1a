import { CancellationScope, condition, getExternalWorkflowHandle, proxyActivities } from '@temporalio/workflow';
import type { DagActivities } from '../activities/dag-activities.ts';
import type { ClaimAnswer } from '../dag/gate.ts';
import type { OtherRun, ResolvedDagRun, RunRef } from '../dag/run.ts';
import { ASK } from './dag-activity-options.ts';
import { DAG_GATE, type Granted, gateId, type Release } from './dag-messages.ts';

const { lookUpDagRun, claimDagRun } = proxyActivities<DagActivities>(ASK);

const ASK_AGAIN = '10m';

/** A run's side of the gate of its DAG: the interval it is the one run of, and its slot. */
export class DagSlot {
  readonly #run: ResolvedDagRun;
  readonly #self: RunRef;
  /** Asked for, and neither refused nor given back. */
  #claimed: boolean;
  #granted = false;
  #calls = 0;

  /** `claimed`: by the run that this one continues. */
  constructor(run: ResolvedDagRun, claimed: boolean) {
    this.#run = run;
    this.#self = { workflowId: run.workflowId, runKey: run.runKey };
    this.#claimed = claimed;
  }

  /** The gate's signal; one that is for an earlier run of this workflow id is not ours. */
  granted({ runKey }: Granted): void {
    if (runKey === this.#self.runKey) this.#granted = true;
  }

  /**
   * Waits for the interval and a slot. Gives the run that stands in the way instead: one that has the interval, or one
   * that has succeeded, also while this run was waiting. `queued` is called when there is something to wait for.
   */
  async take(queued: (ahead: number) => void): Promise<OtherRun | undefined> {
    const before = await this.#succeeded();
    if (before !== undefined) return before;
    const other = await this.claim(queued);
    return other ?? (await this.#succeeded());
  }

  /**
   * As `take`, for a run that has the interval already. A run that waits asks again now and then, which changes nothing
   * where it is known: the gate that it stood in line at may have been ended by hand, or for want of workers.
   */
  async claim(queued: (ahead: number) => void): Promise<OtherRun | undefined> {
    this.#claimed = true;
    this.#granted = false;
    for (;;) {
      const answer = await this.#ask();
      if (answer.kind === 'running') {
        this.#claimed = false;
        return { state: 'running', workflowId: answer.workflowId };
      }
      if (answer.kind === 'granted') return undefined;
      queued(answer.ahead);
      if (await condition(() => this.#granted, ASK_AGAIN)) return undefined;
    }
  }

  async #ask(): Promise<ClaimAnswer> {
    const { spec, context } = this.#run;
    return await claimDagRun.executeWithOptions(this.#options('claim', `a slot of ${spec.dagId}`), [
      {
        gate: {
          workflowId: gateId(spec.dagId),
          workflow: DAG_GATE.workflow,
          update: DAG_GATE.claim,
          start: { dagId: spec.dagId },
        },
        claim: {
          run: this.#self,
          runType: context.runType,
          intervalStart: context.interval.start,
          maxActiveRuns: spec.maxActiveRuns,
        },
      },
    ]);
  }

  /** Gives back the slot, also in a run that was cancelled; the interval too, but for a run that waits to be cleared. */
  async release(keepInterval: boolean): Promise<void> {
    if (!this.#claimed) return;
    this.#claimed = keepInterval;
    const release: Release = { run: this.#self, keepInterval };
    await CancellationScope.nonCancellable(async () => {
      try {
        await getExternalWorkflowHandle(gateId(this.#run.spec.dagId)).signal(DAG_GATE.release, release);
      } catch {
        // No gate, no slot: whoever ended the gate has given all of them back.
      }
    });
  }

  async #succeeded(): Promise<OtherRun | undefined> {
    const { home, spec, context, rerun } = this.#run;
    if (rerun || home === undefined) return undefined;
    const options = this.#options('look-up', `has ${context.interval.start} succeeded before?`);
    const { known } = await lookUpDagRun.executeWithOptions(options, [
      { home, dagId: spec.dagId, intervalStart: context.interval.start },
    ]);
    if (known?.outcome !== 'success') return undefined;
    const { workflowId, runId, endedAt } = known;
    return { state: 'succeeded', workflowId, runId, endedAt };
  }

  #options(name: string, summary: string): { readonly activityId: string; readonly summary: string } {
    this.#calls += 1;
    return { activityId: `${name}-${this.#calls}`, summary };
  }
}
