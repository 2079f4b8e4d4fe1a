import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
import { type TemporalClient, temporalError } from './temporal-client.ts';

/** A run as the server lists it, its memo still encoded. */
export type ListedRun = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions'][number];

/** temporal.api.enums.v1.WorkflowExecutionStatus, by the names that the client gives them. */
const STATUS_NAMES: Readonly<Record<number, WorkflowExecutionStatusName>> = {
  1: 'RUNNING',
  2: 'COMPLETED',
  3: 'FAILED',
  4: 'CANCELLED',
  5: 'TERMINATED',
  6: 'CONTINUED_AS_NEW',
  7: 'TIMED_OUT',
  8: 'PAUSED',
};

export function statusOf({ status }: ListedRun): WorkflowExecutionStatusName {
  return STATUS_NAMES[status ?? 0] ?? 'UNKNOWN';
}

/**
 * The runs that a query of Temporal's visibility finds, the latest first. Not by the client's own list, which gives nothing
 * at all when one run's memo was written with another codec. `what`: said in the error when they cannot be listed.
 */
export async function* listRuns(
  { client, ...temporal }: TemporalClient,
  query: string,
  what: string,
): AsyncGenerator<ListedRun> {
  const { namespace } = temporal;
  let nextPageToken: Uint8Array | null | undefined;
  try {
    do {
      const page = await client.workflowService.listWorkflowExecutions({ namespace, query, nextPageToken });
      yield* page.executions;
      nextPageToken = page.nextPageToken;
    } while (nextPageToken?.length);
  } catch (error) {
    throw temporalError(error, what, temporal);
  }
}
