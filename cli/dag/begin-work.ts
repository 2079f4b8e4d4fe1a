import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { FerryError } from '../../errors/ferry-error.ts';
import type { SyncHandle } from '../sync-run.ts';

/** The memo by which another terminal can tell whether it asks for the same. */
const ASKED_MEMO = 'hive-ferry.asked';

/** A run of a DAG, or a backfill. */
export type AskedWork = {
  readonly type: 'runDag' | 'backfillDag';
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly summary: string;
};

export type BegunWork = {
  readonly kind: 'started' | 'joined';
  readonly handle: SyncHandle;
  readonly runId: string;
};

/**
 * Starts the work, or joins what goes on under its id and does the same.
 * @throws FerryError SPEC_INVALID when that does something else.
 */
export async function beginWork(client: Client, asked: AskedWork): Promise<BegunWork> {
  const { type, workflowId, taskQueue, input, summary } = asked;
  for (;;) {
    try {
      const handle = await client.workflow.start(type, {
        workflowId,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        memo: { [ASKED_MEMO]: askedOf(input) },
        staticSummary: summary,
      });
      return { kind: 'started', handle, runId: handle.firstExecutionRunId };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const joined = await join(client, asked);
      if (joined !== undefined) return joined;
    }
  }
}

/** undefined: it ended meanwhile. */
async function join(client: Client, { workflowId, input }: AskedWork): Promise<BegunWork | undefined> {
  const { runId, memo, status } = await client.workflow.getHandle(workflowId).describe();
  if (status.name !== 'RUNNING') return undefined;
  if (!isSameWork(askedOf(input), memo?.[ASKED_MEMO]))
    throw new FerryError(
      'SPEC_INVALID',
      `${workflowId} goes on already, and was asked for something else. Wait for its end, or ask for the same to follow it.`,
    );
  return { kind: 'joined', handle: client.workflow.getHandle(workflowId, runId), runId };
}

/** Without the DAG itself, which is the same for one id, and large. */
function askedOf({ dag: _, spec: __, signature: ___, ...asked }: AskedWork['input']): AskedWork['input'] {
  return asked;
}

/** What goes beyond naming the DAG and its interval; without it a run is the same whoever started it. */
const SPECIAL = ['params', 'rerun', 'continued', 'maxActive', 'reverse'];

/** `there`: the memo of the one that goes on; undefined: no command line started it, but a schedule or the Temporal UI. */
export function isSameWork(asked: Readonly<Record<string, unknown>>, there: unknown): boolean {
  if (there === undefined) return SPECIAL.every((field) => asked[field] === undefined);
  return JSON.stringify(asked) === JSON.stringify(there);
}
