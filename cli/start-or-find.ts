import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { isOpenStatus } from '../sync/runs.ts';
import { runHandle } from './run-handle.ts';
import type { SyncHandle } from './sync-run.ts';

type Options = Omit<WorkflowStartOptions, 'workflowIdConflictPolicy' | 'workflowIdReusePolicy'>;

/** A run that was started now, or one that goes on under the same id. */
export type StartedOrFound = { readonly handle: SyncHandle; readonly runId: string } & (
  | { readonly kind: 'started' }
  | { readonly kind: 'found'; readonly memo: WorkflowExecutionDescription['memo'] }
);

/** Between the end of one run, as the server tells it, and its leave to start another. */
const AGAIN_MS = 200;

/** Starts a workflow, or finds the one that goes on under its id; one that ended meanwhile does not count. */
export async function startOrFind(client: Client, type: string, options: Options): Promise<StartedOrFound> {
  const { workflowId } = options;
  for (;;) {
    try {
      const handle = await client.workflow.start(type, {
        ...options,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
      return { kind: 'started', handle, runId: handle.firstExecutionRunId };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const found = await client.workflow.getHandle(workflowId).describe();
    const { runId, memo, status } = found;
    if (isOpenStatus(status.name)) return { kind: 'found', handle: runHandle(client, found), runId, memo };
    await sleep(AGAIN_MS);
  }
}
