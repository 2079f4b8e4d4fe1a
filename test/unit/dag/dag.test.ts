import { describe, expect, it } from '@jest/globals';
import { chain, type DagBuilder, type DagOptions, dag, type Task } from '../../../dag/dag.ts';
import { activityTask } from '../../../dag/operators/activity-task.ts';
import { branch } from '../../../dag/operators/branch.ts';
import { hiveQuery } from '../../../dag/operators/hive-query.ts';
import { shortCircuit } from '../../../dag/operators/short-circuit.ts';
import { syncTable } from '../../../dag/operators/sync-table.ts';
import { verifyTable } from '../../../dag/operators/verify-table.ts';
import { isFerryError } from '../../../errors/ferry-error.ts';
import { ordersDaily } from './orders-daily.ts';

const noop = () => activityTask({ activity: 'noop' });

/** The edges of a DAG, as 'a -> b'. */
function edges(build: (d: DagBuilder) => void): readonly string[] {
  return dag('d', {}, build).tasks.flatMap(({ taskId, upstream }) => upstream.map((each) => `${each} -> ${taskId}`));
}

function problems(options: DagOptions, build: (d: DagBuilder) => void): readonly string[] {
  try {
    dag('d', options, build);
  } catch (error) {
    if (isFerryError(error)) return error.details.problems as readonly string[];
    throw error;
  }
  throw new Error('nothing was found');
}

describe('a DAG file', () => {
  it('becomes plain JSON', () => {
    const spec = ordersDaily();
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec).toEqual({
      schemaVersion: 1,
      dagId: 'orders_daily',
      schedule: '0 3 * * *',
      timezone: 'UTC',
      startDate: '2026-11-01T00:00:00Z',
      catchup: true,
      maxActiveRuns: 3,
      maxActiveTasks: 16,
      params: {},
      tags: [],
      onFailure: 'fail',
      tasks: [
        expect.objectContaining({
          taskId: 'arrived',
          upstream: [],
          retries: 0,
          action: {
            kind: 'activity',
            operator: 'partitionSensor',
            activity: 'partitionSensor',
            input: { cluster: 'a', table: 'sales.orders', partition: 'dt={{ ds }}', every: '1m', timeout: '6h' },
          },
        }),
        {
          taskId: 'orders',
          upstream: ['arrived'],
          triggerRule: 'all_success',
          retries: 2,
          retryDelaySeconds: 300,
          retryBackoff: 1,
          maxRetryDelaySeconds: 86_400,
          action: {
            kind: 'workflow',
            operator: 'syncTable',
            workflow: 'syncTable',
            input: { table: 'sales.orders', source: 'a', target: 'b', where: "dt = '{{ ds }}'" },
          },
        },
        expect.objectContaining({ taskId: 'checked', upstream: ['orders'] }),
      ],
    });
  });

  it('gives each task defaultArgs, unless the task says otherwise', () => {
    const defaultArgs = { retries: 3, retryDelay: '30s', executionTimeout: '2h', triggerRule: 'all_done' } as const;
    const { tasks } = dag('d', { defaultArgs }, (d) => {
      d.task('a', noop());
      d.task('b', noop(), { retries: 0, retryDelay: '500ms', maxRetryDelay: '1m', retryBackoff: 2 });
    });
    expect(tasks).toMatchObject([
      { retries: 3, retryDelaySeconds: 30, executionTimeoutSeconds: 7200, triggerRule: 'all_done' },
      { retries: 0, retryDelaySeconds: 0.5, maxRetryDelaySeconds: 60, retryBackoff: 2, executionTimeoutSeconds: 7200 },
    ]);
  });

  it('orders its tasks by their place in the graph, then by id, whatever order they are written in', () => {
    const { tasks } = dag('d', {}, (d) => {
      const [z, c, b, a] = ['z', 'c', 'b', 'a'].map((id) => d.task(id, noop())) as [Task, Task, Task, Task];
      chain(z, [c, b], a);
    });
    expect(tasks.map(({ taskId }) => taskId)).toEqual(['z', 'b', 'c', 'a']);
  });

  it('expands a task over a list, or over the list that a task returns, which becomes upstream', () => {
    const { tasks } = dag('d', {}, (d) => {
      const tables = d.task('tables', hiveQuery({ cluster: 'a', query: 'show tables in sales', result: 'column' }));
      d.task('copy', syncTable({ table: 'sales.{{ item }}', source: 'a', target: 'b' }), { expand: tables });
      d.task('regions', activityTask({ activity: 'report', input: '{{ item }}' }), { expand: ['eu', 'us'] });
    });
    expect(tasks).toMatchObject([
      { taskId: 'regions', expand: { over: ['eu', 'us'] }, upstream: [] },
      { taskId: 'tables' },
      { taskId: 'copy', expand: { over: { xcom: 'tables' } }, upstream: ['tables'] },
    ]);
  });

  it('chooses', () => {
    const { tasks } = dag('d', { params: { more: true } }, (d) => {
      const count = d.task('count', hiveQuery({ cluster: 'a', query: 'select count(*) from s.t', result: 'value' }));
      // biome-ignore lint/suspicious/noThenProperty: the word of a condition, never awaited.
      const which = d.task('which', branch({ when: [{ if: '{{ xcom.count > 0 }}', then: 'load' }], else: ['warn'] }));
      const load = d.task('load', noop());
      chain(count, which, [load, d.task('warn', noop())]);
      load.then(d.task('go_on', shortCircuit({ if: '{{ params.more }}' })));
    });
    expect(tasks.map(({ action }) => action.operator)).toContain('branch');
  });

  it('takes templates where a value of another type is wanted', () => {
    const { tasks } = dag('d', { params: { nodes: 4, names: ['dt=1'] } }, (d) => {
      d.task(
        'copy',
        syncTable({ table: 's.t', nodes: { count: '{{ params.nodes }}' }, partitions: '{{ params.names }}' }),
      );
      d.task('verify', verifyTable({ table: 's.t', level: 'rows', sample: '{{ params.nodes }}' }));
    });
    expect(tasks).toHaveLength(2);
  });
});

describe('edges', () => {
  it('by then, to one or several', () => {
    expect(
      edges((d) => {
        const [a, b, c, e] = ['a', 'b', 'c', 'e'].map((id) => d.task(id, noop())) as [Task, Task, Task, Task];
        a.then(b).then(c);
        a.then([c, e]);
        a.then(b);
      }),
    ).toEqual(['a -> b', 'a -> e', 'a -> c', 'b -> c']);
  });

  it('by chain, from and to lists, and pairs of two lists', () => {
    expect(
      edges((d) => {
        const [a, b, c, e, f, g] = ['a', 'b', 'c', 'e', 'f', 'g'].map((id) => d.task(id, noop())) as [
          Task,
          Task,
          Task,
          Task,
          Task,
          Task,
        ];
        chain(a, [b, c], [e, f], g);
      }),
    ).toEqual(['a -> b', 'a -> c', 'b -> e', 'c -> f', 'e -> g', 'f -> g']);
  });

  it('two lists of different lengths are refused', () => {
    const build = (d: DagBuilder) => {
      const [a, b, c] = ['a', 'b', 'c'].map((id) => d.task(id, noop())) as [Task, Task, Task];
      chain([a], [b, c]);
    };
    expect(() => dag('d', {}, build)).toThrow('chain: [a] and [b, c] are lists of different lengths');
  });

  it('an edge or a task after the DAG was built, or to a task of another one, is an error', async () => {
    const kept: { task?: Task; builder?: DagBuilder } = {};
    dag('first', {}, (d) => {
      kept.task = d.task('a', noop());
      kept.builder = d;
    });
    const { task, builder } = kept as Required<typeof kept>;
    expect(() => task.then(task)).toThrow('an edge from "a" comes after its DAG was built');
    expect(() => builder.task('b', noop())).toThrow('task "b" comes after its DAG was built');
    const awaited = async () => await (task as unknown as Promise<void>);
    await expect(awaited()).rejects.toThrow('task "a" is no promise and cannot be awaited');
    expect(
      problems({}, (d) => {
        d.task('b', noop()).then(task);
      }),
    ).toEqual(['tasks.b: then: "a" is not a task of this DAG; give what d.task(...) returns']);
  });
});

describe('what is wrong is told all at once', () => {
  it('in options, tasks, edges and templates', () => {
    const options = {
      schedule: '0 3 * *',
      timezone: 'Europe/Berln',
      catchup: true,
      pool: 'small',
      retries: 2,
      defaultArgs: { retryDelay: 'soon', retries: -1 },
      params: { 'a b': 1 },
    } as DagOptions;
    expect(
      problems(options, (d) => {
        const a = d.task('a', syncTable({ table: 'orders', where: 'dt = {{ params.day }}' }));
        const b = d.task('b', noop(), { pool: 'small', executionTimeout: '5 minutes' } as object);
        d.task('b', hiveQuery({ cluster: 'a', query: '{{ dss }}' }), { triggerRule: 'all_sucess' as 'all_success' });
        const c = d.task('c', noop());
        chain(a, c, a, b);
      }),
    ).toEqual([
      'defaultArgs.retries: -1 is not a whole number from 0 to 100',
      expect.stringMatching(/^defaultArgs.retryDelay: "soon" is not a duration/),
      expect.stringMatching(/^pool: there are no pools; maxActiveTasks limits a DAG, and workers limit all DAGs/),
      expect.stringMatching(/^retries: is not a known key; leave it out, or use one of description/),
      expect.stringMatching(/^tasks.b.executionTimeout: "5 minutes" is not a duration/),
      expect.stringMatching(/^tasks.b.pool: there are no pools/),
      expect.stringMatching(
        /^tasks.b.triggerRule: "all_sucess" is not one of "all_success".*did you mean "all_success"\?/,
      ),
      expect.stringMatching(/^timezone: "Europe\/Berln" is not an IANA timezone/),
      expect.stringMatching(/^params\["a b"\]: "a b" is not the name of a param/),
      'startDate: is missing; catchup runs every interval since then',
      expect.stringMatching(/^schedule: "0 3 \* \*" is not a cron of five fields/),
      'tasks.b.taskId: "b" is the id of more than one task',
      'tasks.a.upstream: a -> c -> a is a cycle; take one of these edges out',
      'tasks.a.action.input.table: "orders" is not a table name with its database, such as "sales.orders"',
      'tasks.a.action.input.where: {{ params.day }} reads the param "day", which the DAG does not have; give it a default under params',
      'tasks.a.action.input.where: {{ params.day }} would reach HiveQL as it is; write {{ params.day | hql }}',
      expect.stringMatching(
        /^tasks.b.action.input.query: \{\{ dss }} reads "dss", which is none of ds, .*did you mean "ds"\?/,
      ),
    ]);
  });

  it('an async build is refused', () => {
    const build = async (d: DagBuilder) => {
      d.task('a', noop());
    };
    expect(problems({}, build as unknown as (d: DagBuilder) => void)).toEqual([
      'build: is async; a DAG is built at once, from plain values',
    ]);
  });
});
