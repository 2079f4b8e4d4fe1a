import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SPEC_BYTES, parseDagSpec } from '../../../dag/parse-spec.ts';
import { isFerryError } from '../../../errors/ferry-error.ts';
import { ordersDaily } from './orders-daily.ts';

const NOW = Date.UTC(2026, 10, 26);
const noop = (taskId: string, more: object = {}) => ({
  taskId,
  action: { kind: 'activity', operator: 'activityTask', activity: 'noop' },
  ...more,
});
const sensor = (input: object) => ({ kind: 'activity', operator: 'fileSensor', activity: 'fileSensor', input });

function problems(spec: unknown): readonly string[] {
  try {
    parseDagSpec(spec, { now: NOW });
  } catch (error) {
    if (isFerryError(error)) {
      expect(error.code).toBe('SPEC_INVALID');
      return error.details.problems as readonly string[];
    }
    throw error;
  }
  return [];
}

const ofTask = (task: object) => problems({ dagId: 'd', tasks: [noop('a'), task] });

describe('a spec written as JSON', () => {
  it('gets its defaults: those of Airflow', () => {
    expect(parseDagSpec({ dagId: 'd', tasks: [noop('a')] })).toEqual({
      schemaVersion: 1,
      dagId: 'd',
      timezone: 'UTC',
      catchup: false,
      maxActiveRuns: 16,
      maxActiveTasks: 16,
      params: {},
      tags: [],
      onFailure: 'fail',
      tasks: [
        {
          taskId: 'a',
          action: { kind: 'activity', operator: 'activityTask', activity: 'noop', input: null },
          upstream: [],
          triggerRule: 'all_success',
          retries: 0,
          retryDelaySeconds: 300,
          retryBackoff: 1,
          maxRetryDelaySeconds: 86_400,
        },
      ],
    });
  });

  it('takes dates of its zone: the first moment of startDate, the last second of endDate', () => {
    const dates = { startDate: '2026-11-01', endDate: '2026-11-03', timezone: 'Asia/Shanghai' };
    expect(parseDagSpec({ dagId: 'd', ...dates, tasks: [noop('a')] })).toMatchObject({
      startDate: '2026-10-31T16:00:00Z',
      endDate: '2026-11-03T15:59:59Z',
    });
  });

  it('parsed once more is the same', () => {
    const task = fc.record(
      {
        retries: fc.nat(5),
        expand: fc.constant({ over: ['x'] }),
        triggerRule: fc.constantFrom('all_success', 'all_done'),
      },
      { requiredKeys: [] },
    );
    const tasks = fc.array(task, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(tasks, fc.infiniteStream(fc.nat(5)), (list, stream) => {
        const upstreamOf = (index: number) =>
          [...new Set(Array.from({ length: index }, () => stream.next().value % index))].map((each) => `t${each}`);
        const written = list
          .map((each, index) => noop(`t${index}`, { ...each, upstream: upstreamOf(index) }))
          .reverse();
        const once = parseDagSpec({ dagId: 'd', startDate: '2026-11-01', tasks: written }, { now: NOW });
        expect(parseDagSpec(JSON.parse(JSON.stringify(once)), { now: NOW })).toEqual(once);
        const seen = new Set<string>();
        for (const { taskId, upstream } of once.tasks) {
          expect(upstream.every((each) => seen.has(each))).toBe(true);
          seen.add(taskId);
        }
      }),
    );
    const orders = ordersDaily();
    expect(parseDagSpec(orders)).toEqual(orders);
  });
});

describe('each problem names its field, its value and the way out', () => {
  it.each([
    [null, 'null is not a DAG spec, an object with dagId and tasks'],
    [{ dagId: 'd', tasks: [] }, 'tasks: [] is not a list with at least one task'],
    [
      { dagId: 'a/b', tasks: [noop('a')] },
      'dagId: "a/b" is not a dag_id: letters, digits, "_", "-" and ".", such as "orders_daily"',
    ],
    [
      { tasks: [noop('a')] },
      'dagId: is missing; give a dag_id: letters, digits, "_", "-" and ".", such as "orders_daily"',
    ],
    [{ dagId: 'd', schedul: '@daily', tasks: [noop('a')] }, 'schedul: is not a known key; did you mean "schedule"?'],
    [
      { dagId: 'd', schedule: '@dayly', tasks: [noop('a')] },
      expect.stringMatching(/^schedule: "@dayly" is not one of .*did you mean "@daily"/),
    ],
    [
      { dagId: 'd', timezone: 'europe/berlin', tasks: [noop('a')] },
      'timezone: "europe/berlin" is not an IANA timezone in its usual spelling, such as "UTC" or "Europe/Berlin"',
    ],
    [
      { dagId: 'd', timezone: '+02:00', tasks: [noop('a')] },
      expect.stringMatching(/^timezone: "\+02:00" is not an IANA timezone/),
    ],
    [
      { dagId: 'd', startDate: '2026-02-30', tasks: [noop('a')] },
      expect.stringMatching(/^startDate: "2026-02-30" is not a date such as/),
    ],
    [
      { dagId: 'd', startDate: '2026-11-03', endDate: '2026-11-01', tasks: [noop('a')] },
      'endDate: "2026-11-01" is before startDate, "2026-11-03"',
    ],
    [
      { dagId: 'd', catchup: true, startDate: '2026-11-01', tasks: [noop('a')] },
      'schedule: is missing; catchup runs every interval of a schedule',
    ],
    [
      { dagId: 'd', schedule: '30 2 * * *', timezone: 'Europe/Berlin', tasks: [noop('a')] },
      expect.stringMatching(
        /^schedule: "30 2 \* \* \*" in Europe\/Berlin is due at 02:30, which the clocks skip on 2027-03-28 .*; write "30 3 \* \* \*", or timezone: "UTC"/,
      ),
    ],
    [{ dagId: 'd', params: { x: Number.NaN }, tasks: [noop('a')] }, 'params.x: null is not a JSON value'],
    [
      { dagId: 'd', onEnd: { activity: 'tell', input: '{{ xcom.a }}' }, tasks: [noop('a')] },
      'onEnd.input: {{ xcom.a }} reads the XCom of "a", which is not upstream of this task; nothing is',
    ],
    [{ dagId: 'd', tasks: [noop('a'), noop('a')] }, 'tasks.a.taskId: "a" is the id of more than one task'],
    [
      { dagId: 'd', tasks: [noop('a', { upstream: ['a'] })] },
      'tasks.a.upstream: a -> a is a cycle; take one of these edges out',
    ],
  ])('%j', (spec, problem) => {
    expect(problems(spec)).toEqual([problem]);
  });

  it.each([
    [
      noop('constructor'),
      'tasks.constructor.taskId: "constructor" is not a task id: letters, digits, "_" and "-", such as "copy_orders"',
    ],
    [noop('__proto__'), expect.stringMatching(/^tasks.__proto__.taskId: "__proto__" is not a task id/)],
    [noop('b', { upstream: ['c'] }), 'tasks.b.upstream: "c" is not a task of this DAG (a, b)'],
    [
      noop('load', { upstream: ['laod'] }),
      'tasks.load.upstream: "laod" is not a task of this DAG (a, load); did you mean "load"?',
    ],
    [
      noop('b', { triggerRule: 'all_sucess' }),
      expect.stringMatching(/^tasks.b.triggerRule: "all_sucess" is not one of .*did you mean "all_success"/),
    ],
    [noop('b', { pool: 'x' }), expect.stringMatching(/^tasks.b.pool: there are no pools; maxActiveTasks limits a DAG/)],
    [
      noop('b', { retryDelaySeconds: 100, maxRetryDelaySeconds: 10 }),
      'tasks.b.retryDelaySeconds: 100 is more than maxRetryDelaySeconds, 10; raise that, or lower it',
    ],
    [
      noop('b', { expand: { over: { xcom: 'a' } } }),
      'tasks.b.expand.over.xcom: "a" is not directly upstream of this task; add it to upstream',
    ],
    [
      { taskId: 'b', action: { kind: 'activity', operator: 'fileSenser', activity: 'fileSensor' } },
      expect.stringMatching(
        /^tasks.b.action.operator: "fileSenser" is not one of syncTable, .*did you mean "fileSensor"/,
      ),
    ],
    [
      {
        taskId: 'b',
        action: {
          kind: 'workflow',
          operator: 'fileSensor',
          workflow: 'syncTable',
          input: { cluster: 'a', path: '/a' },
        },
      },
      'tasks.b.action.kind: "workflow" is not what fileSensor is, "activity"',
    ],
    [
      { taskId: 'b', action: { ...sensor({ cluster: 'a', path: '/a' }), activity: 'loadNode' } },
      'tasks.b.action.activity: "loadNode" is not what fileSensor starts; give "fileSensor"',
    ],
    [
      { taskId: 'b', action: { ...sensor({ cluster: 'a', path: '/a' }), workflow: 'syncTable' } },
      'tasks.b.action.workflow: goes with no fileSensor; leave it out',
    ],
    // The rule that values reach HiveQL only quoted holds for the operators that run it.
    [
      { taskId: 'b', action: { kind: 'activity', operator: 'activityTask', activity: 'hiveQuery', input: {} } },
      'tasks.b.action.activity: "hiveQuery" is an operator\'s own activity; use the operator of that name',
    ],
    [
      { taskId: 'b', action: sensor({ cluster: 'a', path: 'relative' }) },
      expect.stringMatching(/^tasks.b.action.input.path: "relative" is not an absolute path/),
    ],
    [
      { taskId: 'b', action: sensor({ cluster: 'a', path: '/a', evry: '1m' }) },
      'tasks.b.action.input.evry: is not a known key; did you mean "every"?',
    ],
    [
      { taskId: 'b', action: sensor({ cluster: 'a', path: '{{ item }}' }) },
      'tasks.b.action.input.path: {{ item }} reads item, which only a task with expand has',
    ],
    [
      { taskId: 'b', action: sensor({ cluster: 'a', path: '{{ xcom.c }}' }) },
      'tasks.b.action.input.path: {{ xcom.c }} reads the XCom of "c", which is not upstream of this task; nothing is',
    ],
    [
      { taskId: 'b', upstream: ['a'], action: sensor({ cluster: 'a', path: '{{ xcom[ds] }}' }) },
      'tasks.b.action.input.path: {{ xcom[ds] }} reads an XCom without the id of its task; write xcom.<task_id>',
    ],
    [
      { taskId: 'b', action: sensor({ cluster: 'a', path: '/{{ ds | ds_format: "%Q" }}' }) },
      expect.stringMatching(
        /^tasks.b.action.input.path: \{\{ ds \| ds_format: "%Q" }} cannot be rendered: ds_format: "%Q" is none of/,
      ),
    ],
    [
      {
        taskId: 'b',
        action: { kind: 'choose', operator: 'branch', input: JSON.parse('{"when": [{"if": "true", "then": "a"}]}') },
      },
      'tasks.b.action.input: "a" is not directly downstream of this task (nothing is); add the edge',
    ],
    [
      { taskId: 'b', action: { kind: 'choose', operator: 'shortCircuit', input: { if: 'maybe' } } },
      expect.stringMatching(/^tasks.b.action.input.if: "maybe" is not a template that comes to true or false/),
    ],
    [
      {
        taskId: 'b',
        expand: { over: [1] },
        action: { kind: 'choose', operator: 'shortCircuit', input: { if: '{{ item }}' } },
      },
      'tasks.b.expand: goes with no shortCircuit: it chooses once for its run; leave it out',
    ],
    [
      {
        taskId: 'b',
        action: {
          kind: 'workflow',
          operator: 'syncTable',
          workflow: 'syncTable',
          input: { table: 's.t', afterRefresh: ['refresh {{ run_id }}'] },
        },
      },
      'tasks.b.action.input.afterRefresh[0]: {{ run_id }} would reach HiveQL as it is; write {{ run_id | hql }}',
    ],
  ])('%j', (task, problem) => {
    expect(ofTask(task)).toEqual([problem]);
  });

  it('a spec over 256 KiB', () => {
    const large = { dagId: 'd', params: { x: 'x'.repeat(MAX_SPEC_BYTES) }, tasks: [noop('a')] };
    expect(problems(large)).toEqual([
      expect.stringMatching(/^the spec: is 262\d\d\d bytes of JSON, at most 262144; make several DAGs/),
    ]);
  });

  it('all of them at once, also where fields of a task are wrong', () => {
    const tasks = [noop('a', { retries: 1.5 }), noop('b', { upstream: ['a', 'x'] }), { taskId: 'c' }];
    expect(problems({ dagId: 'd', tasks })).toEqual([
      'tasks.a.retries: 1.5 is not a whole number from 0 to 100',
      expect.stringMatching(/^tasks.c.action: is missing; give an action/),
      'tasks.b.upstream: "x" is not a task of this DAG (a, b, c)',
    ]);
  });

  it('a cycle of three', () => {
    const tasks = [noop('a', { upstream: ['c'] }), noop('b', { upstream: ['a'] }), noop('c', { upstream: ['b'] })];
    expect(problems({ dagId: 'd', tasks })).toEqual([
      'tasks.a.upstream: a -> b -> c -> a is a cycle; take one of these edges out',
    ]);
  });
});
