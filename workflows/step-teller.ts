import { CancellationScope, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { type RunView, stepRows } from './current-details.ts';
import { type AskedSteps, RUN_DAG, STEPS_MEMO, type ToldSteps } from './dag-messages.ts';

/** Tells the DAG run that started a sync, and asked for it by a memo, how far the four steps are: when the state of one changes. */
export class StepTeller {
  #told = '';

  tell(view: RunView): void {
    const { parent, memo } = workflowInfo();
    const asked = memo?.[STEPS_MEMO] as AskedSteps | undefined;
    if (parent === undefined || asked === undefined) return;
    const rows = stepRows(view);
    const states = rows.map(([, state]) => state).join('|');
    if (states === this.#told) return;
    this.#told = states;
    const told: ToldSteps = { ...asked, steps: rows.map(([step, state, text]) => ({ step, state, text })) };
    // A run that has gone has nothing to show; a cancelled sync still tells what it came to.
    CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(parent.workflowId).signal(RUN_DAG.steps, told),
    ).catch(() => undefined);
  }
}
