import { describe, expect, it } from '@jest/globals';
import type { ContinuedRun, TaskProgress } from '../../../dag/run.ts';
import {
  branchSkips,
  clearProblems,
  initialState,
  MAX_MAP_LENGTH,
  type SchedulableDag,
  type SchedulerEvent,
  type SchedulerState,
  shortCircuitSkips,
  step,
  upstreamOf,
  verdict,
} from '../../../dag/scheduler.ts';

type Task = SchedulableDag['tasks'][number];

function task(taskId: string, upstream: readonly string[] = [], over: Partial<Task> = {}): Task {
  return { taskId, upstream, triggerRule: 'all_success', ...over };
}

function dagOf(...tasks: readonly Task[]): SchedulableDag {
  return { maxActiveTasks: 16, tasks };
}

const BEGUN: SchedulerEvent = { kind: 'begun' };
const ok = (
  taskId: string,
  more: { items?: number; skips?: readonly string[]; mapIndex?: number } = {},
): SchedulerEvent => ({
  kind: 'succeeded',
  taskId,
  ...more,
});
const failed = (taskId: string, mapIndex?: number): SchedulerEvent => ({
  kind: 'failed',
  taskId,
  ...(mapIndex === undefined ? {} : { mapIndex }),
});

/** The state after these events, and the tasks that each of them started. */
function ran(
  dag: SchedulableDag,
  ...events: readonly SchedulerEvent[]
): { state: SchedulerState; started: string[][] } {
  let state = initialState(dag);
  const started: string[][] = [];
  for (const event of events) {
    const next = step(dag, state, event);
    state = next.state;
    started.push(
      next.starts.map(({ taskId, mapIndex }) => (mapIndex === undefined ? taskId : `${taskId}[${mapIndex}]`)),
    );
  }
  return { state, started };
}

function states({ state }: { state: SchedulerState }): Record<string, string> {
  return Object.fromEntries(Object.entries(state.tasks).map(([taskId, { state: each }]) => [taskId, each]));
}

describe('a failure', () => {
  const dag = dagOf(task('a'), task('b', ['a']), task('c', ['b']), task('d', ['c'], { triggerRule: 'all_done' }));

  it('spreads as upstream_failed at once, as far as the rules let it', () => {
    const run = ran(dag, BEGUN, failed('a'));
    expect(states(run)).toEqual({ a: 'failed', b: 'upstream_failed', c: 'upstream_failed', d: 'running' });
    expect(run.started).toEqual([['a'], ['d']]);
  });

  it('fails the run only where a task that nothing depends on has failed, as in Airflow', () => {
    expect(verdict(dag, ran(dag, BEGUN, failed('a')).state)).toBeUndefined();
    expect(verdict(dag, ran(dag, BEGUN, failed('a'), ok('d')).state)).toBe('success');
    expect(verdict(dag, ran(dag, BEGUN, failed('a'), failed('d')).state)).toBe('failed');
  });
});

describe('a branch', () => {
  // The example of Airflow's documentation: one chosen way, a task below the other one, and a join.
  const dag = dagOf(
    task('branch'),
    task('left', ['branch']),
    task('right', ['branch']),
    task('below_right', ['right']),
    task('join', ['left', 'below_right'], { triggerRule: 'none_failed_min_one_success' }),
  );

  it('skips what it did not choose; skipped spreads to what needs it, and not past a rule that allows it', () => {
    const skips = branchSkips(dag, 'branch', ['left']);
    expect(skips).toEqual(['right']);
    const run = ran(dag, BEGUN, ok('branch', { skips }), ok('left'), ok('join'));
    expect(states(run)).toEqual({
      branch: 'success',
      left: 'success',
      right: 'skipped',
      below_right: 'skipped',
      join: 'success',
    });
    expect(verdict(dag, run.state)).toBe('success');
  });

  it('does not skip a task directly below it that also depends on a chosen one', () => {
    const crossed = dagOf(task('branch'), task('left', ['branch']), task('join', ['branch', 'left']));
    expect(branchSkips(crossed, 'branch', ['left'])).toEqual([]);
    expect(branchSkips(crossed, 'branch', ['join'])).toEqual(['left']);
    expect(branchSkips(crossed, 'branch', [])).toEqual(['left', 'join']);
  });

  it('skips a task whatever its rule says', () => {
    const always = dagOf(task('a'), task('branch', ['a']), task('x', ['branch'], { triggerRule: 'all_done' }));
    expect(states(ran(always, BEGUN, ok('a'), ok('branch', { skips: ['x'] })))).toEqual({
      a: 'success',
      branch: 'success',
      x: 'skipped',
    });
  });

  it('decides anew when it is cleared, and holds when only a task that it skipped is', () => {
    const run = [BEGUN, ok('branch', { skips: ['right'] }), ok('left'), ok('join')];
    const skipped = ran(dag, ...run, { kind: 'cleared', tasks: ['right'] });
    expect(states(skipped)).toMatchObject({ right: 'skipped', below_right: 'skipped', join: 'running' });
    const anew = ran(dag, ...run, { kind: 'cleared', tasks: ['branch'] }, ok('branch', { skips: ['left'] }));
    expect(states(anew)).toMatchObject({ left: 'skipped', right: 'running' });
  });
});

describe('a short circuit', () => {
  it('skips all that depends on it, whatever the rules say', () => {
    const dag = dagOf(
      task('other'),
      task('gate'),
      task('x', ['gate']),
      task('y', ['x', 'other'], { triggerRule: 'all_done' }),
      task('z', ['other']),
    );
    const skips = shortCircuitSkips(dag, 'gate');
    expect(skips).toEqual(['x', 'y']);
    const run = ran(dag, BEGUN, ok('gate', { skips }), ok('other'), ok('z'));
    expect(states(run)).toEqual({ other: 'success', gate: 'success', x: 'skipped', y: 'skipped', z: 'success' });
  });
});

describe('a mapped task', () => {
  const over = { over: { xcom: 'list' } };
  const dag = dagOf(task('list'), task('each', ['list'], { expand: over }), task('end', ['each']));

  it('has an instance for each item of the list of its upstream task', () => {
    const run = ran(
      dag,
      BEGUN,
      ok('list', { items: 3 }),
      ok('each', { mapIndex: 1 }),
      ok('each', { mapIndex: 0 }),
      ok('each', { mapIndex: 2 }),
    );
    expect(run.started).toEqual([['list'], ['each[0]', 'each[1]', 'each[2]'], [], [], ['end']]);
    expect(run.state.tasks.each).toEqual({ state: 'success', instances: ['success', 'success', 'success'], items: 3 });
  });

  it('starts no more of them at once than tasks may run', () => {
    const narrow = { ...dag, maxActiveTasks: 2 };
    const run = ran(narrow, BEGUN, ok('list', { items: 3 }), ok('each', { mapIndex: 1 }));
    expect(run.started).toEqual([['list'], ['each[0]', 'each[1]'], ['each[2]']]);
  });

  it('fails with one of its instances; the others go on', () => {
    const run = ran(dag, BEGUN, ok('list', { items: 2 }), failed('each', 0));
    expect(states(run)).toEqual({ list: 'success', each: 'running', end: 'upstream_failed' });
    expect(states({ state: step(dag, run.state, ok('each', { mapIndex: 1 })).state }).each).toBe('failed');
  });

  it('counts each instance for the rules below it, as Airflow does', () => {
    const rules = dagOf(
      task('each', [], { expand: { over: ['x', 'y'] } }),
      task('any', ['each'], { triggerRule: 'one_success' }),
      task('none', ['each'], { triggerRule: 'all_failed' }),
    );
    const run = ran(rules, BEGUN, failed('each', 0), ok('each', { mapIndex: 1 }));
    expect(states(run)).toEqual({ each: 'failed', any: 'running', none: 'skipped' });
  });

  it('maps over the results of another mapped task', () => {
    const two = dagOf(
      task('a', [], { expand: { over: ['x', 'y'] } }),
      task('b', ['a'], { expand: { over: { xcom: 'a' } } }),
    );
    expect(ran(two, BEGUN, ok('a', { mapIndex: 0 }), ok('a', { mapIndex: 1 })).started.at(-1)).toEqual([
      'b[0]',
      'b[1]',
    ]);
  });

  type Case = {
    readonly name: string;
    readonly dag: SchedulableDag;
    readonly events: readonly SchedulerEvent[];
    readonly end: TaskProgress;
  };
  const CASES: readonly Case[] = [
    { name: 'an empty list: skipped', dag, events: [ok('list', { items: 0 })], end: { state: 'skipped' } },
    {
      name: 'no list: failed',
      dag,
      events: [ok('list')],
      end: { state: 'failed', reason: 'the XCom it is mapped over is not a list' },
    },
    {
      name: 'too long a list: failed',
      dag,
      events: [ok('list', { items: MAX_MAP_LENGTH + 1 })],
      end: { state: 'failed', reason: 'it is mapped over 1025 items, and at most 1024 are allowed' },
    },
    {
      name: 'a list whose task failed, under a rule that allows it: upstream_failed',
      dag: dagOf(task('list'), task('each', ['list'], { expand: over, triggerRule: 'all_done' })),
      events: [failed('list')],
      end: { state: 'upstream_failed' },
    },
    {
      name: 'a list whose task was skipped, under a rule that allows it: skipped',
      dag: dagOf(
        task('gate'),
        task('list', ['gate']),
        task('each', ['list'], { expand: over, triggerRule: 'all_done' }),
      ),
      events: [ok('gate', { skips: ['list'] })],
      end: { state: 'skipped' },
    },
    {
      name: 'a rule that holds before the list is there: waits for it',
      dag: dagOf(task('list'), task('each', ['list'], { expand: over, triggerRule: 'always' })),
      events: [],
      end: { state: 'none' },
    },
  ];

  it.each(CASES)('over $name', ({ dag: each, events, end }) => {
    expect(ran(each, BEGUN, ...events).state.tasks.each).toEqual(end);
  });
});

describe('a clear', () => {
  const dag = dagOf(task('a'), task('b', ['a']), task('c', ['b']), task('d'));
  const run = ran(dag, BEGUN, ok('a'), failed('b'));

  it('runs tasks again with what depends on them; downstream: false only them', () => {
    expect(states({ state: step(dag, run.state, { kind: 'cleared', tasks: ['b'] }).state })).toMatchObject({
      a: 'success',
      b: 'running',
      c: 'none',
    });
    const alone = step(dag, run.state, { kind: 'cleared', tasks: ['b'], downstream: false });
    expect(states({ state: alone.state })).toMatchObject({ b: 'running', c: 'upstream_failed' });
  });

  it('is refused for tasks that are not there or run, and for none', () => {
    expect(clearProblems(dag, run.state, { tasks: ['b'] })).toEqual([]);
    expect(clearProblems(dag, run.state, { tasks: [] })).toEqual(['tasks: name at least one']);
    expect(clearProblems(dag, run.state, { tasks: ['x'] })).toEqual(['x: the DAG has no such task']);
    expect(clearProblems(dag, run.state, { tasks: ['d'] })).toEqual([
      'd: is running; clear it when it has ended, or cancel the run',
    ]);
  });
});

describe('a run that continues another one', () => {
  const dag = dagOf(
    task('a'),
    task('list', ['a']),
    task('each', ['list'], { expand: { over: { xcom: 'list' } } }),
    task('end', ['each']),
  );
  const from = { workflowId: 'dag/orders-1', runKey: 'r' };
  const tasks: ContinuedRun['tasks'] = [
    { taskId: 'a', state: 'success', xcom: 7 },
    { taskId: 'list', state: 'success', items: 2, xcom: ['x', 'y'] },
    { taskId: 'each', state: 'failed', instances: ['success', 'failed'] },
    { taskId: 'end', state: 'upstream_failed' },
    { taskId: 'gone', state: 'success' },
  ];

  it('takes over what succeeded and decides the rest anew', () => {
    const next = step(dag, initialState(dag, { from, tasks }), BEGUN);
    expect(next.starts).toEqual([
      { taskId: 'each', mapIndex: 0 },
      { taskId: 'each', mapIndex: 1 },
    ]);
    expect(states(next)).toEqual({ a: 'success', list: 'success', each: 'running', end: 'none' });
  });

  it('runs again what is cleared', () => {
    const next = step(dag, initialState(dag, { from, tasks, clear: { tasks: ['list'] } }), BEGUN);
    expect(next.starts).toEqual([{ taskId: 'list' }]);
  });
});

describe('the scheduler', () => {
  const dag = dagOf(task('a'), task('b', ['a']), task('c', ['a']), task('d', ['b']));

  it('knows all that a task depends on', () => {
    expect(upstreamOf(dag, 'd')).toEqual(['a', 'b']);
    expect(upstreamOf(dag, 'a')).toEqual([]);
  });

  it('takes the end of a task that does not run for a fault', () => {
    expect(() => ran(dag, BEGUN, ok('b'))).toThrow('b has ended, but it did not run: none');
    expect(() => ran(dag, BEGUN, ok('x'))).toThrow('the DAG has no task x');
  });
});
