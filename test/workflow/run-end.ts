import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Outcome } from '../../sync/outcome.ts';
import type { Handle } from './test-environment.ts';

export type Ended<Result = Outcome> = {
  readonly kind: string;
  readonly message: string;
  readonly outcome: Result | undefined;
};

/** How a run, of whatever workflow, ended as its starter sees it. */
export async function endOf<Result = Outcome>(handle: Handle): Promise<Ended<Result>> {
  try {
    return { kind: 'returned', message: '', outcome: await handle.result() };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return { kind: 'cancelled', message: cause.message, outcome: undefined };
    if (!(cause instanceof ApplicationFailure)) throw error;
    return { kind: cause.type ?? '', message: cause.message, outcome: cause.details?.[0] as Result | undefined };
  }
}

/** The activity ids of the calls in their order; loads of one round run side by side and stand sorted. */
export function order(ids: readonly string[]): string[] {
  return ids.flatMap((id, place) => {
    const isLoad = id.startsWith('load');
    if (!isLoad) return [id];
    if (ids[place - 1]?.startsWith('load')) return [];
    const rest = ids.slice(place);
    const end = rest.findIndex((each) => !each.startsWith('load'));
    return [[...new Set(rest.slice(0, end < 0 ? undefined : end))].sort().join(' ')];
  });
}

/**
 * Waits until a run has come to an activity, or to a 'timer', and waits for nothing else. A cancel request that meets the
 * end of another activity can leave the test server with a started workflow task that it neither hands out nor times out.
 */
export async function untilStarted(handle: Handle, at: string): Promise<void> {
  for (;;) {
    const events = (await handle.fetchHistory()).events ?? [];
    const ended = new Set(
      events.map((event) =>
        String(
          (event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes)?.scheduledEventId,
        ),
      ),
    );
    const open = events.flatMap((event) => {
      if (event.timerStartedEventAttributes) return ['timer'];
      const { activityId } = event.activityTaskScheduledEventAttributes ?? {};
      return typeof activityId === 'string' && !ended.has(String(event.eventId)) ? [activityId] : [];
    });
    const last = events.at(-1);
    const decides = last?.workflowTaskScheduledEventAttributes ?? last?.workflowTaskStartedEventAttributes;
    if (!decides && open.length === 1 && open[0] === at) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
