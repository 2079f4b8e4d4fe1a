import { defaultPayloadConverter } from '@temporalio/client';
import type { NodeRef, NodeResult, Outcome, PlanRef } from '../sync/outcome.ts';
import { PAUSE, type PauseState, RESUME } from '../workflows/messages.ts';
import type { RunFacts } from './run-progress.ts';
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

/** The nodes of the latest round, what every node that ended did, and whether the run is paused. */
export function runFacts(events: HistoryEvents): RunFacts {
  const plans = [
    ...activityResults<PlanRef>(events, 'planNodes'),
    ...activityResults<{ readonly nodes: readonly NodeRef[] }>(events, 'planRound'),
  ];
  const results = activityResults<NodeResult>(events, 'loadNode');
  return { planned: plans.at(-1)?.nodes ?? [], results, pause: pauseOf(events) };
}

/** A pause that was taken holds until it is resumed; its update ends when nothing of the run goes on any more. */
function pauseOf(events: HistoryEvents): PauseState {
  let state: PauseState = 'running';
  const pauses = new Set<string>();
  for (const event of events) {
    const name = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name;
    const ended = event.workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId;
    if (name === PAUSE) {
      pauses.add(String(event.eventId));
      if (state === 'running') state = 'pausing';
    } else if (name === RESUME) {
      state = 'running';
    } else if (state === 'pausing' && pauses.has(String(ended))) {
      state = 'paused';
    }
  }
  return state;
}

/** The outcome that the run's last act told; undefined: it was not reached. */
export function closingOutcome(events: HistoryEvents): Outcome | undefined {
  return activityResults<Outcome>(events, 'closeRun').at(-1);
}
