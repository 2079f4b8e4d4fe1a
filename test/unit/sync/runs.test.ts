import { describe, expect, it } from '@jest/globals';
import { isClosed, isOpenStatus, type LatestExecution, type RunState, stateOfRun } from '../../../sync/runs.ts';

describe('the state of a run, by the latest execution under its workflow id', () => {
  it.each<[string, LatestExecution | undefined, RunState]>([
    ['nothing is known of the id', undefined, 'unknown'],
    ['it runs', { running: true, runId: 'k', firstRunId: 'k' }, 'open'],
    ['it was reset and goes on', { running: true, runId: 'r2', firstRunId: 'k' }, 'open'],
    ['a later run has the id', { running: true, runId: 'r2', firstRunId: 'r2' }, 'closed'],
    ['a server that tells no first run', { running: true, runId: 'r2' }, 'open'],
    ['it has ended', { running: false, runId: 'k', firstRunId: 'k' }, 'closed'],
    ['a later run has ended too', { running: false, runId: 'r2', firstRunId: 'r2' }, 'closed'],
  ])('%s', (_, latest, state) => {
    expect(stateOfRun({ workflowId: 'w', runKey: 'k' }, latest)).toBe(state);
  });
});

describe('a status of Temporal is that of an open run', () => {
  it.each<[string, boolean]>([
    ['RUNNING', true],
    ['PAUSED', true],
    ['UNSPECIFIED', true],
    ['UNKNOWN', true],
    ['A_STATUS_OF_A_LATER_SERVER', true],
    ['COMPLETED', false],
    ['FAILED', false],
    ['CANCELLED', false],
    ['CANCELED', false],
    ['TERMINATED', false],
    ['TIMED_OUT', false],
    ['CONTINUED_AS_NEW', false],
  ])('%s: %s', (name, open) => {
    expect(isOpenStatus(name)).toBe(open);
  });
});

describe('a run is taken as ended', () => {
  const now = new Date('2026-11-26T12:00:00Z');

  it.each<[RunState, string, boolean]>([
    ['closed', '2026-11-26T11:59:59Z', true],
    ['open', '2026-01-01T00:00:00Z', false],
    ['unknown', '2026-11-19T12:00:01Z', false],
    ['unknown', '2026-11-19T11:59:59Z', true],
  ])('%s, begun at %s: %s', (state, begunAt, closed) => {
    expect(isClosed(state, begunAt, now)).toBe(closed);
  });
});
