import { describe, expect, it } from '@jest/globals';
import type { DagRunOutcome, DagRunView } from '../../../dag/run.ts';
import { dagDetails, dagFailureText } from '../../../workflows/dag-details.ts';

const VIEW: DagRunView = {
  schemaVersion: 1,
  dagId: 'orders_daily',
  workflowId: 'dag/orders_daily-2026-11-25T03:00:00Z',
  runType: 'scheduled',
  interval: { start: '2026-11-24T03:00:00Z', end: '2026-11-25T03:00:00Z' },
  params: {},
  phase: 'running',
  tasks: [
    { taskId: 'arrived', state: 'success', tries: 1, operator: 'partitionSensor', upstream: [] },
    {
      taskId: 'orders',
      state: 'running',
      tries: 1,
      operator: 'syncTable',
      upstream: ['arrived'],
      steps: [
        { step: 'plan nodes', state: 'done', text: '3 selected' },
        { step: 'ensure table', state: '', text: '' },
      ],
    },
  ],
};

const OUTCOME: DagRunOutcome = {
  schemaVersion: 1,
  workflowId: VIEW.workflowId,
  runId: 'r',
  dagId: VIEW.dagId,
  runType: VIEW.runType,
  interval: VIEW.interval,
  outcome: 'failed',
  tasks: { failed: 1 },
  failures: [{ taskId: 'orders', code: 'PARTIAL', message: '2 partitions failed' }],
  startedAt: VIEW.interval.end,
  endedAt: VIEW.interval.end,
  seconds: 0,
};

describe('the current details of a DAG run', () => {
  it('show its interval and its grid, with the steps of a sync below it', () => {
    const text = dagDetails(VIEW, []).replaceAll('&#160;', ' ');
    expect(text.split('\n')).toEqual([
      '**orders\\_daily** 2026-11-24T03:00:00Z to 2026-11-25T03:00:00Z · scheduled',
      '',
      '| task   | state   | operator   |  |',
      '|---|---|---|---|',
      '| arrived   | success   | partitionSensor   |  |',
      '| orders   | running   | syncTable   |  |',
      '| - plan nodes   | done   |  | 3 selected |',
      '| - ensure table   |  |  |  |',
    ]);
  });

  it('keep every value text: no cell, no HTML, no code of it is Markdown', () => {
    const message = 'a | b <script>alert(1)</script> `rm -rf` ![x](http://x) **bold**\n| new | row |';
    const [task] = VIEW.tasks;
    const failed = {
      ...(task as DagRunView['tasks'][number]),
      state: 'failed',
      failure: { code: 'Oops|`', message },
    } as const;
    const text = dagDetails({ ...VIEW, tasks: [failed] }, [`told by <b>others</b> | ${message}`]);
    expect(text).not.toMatch(/<script|<b>|(?<!\\)`|(?<!\\)\*\*bold|(?<!\\)\[x/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(3);
    for (const line of rows) expect(line.split('|')).toHaveLength(6);
  });

  it('say in what phase the run is, what is to be known of it, and how many tasks have no row', () => {
    const [task] = VIEW.tasks;
    const many = Array.from({ length: 30 }, (_, mapIndex) => ({ ...(task as DagRunView['tasks'][number]), mapIndex }));
    const text = dagDetails({ ...VIEW, phase: 'waiting', tasks: many }, ['Tasks have failed.']);
    expect(text).toContain('\n\nTasks have failed.\n\n**waiting**\n\n');
    expect(text).toContain('and 10 more: 10 success');
  });

  it('name the run that stands in the way', () => {
    const other = { state: 'succeeded', workflowId: 'dag/x', runId: 'r1', endedAt: '2026-11-25T04:00:00Z' } as const;
    const text = dagDetails(
      { ...VIEW, tasks: [], phase: 'ended', outcome: { ...OUTCOME, outcome: 'nothing-to-do', other } },
      [],
    );
    expect(text).toContain('**nothing-to-do**');
    expect(text).toContain('This interval has succeeded already: dag/x (run r1), at 2026-11-25T04:00:00Z.');
  });
});

describe('the failure of a DAG run', () => {
  it('tells five failures, how many more there are, and the command that goes on', () => {
    const failures = Array.from({ length: 7 }, (_, mapIndex) => ({
      taskId: 'each',
      mapIndex,
      code: 'X',
      message: 'y',
    }));
    expect(dagFailureText({ ...OUTCOME, failures, tasks: { failed: 7 } }).split('\n')).toEqual([
      'orders_daily, 2026-11-24T03:00:00Z to 2026-11-25T03:00:00Z: failed.',
      ...[0, 1, 2, 3, 4].map((index) => `  each[${index}]: X: y`),
      '  and 2 more',
      'To run them again, and what depends on them: ferry dag clear dag/orders_daily-2026-11-25T03:00:00Z each',
    ]);
  });
});
