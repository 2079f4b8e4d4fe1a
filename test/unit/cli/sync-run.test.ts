import { describe, expect, it } from '@jest/globals';
import {
  ApplicationFailure,
  CancelledFailure,
  defaultPayloadConverter,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/client';
import { closingOutcome, type HistoryEvents, runFacts } from '../../../cli/run-history.ts';
import { NO_FACTS } from '../../../cli/run-progress.ts';
import { endOfFailure } from '../../../cli/sync-run.ts';
import { workerNotice } from '../../../cli/watch-sync.ts';
import { CODES } from '../../../errors/codes.ts';
import type { PauseState } from '../../../workflows/messages.ts';

const outcome = { schemaVersion: 1, outcome: 'partial', partitions: { selected: 2 } };

describe('how a failed run is read', () => {
  it('by the outcome that its failure carries', () => {
    const failure = ApplicationFailure.create({ type: 'PARTIAL', message: 'm', details: [outcome] });
    expect(endOfFailure(failure)).toEqual({ kind: 'outcome', outcome });
  });

  it('by its code where there is no outcome, the hint apart', () => {
    const failure = ApplicationFailure.create({
      type: 'SPEC_INVALID',
      message: `rounds: 0 is not\n${CODES.SPEC_INVALID.hint}`,
    });
    expect(endOfFailure(failure)).toEqual({
      kind: 'error',
      code: 'SPEC_INVALID',
      message: 'rounds: 0 is not',
      stopped: false,
    });
  });

  it.each<[string, Error | undefined, object]>([
    [
      'a type that is no code',
      ApplicationFailure.create({ type: 'toString', message: 'm' }),
      { code: 'INTERNAL', stopped: false },
    ],
    ['no type', ApplicationFailure.create({ message: 'm' }), { code: 'INTERNAL', stopped: false }],
    [
      'details that are no outcome',
      ApplicationFailure.create({ type: 'UNREACHABLE', message: 'm', details: ['x'] }),
      { code: 'UNREACHABLE', stopped: false },
    ],
    ['cancelled', new CancelledFailure('c'), { stopped: true, message: 'The run was cancelled: c' }],
    ['terminated', new TerminatedFailure('by hand'), { stopped: true, message: 'The run was terminated: by hand' }],
    ['timed out', new TimeoutFailure('t', undefined, 'START_TO_CLOSE'), { code: 'DEADLINE', stopped: false }],
    ['nothing', undefined, { code: 'INTERNAL', message: 'The run failed', stopped: false }],
  ])('%s', (_, failure, end) => {
    expect(endOfFailure(failure)).toMatchObject({ kind: 'error', ...end });
  });
});

/** The events of activities that were scheduled in this order and, where they have a result, completed. */
function history(...activities: readonly (readonly [string, unknown?])[]): HistoryEvents {
  return activities.flatMap(([name, result], index) => {
    const eventId = String(index * 2 + 1);
    const scheduled = { eventId, activityTaskScheduledEventAttributes: { activityType: { name } } };
    const payloads = [defaultPayloadConverter.toPayload(result)];
    const completed = {
      eventId: String(index * 2 + 2),
      activityTaskCompletedEventAttributes: { scheduledEventId: eventId, result: { payloads } },
    };
    return result === undefined ? [scheduled] : [scheduled, completed];
  }) as unknown as HistoryEvents;
}

type Update = readonly [name: string, event: 'accepted' | 'completed'];

function updateHistory(updates: readonly Update[]): HistoryEvents {
  const accepted = new Map<string, string>();
  return updates.map(([name, event], index) => {
    const eventId = String(index + 1);
    if (event === 'completed')
      return { eventId, workflowExecutionUpdateCompletedEventAttributes: { acceptedEventId: accepted.get(name) } };
    accepted.set(name, eventId);
    return { eventId, workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: { input: { name } } } };
  }) as unknown as HistoryEvents;
}

describe('what a history tells', () => {
  it('nothing before there is a plan', () => {
    expect(runFacts(history(['resolveInput', {}], ['planNodes']))).toEqual(NO_FACTS);
  });

  it('the nodes of the latest round, and what every ended one did', () => {
    const events = history(
      ['planNodes', { nodes: ['n1', 'n2'] }],
      ['loadNode', 'r1'],
      ['loadNode'],
      ['loadNode', 'r2'],
      ['planRound', { nodes: ['n1-r2'] }],
    );
    expect(runFacts(events)).toEqual({ planned: ['n1-r2'], results: ['r1', 'r2'], pause: 'running' });
  });

  it.each<[string, readonly Update[], PauseState]>([
    ['a pause that was taken', [['pause', 'accepted']], 'pausing'],
    [
      'and took effect',
      [
        ['pause', 'accepted'],
        ['pause', 'completed'],
      ],
      'paused',
    ],
    [
      'and was resumed',
      [
        ['pause', 'accepted'],
        ['pause', 'completed'],
        ['resume', 'accepted'],
        ['resume', 'completed'],
      ],
      'running',
    ],
    [
      'and came again',
      [
        ['pause', 'accepted'],
        ['resume', 'accepted'],
        ['pause', 'completed'],
        ['pause', 'accepted'],
      ],
      'pausing',
    ],
    [
      'a message of another name',
      [
        ['else', 'accepted'],
        ['else', 'completed'],
      ],
      'running',
    ],
  ])('%s', (_, updates, pause) => {
    expect(runFacts(updateHistory(updates)).pause).toBe(pause);
  });

  it('the outcome of a run that was cancelled', () => {
    expect(closingOutcome(history(['planNodes', { nodes: [] }], ['closeRun', outcome]))).toEqual(outcome);
    expect(closingOutcome(history(['planNodes', { nodes: [] }], ['closeRun']))).toBeUndefined();
  });
});

describe('what is said when a run waits for a worker', () => {
  const watched = { temporal: { namespace: 'ferry' }, taskQueue: 'q', workerCommand: 'npx ferry worker' };

  it('at once when nobody asks for work', () => {
    expect(workerNotice(watched, false, 0)).toBe(
      'No worker asks for work on the task queue "q" (namespace ferry); the run waits for one. Start one in another terminal: npx ferry worker',
    );
  });

  it('after a while when those that asked may have gone', () => {
    expect(workerNotice(watched, true, 1_000)).toBeUndefined();
    expect(workerNotice(watched, true, 4_600)).toMatch(/^No worker has taken the run for 5 s .* npx ferry worker$/);
  });
});
