import { Context } from '@temporalio/activity';
import { WithStartWorkflowOperation, type Workflow } from '@temporalio/client';
import type { Claim, ClaimAnswer } from '../dag/gate.ts';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';
import { endForsakenGate } from './forsaken-gate.ts';

const ANSWER_WITHIN_MS = 15_000;

/**
 * Asks the gate of a DAG, which the claim starts where it does not run, on the task queue of the run that asks. A gate
 * that does not answer, since its task queue has no workers any more, is ended, and started by the next attempt.
 */
export function claimDagRun(shared: Shared): DagActivities['claimDagRun'] {
  return activity('claimDagRun', shared, async (_engine, { gate, claim }) => {
    const context = Context.current();
    const { client, info } = context;
    const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(gate.workflow, {
      workflowId: gate.workflowId,
      taskQueue: info.taskQueue,
      args: [gate.start],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    try {
      return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        client.workflow.executeUpdateWithStart<Workflow, ClaimAnswer, [Claim]>(gate.update, {
          startWorkflowOperation,
          args: [claim],
        }),
      );
    } catch (error) {
      // A gate that is just ending, or a server that is away: the claim is safe to repeat.
      const forsaken = await endForsakenGate(context, gate.workflowId).catch(() => undefined);
      const why =
        forsaken === undefined
          ? messageOf(error)
          : `no worker asks its task queue ${forsaken} for work, so that it was ended; it is started anew on ${info.taskQueue}`;
      throw new FerryError('UNREACHABLE', `the gate ${gate.workflowId} does not answer: ${why}`, { cause: error });
    }
  });
}
