import { CancellationScope, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { type RunView, stepRows } from './current-details.ts';
import { type AskedSteps, RUN_DAG, STEPS_MEMO, type ToldSteps } from './dag-messages.ts';

/** Tells the DAG run that started a sync, and asked for it by a memo, how far the four steps are: when the state of one changes. */
export class StepTeller {
  #told = '';
  #newest: ToldSteps | undefined;
  #sending: Promise<void> = Promise.resolve();

  tell(view: RunView): void {
    const { parent, memo } = workflowInfo();
    const asked = memo?.[STEPS_MEMO] as AskedSteps | undefined;
    if (parent === undefined || asked === undefined) return;
    const rows = stepRows(view);
    const states = rows.map(([, state]) => state).join('|');
    if (states === this.#told) return;
    this.#told = states;
    const isSending = this.#newest !== undefined;
    this.#newest = { ...asked, steps: rows.map(([step, state, text]) => ({ step, state, text })) };
    if (!isSending) this.#sending = this.#send(parent.workflowId);
  }

  /** Resolves when the last that was told has arrived. */
  async arrived(): Promise<void> {
    await this.#sending;
  }

  /** The newest, one after the other: signals that leave together may arrive in any order, the oldest last. */
  async #send(workflowId: string): Promise<void> {
    while (this.#newest !== undefined) {
      const told = this.#newest;
      // A run that has gone has nothing to show; a cancelled sync still tells what it came to.
      await CancellationScope.nonCancellable(() =>
        getExternalWorkflowHandle(workflowId).signal(RUN_DAG.steps, told),
      ).catch(() => undefined);
      if (this.#newest === told) this.#newest = undefined;
    }
  }
}
