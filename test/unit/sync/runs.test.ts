import { describe, expect, it } from '@jest/globals';
import { isClosed, type LatestExecution, type RunState, stateOfRun } from '../../../sync/runs.ts';

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
