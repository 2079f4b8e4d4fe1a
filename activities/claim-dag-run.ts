import { Context } from '@temporalio/activity';
import { WithStartWorkflowOperation, type Workflow } from '@temporalio/client';
import type { Claim, ClaimAnswer } from '../dag/gate.ts';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';

/** Asks the gate of a DAG, which the claim starts where it does not run, on the task queue of the run that asks. */
export function claimDagRun(shared: Shared): DagActivities['claimDagRun'] {
  return activity('claimDagRun', shared, async (_engine, { gate, claim }) => {
    const { client, info } = Context.current();
    const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(gate.workflow, {
      workflowId: gate.workflowId,
      taskQueue: info.taskQueue,
      args: [gate.start],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    try {
      return await client.workflow.executeUpdateWithStart<Workflow, ClaimAnswer, [Claim]>(gate.update, {
        startWorkflowOperation,
        args: [claim],
      });
    } catch (error) {
      // A gate that is just ending, or a server that is away: the claim is safe to repeat.
      throw new FerryError('UNREACHABLE', `the gate ${gate.workflowId} does not answer: ${messageOf(error)}`, {
        cause: error,
      });
    }
  });
}
