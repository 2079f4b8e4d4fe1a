import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { DagActivities } from '../activities/dag-activities.ts';
import type { DagRunOutcome } from '../dag/run.ts';
import type { DagSpec, RunContext } from '../dag/spec.ts';
import { HOOK, OWED } from './dag-activity-options.ts';
import type { DagRunState } from './dag-run-state.ts';
import { taskFailure } from './fail.ts';

const { recordDagRun } = proxyActivities<DagActivities>(OWED);

/** What the activity of `onEnd` is given. waiting: the run has failed tasks, and stays open for them to be cleared. */
export type OnEndInput = {
  readonly input: NonNullable<DagSpec['onEnd']>['input'];
  readonly context: RunContext;
  readonly outcome: DagRunOutcome;
  readonly waiting: boolean;
};

/** What a run owes when it has ended, cancelled or not. A failure of it is told, and changes nothing of how the run ended. */
export class DagEnding {
  readonly #state: DagRunState;
  /** What could not be done. */
  readonly notes: string[] = [];
  #told = 0;

  constructor(state: DagRunState) {
    this.#state = state;
  }

  /** Writes the run into the run memory. */
  async record(outcome: DagRunOutcome): Promise<void> {
    const { home, runKey } = this.#state.run;
    if (home === undefined) return;
    await this.#owed('The run memory does not know of this run', () =>
      recordDagRun.executeWithOptions({ activityId: 'record', summary: `remember the run on ${home}` }, [
        { home, runKey, record: this.#state.record(outcome) },
      ]),
    );
  }

  /** Calls the activity of `onEnd`. */
  async tell(outcome: DagRunOutcome, waiting: boolean): Promise<void> {
    const { spec, context } = this.#state.run;
    if (spec.onEnd === undefined) return;
    const { activity, input } = spec.onEnd;
    this.#told += 1;
    const activityId = `on-end-${this.#told}`;
    const call = proxyActivities<Record<string, (given: OnEndInput) => Promise<unknown>>>(HOOK)[activity];
    await this.#owed(`onEnd (${activity}) failed`, () =>
      call?.executeWithOptions({ activityId, summary: `onEnd: ${activity}` }, [{ input, context, outcome, waiting }]),
    );
  }

  async #owed(failed: string, call: () => Promise<unknown> | undefined): Promise<void> {
    try {
      await CancellationScope.nonCancellable(async () => await call());
    } catch (error) {
      const { code, message } = taskFailure(error);
      this.notes.push(`${failed}: ${code}: ${message}`);
    }
  }
}
