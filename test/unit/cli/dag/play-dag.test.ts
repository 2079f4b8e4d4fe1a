import { describe, expect, it } from '@jest/globals';
import { fakePerform, fakeXcoms, realPerform } from '../../../../cli/dag/perform-task.ts';
import { type Perform, type PlayedTask, playDag } from '../../../../cli/dag/play-dag.ts';
import { playReport } from '../../../../cli/dag/play-report.ts';
import { Interrupted } from '../../../../cli/interrupt.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { chain, dag } from '../../../../dag/dag.ts';
import { activityTask } from '../../../../dag/operators/activity-task.ts';
import { branch } from '../../../../dag/operators/branch.ts';
import { fileSensor } from '../../../../dag/operators/file-sensor.ts';
import { hiveQuery } from '../../../../dag/operators/hive-query.ts';
import { shortCircuit } from '../../../../dag/operators/short-circuit.ts';
import { syncTable } from '../../../../dag/operators/sync-table.ts';
import type { ResolvedDagRun } from '../../../../dag/run.ts';
import type { DagSpec, Json } from '../../../../dag/spec.ts';
import { FerryError } from '../../../../errors/ferry-error.ts';
import type { Outcome } from '../../../../sync/outcome.ts';
import { OUTCOME } from '../../workflows/run-values.ts';
import { day } from './values.ts';

const { signal } = new AbortController();

function runOf(spec: DagSpec): ResolvedDagRun {
  const { dagId, timezone, params } = spec;
  const context = { dagId, runId: 'dag/x', runType: 'manual', interval: day(24), timezone, params } as const;
  return { schemaVersion: 1, workflowId: 'dag/x', runKey: '', runId: '', spec, context, rerun: false };
}

async function play(spec: DagSpec, perform: Perform = fakePerform({})) {
  const told: PlayedTask[] = [];
  const played = await playDag(runOf(spec), perform, (task) => void told.push(task), signal);
  return { ...played, told };
}

const look = (path: string) => fileSensor({ cluster: 'a', path, every: '1m', timeout: '6h' });

describe('playing a DAG', () => {
  it('runs the tasks in order, each with what its templates came to', async () => {
    const spec = dag('d', { params: { region: 'eu' } }, (d) => {
      const arrived = d.task('arrived', look('/in/{{ ds }}/{{ params.region }}'));
      const orders = d.task(
        'orders',
        syncTable({ table: 'sales.orders', source: 'a', target: 'b', where: "dt = '{{ ds }}'" }),
      );
      chain(arrived, orders);
    });
    const { outcome, tasks, told } = await play(spec);
    expect(outcome).toMatchObject({ outcome: 'success', tasks: { success: 2 }, interval: day(24) });
    expect(told.map(({ taskId }) => taskId)).toEqual(['arrived', 'orders']);
    expect(tasks).toMatchObject([
      {
        taskId: 'arrived',
        operator: 'fileSensor',
        state: 'success',
        faked: true,
        input: { path: '/in/2026-11-24/eu' },
      },
      { taskId: 'orders', input: { where: "dt = '2026-11-24'" } },
    ]);
  });

  it('follows branches and short circuits, maps tasks, and hands XComs on', async () => {
    const spec = dag('d', {}, (d) => {
      const list = d.task('list', hiveQuery({ cluster: 'a', query: 'show tables', result: 'column' }));
      const each = d.task('each', look('/in/{{ item }}/{{ map_index }}'), { expand: list });
      const which = d.task(
        'which',
        // biome-ignore lint/suspicious/noThenProperty: the word of a condition, never awaited.
        branch({ when: [{ if: "{{ xcom.list[0] == 'x' }}", then: ['left'] }], else: ['right'] }),
      );
      const left = d.task('left', look('/left'));
      const right = d.task('right', look('/right'));
      const enough = d.task('enough', shortCircuit({ if: '{{ ds == "never" }}' }));
      const later = d.task('later', look('/later'));
      list.then(each);
      list.then(which);
      chain(which, [left, right]);
      chain(enough, later);
    });
    const { tasks } = await play(spec, fakePerform({ list: ['x', 'y'] }));
    const states = tasks.map(({ taskId, mapIndex, state }) =>
      [taskId, mapIndex, state].filter((v) => v !== undefined).join(' '),
    );
    expect(states.sort()).toEqual([
      'each 0 success',
      'each 1 success',
      'enough success',
      'later skipped',
      'left success',
      'list success',
      'right skipped',
      'which success',
    ]);
    expect(tasks.find(({ mapIndex }) => mapIndex === 1)?.input).toMatchObject({ path: '/in/y/1' });
  });

  it('tries a failing task once; what depends on it does not run, the rest does', async () => {
    let calls = 0;
    const spec = dag('d', { defaultArgs: { retries: 3 } }, (d) => {
      const bad = d.task('bad', look('/bad'));
      const below = d.task('below', look('/below'));
      d.task('beside', look('/beside'));
      chain(bad, below);
    });
    const { outcome, tasks } = await play(spec, async (task) => {
      if (task.taskId !== 'bad') return { xcom: null };
      calls += 1;
      throw new FerryError('CHECK_FAILED', 'no rows');
    });
    expect(calls).toBe(1);
    expect(outcome).toMatchObject({ outcome: 'failed', tasks: { failed: 1, upstream_failed: 1, success: 1 } });
    expect(tasks.find(({ taskId }) => taskId === 'bad')).toMatchObject({
      state: 'failed',
      failure: { code: 'CHECK_FAILED', message: 'no rows' },
    });
  });

  it('a template that cannot be rendered fails its task', async () => {
    const spec = dag('d', {}, (d) => {
      const list = d.task('list', hiveQuery({ cluster: 'a', query: 'show tables', result: 'column' }));
      list.then(d.task('uses', look('/in/{{ xcom.list.first.name }}')));
    });
    const { tasks } = await play(spec);
    expect(tasks[1]).toMatchObject({ state: 'failed', failure: { code: 'SPEC_INVALID' } });
    expect(tasks[1]).not.toHaveProperty('input');
  });

  it('rejects with the reason of its signal, when what is at work has ended', async () => {
    const stopping = new AbortController();
    let ended = false;
    const spec = dag('d', {}, (d) => void chain(d.task('one', look('/one')), d.task('two', look('/two'))));
    const playing = playDag(
      runOf(spec),
      async ({ taskId }) => {
        expect(taskId).toBe('one');
        stopping.abort(new Interrupted());
        await new Promise((resolve) => setTimeout(resolve, 20));
        ended = true;
        throw stopping.signal.reason;
      },
      () => {},
      stopping.signal,
    );
    await expect(playing).rejects.toBeInstanceOf(Interrupted);
    expect(ended).toBe(true);
  });
});

describe('a faked task', () => {
  it('still has its rendered input checked by its operator', async () => {
    const spec = dag('d', { params: { every: 'soon' } }, (d) => {
      d.task('t', fileSensor({ cluster: 'a', path: '/x', every: '{{ params.every }}' }));
    });
    const { tasks } = await play(spec);
    expect(tasks[0]).toMatchObject({ state: 'failed', failure: { message: expect.stringContaining('every: "soon"') } });
  });

  it('gives the XCom that is said for it', () => {
    expect(fakeXcoms(['list=["a"]', 'name=plain', 'flag=true'])).toEqual({ list: ['a'], name: 'plain', flag: true });
    expect(() => fakeXcoms(['list'])).toThrow('--xcom: "list" is not task=value');
  });
});

describe('a task that is done for real', () => {
  const asked: string[] = [];
  const tasks = (outcome: Outcome) => ({
    sync: async () => outcome,
    call: async (activity: string, input: Json) => {
      asked.push(activity);
      return { seen: input };
    },
  });
  const sync = dag('d', {}, (d) => void d.task('t', syncTable({ table: 'sales.orders', source: 'a', target: 'b' })));

  it('of an operator is its activity; of an activity of the user it is faked', async () => {
    const spec = dag('d', {}, (d) => {
      d.task('own', activityTask({ activity: 'tellSlack', input: { day: '{{ ds }}' } }));
      d.task('sensor', look('/x'));
    });
    const played = await play(spec, realPerform(tasks(OUTCOME), { own: 'told' }, signal));
    expect(asked).toEqual(['fileSensor']);
    expect(played.tasks).toMatchObject([
      { taskId: 'own', faked: true, xcom: 'told', input: { day: '2026-11-24' } },
      { taskId: 'sensor', xcom: { seen: { path: '/x' } } },
    ]);
    expect(played.tasks[1]).not.toHaveProperty('faked');
  });

  it('of a sync that is not whole fails with why', async () => {
    const failure = { partition: 'dt=1', code: 'SOURCE_ABSENT', message: 'gone', hint: '' } as const;
    const partial: Outcome = { ...OUTCOME, outcome: 'partial', failures: [failure] };
    const { tasks: ended } = await play(sync, realPerform(tasks(partial), {}, signal));
    expect(ended[0]?.failure).toEqual({
      code: 'SOURCE_ABSENT',
      message: 'the sync ended as partial: dt=1: SOURCE_ABSENT: gone',
    });
  });

  it('of a sync that is whole gives its summary', async () => {
    const { tasks: ended } = await play(sync, realPerform(tasks(OUTCOME), {}, signal));
    expect(ended[0]?.xcom).toMatchObject({ outcome: 'complete', files: { copied: 24 } });
    expect(ended[0]?.xcom).not.toHaveProperty('nodes');
  });
});

it('the report of a test shows each input, a field a line', async () => {
  const spec = dag('d', {}, (d) => void d.task('t', look('/in/{{ ds }}')));
  const layout = { columns: 80, colors: colorsFor(false, {}), program: 'ferry' };
  expect(playReport(await play(spec), layout).split('\n')).toEqual([
    'd  2026-11-24T00:00:00Z to 2026-11-25T00:00:00Z  success: 1 success',
    '✓ t  fileSensor  success (faked)',
    '    cluster: "a"',
    '    path: "/in/2026-11-24"',
    '    every: "1m"',
    '    timeout: "6h"',
  ]);
});
