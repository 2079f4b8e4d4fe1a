import type { Client } from '@temporalio/client';
import { FerryError } from '../../errors/ferry-error.ts';
import { startOrFind } from '../start-or-find.ts';
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
  const memo = { [ASKED_MEMO]: askedOf(input) };
  const found = await startOrFind(client, type, { workflowId, taskQueue, args: [input], memo, staticSummary: summary });
  const { handle, runId } = found;
  if (found.kind === 'started') return { kind: 'started', handle, runId };
  if (!isSameWork(askedOf(input), found.memo?.[ASKED_MEMO]))
    throw new FerryError(
      'SPEC_INVALID',
      `${workflowId} goes on already, and was asked for something else. Wait for its end, or ask for the same to follow it.`,
    );
  return { kind: 'joined', handle, runId };
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
