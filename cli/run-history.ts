import { defaultPayloadConverter } from '@temporalio/client';
import type { NodeRef, NodeResult, Outcome, PlanRef } from '../sync/outcome.ts';
import { NO_FACTS, type RunFacts } from './run-progress.ts';
import type { SyncHandle } from './sync-run.ts';

export type HistoryEvents = NonNullable<Awaited<ReturnType<SyncHandle['fetchHistory']>>['events']>;

/** The results of a run's activities of one type, in the order they ended. */
export function activityResults<T>(events: HistoryEvents, type: string): readonly T[] {
  const scheduled = new Set(
    events
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === type)
      .map((event) => String(event.eventId)),
  );
  return events.flatMap(({ activityTaskCompletedEventAttributes: completed }) => {
    const payload = completed?.result?.payloads?.[0];
    if (!payload || !scheduled.has(String(completed?.scheduledEventId))) return [];
    return [defaultPayloadConverter.fromPayload<T>(payload)];
  });
}

/** The nodes of the latest round, and what every node that ended did. */
export function runFacts(events: HistoryEvents): RunFacts {
  const plans = [
    ...activityResults<PlanRef>(events, 'planNodes'),
    ...activityResults<{ readonly nodes: readonly NodeRef[] }>(events, 'planRound'),
  ];
  const planned = plans.at(-1)?.nodes;
  return planned === undefined ? NO_FACTS : { planned, results: activityResults<NodeResult>(events, 'loadNode') };
}

/** The outcome that the run's last act told; undefined: it was not reached. */
export function closingOutcome(events: HistoryEvents): Outcome | undefined {
  return activityResults<Outcome>(events, 'closeRun').at(-1);
}
