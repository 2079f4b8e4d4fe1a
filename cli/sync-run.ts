import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  CancelledFailure,
  type Client,
  TerminatedFailure,
  TimeoutFailure,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  type WorkflowHandleWithFirstExecutionRunId,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CODES, type Code } from '../errors/codes.ts';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { selectionOf } from '../sync/make-outcome.ts';
import type { Outcome } from '../sync/outcome.ts';
import { isOpenStatus } from '../sync/runs.ts';
import type { SpecChoices } from '../sync/spec.ts';
import { asInput, differingOptions, type FullSpec, specIdentity } from '../sync/spec-identity.ts';
import { type Codecs, decodedEvents } from './decoded.ts';
import { closingOutcome } from './run-history.ts';
import { startOrFind } from './start-or-find.ts';

/** The memo that a run carries, so that another terminal can tell whether it asks for the same. */
const SPEC_MEMO = 'hive-ferry.spec';

/** The workflow type of a run that copies one table. */
export const SYNC_TYPE = 'syncTable';

type Memo = Readonly<Record<string, unknown>> | undefined;

/** The spec that a run was started with; undefined: the command line did not start it. */
export function specOfMemo(memo: Memo): FullSpec | undefined {
  return memo?.[SPEC_MEMO] as FullSpec | undefined;
}

/** What a run was asked for, as its memo tells; nothing of one that the command line did not start. */
export function askedOf(memo: Memo): Pick<Outcome, 'source' | 'target' | 'table' | 'selection'> | undefined {
  const spec = specOfMemo(memo);
  if (spec === undefined) return undefined;
  return { source: spec.source, target: spec.target.cluster, table: spec.target.table, selection: selectionOf(spec) };
}

export type SyncHandle = Pick<
  WorkflowHandleWithFirstExecutionRunId,
  'result' | 'describe' | 'cancel' | 'terminate' | 'fetchHistory' | 'workflowId'
>;

export type Begun =
  | { readonly kind: 'started' | 'attached'; readonly handle: SyncHandle; readonly runId: string }
  /** The same tables and selection are being synced with other options. `differs` is empty when they cannot be told. */
  | {
      readonly kind: 'conflict';
      readonly workflowId: string;
      readonly runId: string;
      readonly differs: readonly string[];
    };

/** Starts the run, or finds the one that does the same already. */
export async function beginSync(client: Client, taskQueue: string, choices: SpecChoices): Promise<Begun> {
  const workflowId = specIdentity(choices);
  const input = asInput(choices);
  const found = await startOrFind(client, SYNC_TYPE, {
    workflowId,
    taskQueue,
    args: [input],
    memo: { [SPEC_MEMO]: input },
    staticSummary: `${input.table}, ${input.source} -> ${input.target.cluster}`,
    staticDetails: `\`\`\`json\n${JSON.stringify(input, null, 2)}\n\`\`\``,
  });
  const { handle, runId } = found;
  if (found.kind === 'started') return { kind: 'started', handle, runId };
  const other = specOfMemo(found.memo);
  const differs = other === undefined ? [] : differingOptions(input, other);
  if (other === undefined || differs.length > 0) return { kind: 'conflict', workflowId, runId, differs };
  return { kind: 'attached', handle, runId };
}

/** How a run ended: with an outcome, or with an error that came before there could be one. */
export type SyncEnd =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'error'; readonly code: Code; readonly message: string; readonly stopped: boolean };

/** Waits for the end. Rejects only when Temporal can no longer be asked. `codecs`: those of the client. */
export async function endOfSync(handle: SyncHandle, codecs: Codecs = []): Promise<SyncEnd> {
  try {
    return { kind: 'outcome', outcome: (await handle.result()) as Outcome };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (!(error.cause instanceof CancelledFailure)) return endOfFailure(error.cause);
    // A cancelled workflow returns nothing.
    const outcome = closingOutcome(await decodedEvents((await handle.fetchHistory()).events ?? [], codecs));
    return outcome === undefined ? endOfFailure(error.cause) : { kind: 'outcome', outcome };
  }
}

/**
 * The run that goes on for one that `temporal workflow reset` has ended as terminated: the latest of the same chain of resets.
 * undefined: there is none.
 */
export async function afterReset(
  { workflow }: Pick<Client, 'workflow'>,
  workflowId: string,
  runId: string,
): Promise<{ readonly handle: SyncHandle; readonly runId: string } | undefined> {
  const [ended, latest] = await Promise.all([
    workflow.getHandle(workflowId, runId).describe(),
    workflow.getHandle(workflowId).describe(),
  ]);
  const chainOf = ({ raw }: typeof latest) => raw.workflowExecutionInfo?.firstRunId;
  if (latest.runId === runId || !chainOf(ended) || chainOf(latest) !== chainOf(ended)) return undefined;
  return { handle: workflow.getHandle(workflowId, latest.runId), runId: latest.runId };
}

/** Started, a task scheduled, the cancellation: with no more than that in its history no worker has taken the run. */
const UNTOUCHED_EVENTS = 3;
const UNTOUCHED_MS = 2_000;

/**
 * Cancels the run, and gives what it is a while later. One that no worker has ever taken would wait for a worker to end it: it is
 * terminated, nothing was done. Throws RUN_CLOSED where the server says that there is nothing to cancel; most take the
 * cancellation of a run that has ended and do nothing.
 */
export async function cancelSync(handle: SyncHandle): Promise<WorkflowExecutionDescription> {
  await handle.cancel().catch((error: unknown) => throwAsEnded(error, handle));
  await sleep(UNTOUCHED_MS);
  const later = await handle.describe();
  const { historyLength, status, runId, raw } = later;
  // Workers had what continues as new, however short its history is.
  const first = (raw.workflowExecutionInfo?.firstRunId || runId) === runId;
  if (!first || !isOpenStatus(status.name) || historyLength > UNTOUCHED_EVENTS) return later;
  await handle.terminate('cancelled before a worker took it').catch((error: unknown) => {
    // A worker took it after all, and it has ended as it was told to.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
  return later;
}

async function throwAsEnded(error: unknown, handle: SyncHandle): Promise<never> {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
  const { workflowId } = handle;
  throw hasEnded(await handle.describe().catch(() => ({ workflowId })), error);
}

type Ended = Pick<WorkflowExecutionDescription, 'workflowId'> & Partial<Pick<WorkflowExecutionDescription, 'status'>>;

/** RUN_CLOSED, saying how the run ended. A status that is not that of an end is another run's, by now, and says nothing. */
export function hasEnded({ workflowId, status }: Ended, cause?: Error): FerryError {
  const how =
    status === undefined || isOpenStatus(status.name) || status.name === 'CONTINUED_AS_NEW'
      ? ''
      : `: ${status.name.toLowerCase()}`;
  return new FerryError('RUN_CLOSED', `${workflowId} has ended${how}.`, { cause });
}

/** Reads a failed run's failure. */
export function endOfFailure(cause: Error | undefined): SyncEnd {
  if (cause instanceof ApplicationFailure) {
    const outcome = cause.details?.[0];
    if (isOutcome(outcome)) return { kind: 'outcome', outcome };
    const code =
      cause.type !== undefined && cause.type !== null && Object.hasOwn(CODES, cause.type)
        ? (cause.type as Code)
        : 'INTERNAL';
    // The hint is said on its own.
    const message = cause.message.replace(`\n${CODES[code].hint}`, '');
    return { kind: 'error', code, message, stopped: false };
  }
  const stopped = cause instanceof CancelledFailure || cause instanceof TerminatedFailure;
  const how =
    cause instanceof TerminatedFailure
      ? 'The run was terminated'
      : stopped
        ? 'The run was cancelled'
        : 'The run failed';
  const code = cause instanceof TimeoutFailure ? 'DEADLINE' : 'INTERNAL';
  return { kind: 'error', code, message: `${how}${cause === undefined ? '' : `: ${messageOf(cause)}`}`, stopped };
}

function isOutcome(value: unknown): value is Outcome {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schemaVersion' in value &&
    'outcome' in value &&
    'partitions' in value
  );
}
