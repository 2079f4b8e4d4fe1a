import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DagRunOutcome, DagRunView } from '../../dag/run.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { choose, dagSpec, sync, work } from './dag-spec.ts';
import { type DagStage, openDagStage, until } from './dag-stage.ts';
import { endOf, untilStarted } from './run-end.ts';
import type { Handle } from './test-environment.ts';

let stage: DagStage;
beforeAll(async () => {
  stage = await openDagStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

async function start(spec: DagSpec, more: object = {}): Promise<Handle> {
  return await stage.start('runDag', `dag/${spec.dagId}`, { spec, interval: '2026-11-24', ...more });
}

async function ended(handle: Handle) {
  return await endOf<DagRunOutcome>(handle);
}

async function viewOf(handle: Handle): Promise<DagRunView> {
  return await handle.query<DagRunView, []>('state');
}

async function states(handle: Handle): Promise<Record<string, string>> {
  const { tasks } = await viewOf(handle);
  return Object.fromEntries(
    tasks.map(({ taskId, mapIndex, state }) => [mapIndex === undefined ? taskId : `${taskId}[${mapIndex}]`, state]),
  );
}

async function detailsOf(handle: Handle): Promise<string> {
  return (await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata')).currentDetails;
}

function childOf(handle: Handle, taskId: string): Handle {
  return stage.environment.client.workflow.getHandle(`${handle.workflowId}/${taskId}`) as Handle;
}

async function untilPhase(handle: Handle, phase: DagRunView['phase']): Promise<void> {
  await until(async () => (await viewOf(handle).catch(() => undefined))?.phase === phase);
}

describe('runDag', () => {
  it('runs the tasks in order, hands XComs on, and tells how it ended', async () => {
    const spec = dagSpec('plain', [
      work('a', [], { give: { rows: 7 } }),
      sync('orders', ['a']),
      work('b', ['a', 'orders'], { uses: 'a, orders' }),
    ]);
    const handle = await start(spec);
    expect(await ended(handle)).toMatchObject({
      kind: 'returned',
      outcome: {
        outcome: 'success',
        dagId: 'plain',
        tasks: { success: 3 },
        failures: [],
        interval: { start: '2026-11-24T00:00:00Z' },
      },
    });
    expect(stage.world.worked.find(({ activityId }) => activityId === 'b')?.input).toMatchObject({
      xcom: { a: { rows: 7 }, orders: { outcome: 'complete', workflowId: 'dag/plain/orders' } },
    });
    expect(stage.world.records.at(-1)).toMatchObject({
      outcome: { outcome: 'success' },
      tasks: ['a', 'orders', 'b'].map((taskId) => ({ taskId, state: 'success' })),
    });
    const steps = (await viewOf(handle)).tasks.find(({ taskId }) => taskId === 'orders')?.steps;
    expect(steps?.map(({ step, state }) => [step, state])).toEqual([
      ['plan nodes', 'done'],
      ['ensure table', 'done'],
      ['load and write', 'done'],
      ['refresh metadata', 'done'],
    ]);
    expect(await detailsOf(handle)).toContain('**success**');
  });

  it('refuses a wrong input with its whole list of problems as the message', async () => {
    const handle = await stage.start('runDag', 'dag/unknown', { dag: 'unknown' });
    expect(await ended(handle)).toEqual({
      kind: 'SPEC_INVALID',
      message: expect.stringContaining('there is no DAG "unknown"'),
      outcome: undefined,
    });
  });

  it('does not take a state from whoever starts it', async () => {
    const handle = await stage.start('runDag', 'dag/forged', { carried: { run: { spec: dagSpec('forged', []) } } });
    expect((await ended(handle)).kind).toBe('SPEC_INVALID');
  });

  it('fails with the tasks that failed and the command that runs them again; what does not depend on them runs', async () => {
    const spec = dagSpec('failing', [work('a', [], { do: 'fail' }), work('b'), work('c', ['a'])]);
    const { kind, message, outcome } = await ended(await start(spec));
    expect(kind).toBe('FAILED');
    expect(message).toBe(
      [
        'failing, 2026-11-24T00:00:00Z to 2026-11-25T00:00:00Z: failed.',
        '  a: NoLuck: a has no luck',
        'To run them again, and what depends on them: ferry dag clear dag/failing a',
      ].join('\n'),
    );
    expect(outcome).toMatchObject({
      outcome: 'failed',
      tasks: { failed: 1, upstream_failed: 1, success: 1 },
      failures: [{ taskId: 'a', code: 'NoLuck', message: 'a has no luck' }],
    });
  });

  it('tries a task again as often as it says, with its delay and back-off', async () => {
    const retried = { retries: 3, retryDelaySeconds: 60, retryBackoff: 4, maxRetryDelaySeconds: 600 };
    const handle = await start(dagSpec('retried', [work('a', [], { do: 'fail' }, retried)]));
    expect((await ended(handle)).kind).toBe('FAILED');
    expect(stage.world.workOf('dag/retried')).toEqual(['a', 'a/try-2', 'a/try-3', 'a/try-4']);
    const { events } = await handle.fetchHistory();
    const delays = (events ?? []).flatMap(
      (event) => event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? [],
    );
    expect(delays.map(Number)).toEqual([60, 240, 600]);
    expect((await viewOf(handle)).tasks).toMatchObject([{ state: 'failed', tries: 4 }]);
  });

  it('succeeds when a later try does', async () => {
    stage.world.failing.add('flaky');
    const handle = await start(dagSpec('flaky-run', [work('flaky', [], {}, { retries: 1 })]));
    expect((await ended(handle)).kind).toBe('returned');
    expect((await viewOf(handle)).tasks).toMatchObject([{ state: 'success', tries: 2 }]);
    expect((await viewOf(handle)).tasks[0]).not.toHaveProperty('failure');
  });

  it('ends a try at its execution timeout: of an activity, and of a sync, which ends as cancelled', async () => {
    const limit = { executionTimeoutSeconds: 2 };
    const handle = await start(dagSpec('late', [sync('hanging', [], limit), work('held', [], { do: 'hold' }, limit)]));
    expect((await ended(handle)).outcome?.failures).toMatchObject([
      { taskId: 'hanging', code: 'DEADLINE', message: 'it took longer than its execution timeout of 2 s' },
      { taskId: 'held', code: 'DEADLINE' },
    ]);
    expect((await childOf(handle, 'hanging').describe()).status.name).toBe('CANCELLED');
  });

  it('follows a branch, and skips what a short circuit says', async () => {
    const spec = dagSpec('choosing', [
      choose('which', [], ['left']),
      choose('enough', [], false),
      work('left', ['which']),
      work('right', ['which']),
      work('later', ['enough']),
      work('join', ['left', 'right'], {}, { triggerRule: 'none_failed_min_one_success' }),
    ]);
    const handle = await start(spec);
    expect((await ended(handle)).kind).toBe('returned');
    expect(await states(handle)).toEqual({
      which: 'success',
      enough: 'success',
      left: 'success',
      right: 'skipped',
      later: 'skipped',
      join: 'success',
    });
    expect(stage.world.workOf('dag/choosing')).toEqual(['left', 'join']);
  });

  it('fails a branch that chose what is not directly below it', async () => {
    const spec = dagSpec('lost', [choose('which', [], ['below']), work('left', ['which']), work('below', ['left'])]);
    expect((await ended(await start(spec))).outcome?.failures).toMatchObject([
      { taskId: 'which', code: 'SPEC_INVALID', message: 'it chose below; directly below it are left' },
    ]);
  });

  it('maps a task over an upstream list; a task below it sees the list of what they gave', async () => {
    const spec = dagSpec(
      'mapped',
      [
        work('list', [], { give: ['x', 'y', 'z'] }),
        work('each', ['list'], { give: 1, of: 'list' }, { expand: { over: { xcom: 'list' } } }),
        sync('tables', ['list'], { expand: { over: { xcom: 'list' } } }),
        work('end', ['each', 'tables'], { uses: 'each' }),
        work('none', [], {}, { expand: { over: [] } }),
      ],
      { maxActiveTasks: 2 },
    );
    const handle = await start(spec);
    expect((await ended(handle)).outcome).toMatchObject({ outcome: 'success', tasks: { success: 8, skipped: 1 } });
    const inputs = stage.world.worked.filter(({ workflowId }) => workflowId === 'dag/mapped');
    expect(
      inputs
        .filter(({ activityId }) => activityId.startsWith('each/'))
        .map(({ input }) => input.item)
        .sort(),
    ).toEqual(['x', 'y', 'z']);
    expect(inputs.at(-1)).toMatchObject({ activityId: 'end', input: { xcom: { each: [1, 1, 1] } } });
    const children = (await viewOf(handle)).tasks.flatMap(({ child }) => child?.workflowId ?? []);
    expect(children).toEqual(['dag/mapped/tables/0', 'dag/mapped/tables/1', 'dag/mapped/tables/2']);
  });

  it('case 52: a cancelled run waits for what it started, is recorded and told, and shows as cancelled, not as failed', async () => {
    const spec = dagSpec('cancelled', [work('a'), sync('hanging', ['a']), work('b', ['hanging'])], {
      onEnd: { activity: 'hook', input: 'pager' },
    });
    const handle = await start(spec);
    await until(async () =>
      JSON.stringify(await viewOf(handle).catch(() => '')).includes('"state":"running","text":"round 1'),
    );
    await untilStarted(childOf(handle, 'hanging'), 'load-2');
    await handle.cancel();
    expect((await ended(handle)).kind).toBe('cancelled');
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect((await childOf(handle, 'hanging').describe()).status.name).toBe('CANCELLED');
    expect(await states(handle)).toEqual({ a: 'success', hanging: 'cancelled', b: 'cancelled' });
    expect(stage.world.records.at(-1)).toMatchObject({
      outcome: { outcome: 'cancelled', dagId: 'cancelled', failures: [] },
    });
    expect(stage.world.told.at(-1)).toMatchObject({
      input: 'pager',
      waiting: false,
      outcome: { outcome: 'cancelled' },
    });
    await until(async () => (await gateOf(stage, 'cancelled')).holders.length === 0);
  });

  it('refuses a clear, a pause and a resume while it is being cancelled: what had succeeded stays so', async () => {
    stage.world.held.add('stubborn');
    const action = { kind: 'activity', operator: 'partitionSensor', activity: 'stubborn', input: {} } as const;
    const handle = await start(dagSpec('dying', [work('a'), { ...work('stubborn', ['a']), action }]));
    await untilStarted(handle, 'stubborn');
    await handle.cancel();
    await until(async () =>
      JSON.stringify((await handle.fetchHistory()).events).includes('activityTaskCancelRequested'),
    );
    const refused = { cause: { type: 'RUN_CLOSED', message: 'the run is being cancelled' } };
    await expect(handle.executeUpdate('clear', { args: [{ tasks: ['a'], downstream: false }] })).rejects.toMatchObject(
      refused,
    );
    for (const name of ['pause', 'resume']) await expect(handle.executeUpdate(name)).rejects.toMatchObject(refused);
    stage.world.held.clear();
    expect((await ended(handle)).kind).toBe('returned');
    expect(await states(handle)).toEqual({ a: 'success', stubborn: 'success' });
  });

  it('starts nothing while it is paused, and goes on when it is resumed', async () => {
    stage.world.held.add('first');
    const handle = await start(dagSpec('paused', [work('first'), work('second', ['first'])]));
    await until(() => stage.world.workOf('dag/paused').includes('first'));
    expect(await handle.executeUpdate('pause')).toBe('paused');
    stage.world.held.delete('first');
    await until(async () => (await states(handle)).second === 'scheduled');
    expect(await states(handle)).toEqual({ first: 'success', second: 'scheduled' });
    expect(await handle.executeUpdate('resume')).toBe('running');
    expect((await ended(handle)).kind).toBe('returned');
    expect(stage.world.workOf('dag/paused')).toEqual(['first', 'second']);
  });

  it('runs a cleared task and what depends on it again, and not the finished ones', async () => {
    stage.world.failing.add('bad').add('hold');
    stage.world.held.add('hold');
    const spec = dagSpec('cleared', [work('good'), work('hold'), work('bad', ['good']), work('below', ['bad'])]);
    const handle = await start(spec);
    await until(async () => (await states(handle).catch(() => ({}) as Record<string, string>)).bad === 'failed');
    stage.world.failing.clear();
    await expect(handle.executeUpdate('clear', { args: [{ tasks: ['hold'] }] })).rejects.toMatchObject({
      cause: { message: 'hold: is running; clear it when it has ended, or cancel the run' },
    });
    await expect(handle.executeUpdate('clear', { args: ['bad'] })).rejects.toMatchObject({
      cause: { message: 'tasks: must be a list of task ids' },
    });
    expect(await handle.executeUpdate('clear', { args: [{ tasks: ['bad'] }] })).toEqual(['bad', 'below']);
    stage.world.held.clear();
    expect((await ended(handle)).outcome).toMatchObject({ outcome: 'success', tasks: { success: 4 } });
    expect([...stage.world.workOf('dag/cleared')].sort()).toEqual(['bad', 'bad', 'below', 'good', 'hold']);
  });

  it('with onFailure "wait" stays open, gives its slot back, tells who waits, and goes on when it is cleared', async () => {
    stage.world.failing.add('unlucky');
    const spec = dagSpec('waiting', [work('lucky'), work('unlucky', ['lucky'])], {
      onFailure: 'wait',
      maxActiveRuns: 1,
      onEnd: { activity: 'hook', input: 'pager' },
    });
    const handle = await start(spec);
    await untilPhase(handle, 'waiting');
    await until(async () => (await gateOf(stage, 'waiting')).parked.length === 1);
    expect(await detailsOf(handle)).toContain('The run waits for them to be cleared');
    expect(stage.world.told.at(-1)).toMatchObject({ waiting: true, outcome: { outcome: 'failed', dagId: 'waiting' } });
    const other = await stage.start('runDag', 'dag/waiting-other', { spec, interval: '2026-11-24' });
    expect((await ended(other)).outcome).toMatchObject({
      outcome: 'nothing-to-do',
      other: { state: 'running', workflowId: 'dag/waiting' },
    });
    const next = await stage.start('runDag', 'dag/waiting-next', {
      spec: { ...spec, tasks: [work('x')] },
      interval: '2026-11-23',
    });
    expect((await ended(next)).kind).toBe('returned');
    stage.world.failing.clear();
    await handle.executeUpdate('clear', { args: [{ tasks: ['unlucky'] }] });
    expect((await ended(handle)).kind).toBe('returned');
    expect(stage.world.workOf('dag/waiting')).toEqual(['lucky', 'unlucky', 'unlucky']);
  });

  it('a new run takes over what a closed one has finished', async () => {
    stage.world.failing.add('late');
    const spec = dagSpec('continued', [
      work('early', [], { give: ['x'] }),
      work('late', ['early'], { uses: 'early' }, { expand: { over: { xcom: 'early' } } }),
    ]);
    const first = await start(spec);
    stage.world.failing.add('late/0');
    expect((await ended(first)).kind).toBe('FAILED');
    stage.world.failing.clear();
    const tasks = await first.query('finished');
    const continued = { from: { workflowId: first.workflowId, runKey: 'first' }, tasks };
    const again = await stage.start('runDag', 'dag/continued', { spec, interval: '2026-11-24', continued });
    expect((await ended(again)).outcome).toMatchObject({ outcome: 'success', tasks: { success: 2 } });
    expect(stage.world.workOf('dag/continued')).toEqual(['early', 'late/0', 'late/0']);
    expect(stage.world.worked.at(-1)?.input).toMatchObject({ item: 'x', xcom: { early: ['x'] } });
  });

  it('an interval that has succeeded starts no task and names its run; rerun: true runs it', async () => {
    const spec = dagSpec('twice', [work('a')]);
    await ended(await start(spec));
    const again = await start(spec);
    expect((await ended(again)).outcome).toMatchObject({
      outcome: 'nothing-to-do',
      other: { state: 'succeeded', workflowId: 'dag/twice' },
      tasks: {},
    });
    expect(await detailsOf(again)).toContain('This interval has succeeded already: dag/twice');
    expect(stage.world.workOf('dag/twice')).toEqual(['a']);
    await ended(await start(spec, { rerun: true }));
    expect(stage.world.workOf('dag/twice')).toEqual(['a', 'a']);
  });
});

type Gate = { readonly holders: readonly unknown[]; readonly parked: readonly unknown[] };

async function gateOf({ environment }: DagStage, dagId: string): Promise<Gate> {
  return await environment.client.workflow.getHandle(`dag-gate/${dagId}`).query<Gate, []>('state');
}
