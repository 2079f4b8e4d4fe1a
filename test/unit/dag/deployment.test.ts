import { describe, expect, it } from '@jest/globals';
import { dagSchedule } from '../../../dag/dag-schedule.ts';
import {
  type DeployAction,
  type DeployedDag,
  type DeployWish,
  decideDeployments,
  isChange,
  NO_FILE_NOTE,
  owedAfterPause,
} from '../../../dag/deployment.ts';
import { parseDagSpec } from '../../../dag/parse-spec.ts';
import type { DagSpec } from '../../../dag/spec.ts';

const NOW = '2026-11-26T08:00:00Z';

function spec(fields: Readonly<Record<string, unknown>> = {}): DagSpec {
  const action = {
    kind: 'activity',
    operator: 'hiveQuery',
    activity: 'hiveQuery',
    input: { cluster: 'b', query: 'q' },
  };
  const tasks = [{ taskId: 'copy', action }];
  return parseDagSpec({
    schemaVersion: 1,
    dagId: 'orders',
    schedule: '0 3 * * *',
    startDate: '2026-11-20',
    tasks,
    ...fields,
  });
}

/** As the server has a DAG after its deploy, read back as JSON. */
function deployed(of: DagSpec, more: Partial<DeployedDag> = {}): DeployedDag {
  const schedule = dagSchedule(of, { taskQueue: 'hive-ferry', signature: `signed ${of.dagId}` });
  if (schedule === undefined) throw new Error('no schedule');
  return { dagId: of.dagId, schedule: JSON.parse(JSON.stringify(schedule)), paused: false, recent: [], ...more };
}

function decide(wish: Partial<DeployWish>) {
  return decideDeployments({
    local: [],
    deployed: [],
    taskQueue: 'hive-ferry',
    signature: ({ dagId }) => `signed ${dagId}`,
    prune: false,
    now: NOW,
    ...wish,
  });
}

const NEWEST = { kind: 'newest', interval: { start: '2026-11-25T03:00:00Z', end: '2026-11-26T03:00:00Z' } };
const { schedule: _, startDate: __, ...unscheduled } = spec();
const byHand = parseDagSpec(unscheduled);

describe('decideDeployments', () => {
  it.each<[string, Partial<DeployWish>, DeployAction, readonly string[], boolean]>([
    ['a DAG that is not deployed', { local: [spec()] }, 'create', [], false],
    ['a DAG as it was deployed', { local: [spec()], deployed: [deployed(spec())] }, 'unchanged', [], false],
    [
      'a DAG whose fields differ',
      { local: [spec({ schedule: '0 4 * * *', maxActiveRuns: 3 })], deployed: [deployed(spec())] },
      'update',
      ['schedule: "0 3 * * *" -> "0 4 * * *"', 'maxActiveRuns: 16 -> 3'],
      false,
    ],
    [
      'a DAG that goes to another task queue',
      { local: [spec()], deployed: [deployed(spec())], taskQueue: 'other' },
      'update',
      ['task queue: "hive-ferry" -> "other"'],
      false,
    ],
    [
      'a DAG signed with an old key',
      { local: [spec()], deployed: [deployed(spec())], signature: () => 'new' },
      'update',
      ['signature: made with another key'],
      false,
    ],
    [
      'a schedule whose times were edited',
      {
        local: [spec()],
        deployed: [deployed(spec(), { schedule: { ...scheduleOf(spec()), catchupWindowMs: 60_000 } })],
      },
      'update',
      ['other hands have changed when it fires'],
      false,
    ],
    [
      'a schedule that starts something else',
      { local: [spec()], deployed: [{ dagId: 'orders', paused: false, recent: [] }] },
      'update',
      ['other hands have changed what it starts'],
      false,
    ],
    [
      'a DAG that a person paused',
      { local: [spec()], deployed: [deployed(spec(), { paused: true, note: 'lake is down' })] },
      'unchanged',
      ['stays paused: lake is down'],
      true,
    ],
    [
      'a DAG that a person paused and that differs',
      { local: [spec({ tags: ['x'] })], deployed: [deployed(spec(), { paused: true })] },
      'update',
      ['tags: [] -> ["x"]', 'stays paused'],
      true,
    ],
    [
      'a DAG without a schedule',
      { local: [byHand] },
      'by-hand',
      ['it has no schedule; ferry dag trigger starts its runs'],
      false,
    ],
    [
      'a DAG that lost its schedule',
      { local: [byHand], deployed: [deployed(spec())] },
      'remove',
      ['its file has no schedule any more'],
      false,
    ],
    [
      'a DAG that no file has',
      { deployed: [deployed(spec())] },
      'pause',
      ['no file has it any more; --prune removes its schedule'],
      true,
    ],
    [
      'a DAG that no file has, once more',
      { deployed: [deployed(spec(), { paused: true, note: NO_FILE_NOTE })] },
      'unchanged',
      ['no file has it any more; --prune removes its schedule'],
      true,
    ],
    [
      'a DAG that no file has, pruned',
      { deployed: [deployed(spec())], prune: true },
      'remove',
      ['no file has it any more'],
      false,
    ],
    [
      'a DAG whose file is back',
      { local: [spec()], deployed: [deployed(spec(), { paused: true, note: NO_FILE_NOTE })] },
      'unpause',
      ['a file has it again'],
      false,
    ],
  ])('%s', (_case, wish, action, reasons, paused) => {
    expect(decide(wish)).toEqual([expect.objectContaining({ dagId: 'orders', action, reasons, paused })]);
  });

  it('answers by dag_id, and tells changes from what is left alone', () => {
    const local = ['c', 'a', 'b'].map((dagId) => spec({ dagId }));
    const decided = decide({ local, deployed: [deployed(spec({ dagId: 'b' })), deployed(spec({ dagId: 'd' }))] });
    expect(decided.map((each) => [each.dagId, each.action, isChange(each)])).toEqual([
      ['a', 'create', true],
      ['b', 'unchanged', false],
      ['c', 'create', true],
      ['d', 'pause', true],
    ]);
  });

  describe('owes intervals', () => {
    const all = spec({ catchup: true });
    const back = (of: DagSpec, recent: readonly string[]) =>
      decide({ local: [of], deployed: [deployed(of, { paused: true, note: NO_FILE_NOTE, recent })] })[0]?.catchUp;

    it('with catchup every one since startDate when it is created, else the newest', () => {
      expect(decide({ local: [all] })[0]?.catchUp).toEqual({
        kind: 'all',
        from: '2026-11-20T03:00:00Z',
        to: '2026-11-25T03:00:00Z',
        end: '2026-11-26T03:00:00Z',
        count: 6,
      });
      expect(decide({ local: [spec()] })[0]?.catchUp).toEqual(NEWEST);
    });

    it('since its last firing when it goes on again; a Trigger button is no firing', () => {
      const recent = ['2026-11-22T03:00:00Z', '2026-11-23T03:00:00Z', '2026-11-24T11:12:13Z'];
      expect(back(all, recent)).toMatchObject({ from: '2026-11-23T03:00:00Z', count: 3 });
      expect(back(spec(), recent)).toEqual(NEWEST);
      expect(back(all, ['2026-11-26T03:00:00Z'])).toBeUndefined();
    });

    it('since it was created when it goes on without ever having fired: until then the deploy had all of it run', () => {
      const never = (createdAt?: string) =>
        owedAfterPause(deployed(all, { paused: true, ...(createdAt === undefined ? {} : { createdAt }) }), NOW);
      expect(never('2026-11-23T12:00:00Z')).toMatchObject({ from: '2026-11-23T03:00:00Z', count: 3 });
      expect(never('2026-11-26T04:00:00Z')).toBeUndefined();
      expect(never()).toMatchObject({ from: '2026-11-20T03:00:00Z', count: 6 });
    });

    it('since startDate when catchup is switched on, or reaches farther back', () => {
      const since = (before: DagSpec, after: DagSpec, paused = false) =>
        decide({ local: [after], deployed: [deployed(before, { paused })] })[0]?.catchUp;
      expect(since(spec(), all)).toMatchObject({ kind: 'all', from: '2026-11-20T03:00:00Z' });
      expect(since(all, spec({ catchup: true, startDate: '2026-11-10' }))).toMatchObject({
        from: '2026-11-10T03:00:00Z',
      });
      expect(since(all, spec({ catchup: true, startDate: '2026-11-24' }))).toBeUndefined();
      expect(since(all, spec({ catchup: true, maxActiveRuns: 2 }))).toBeUndefined();
      expect(since(spec(), all, true)).toBeUndefined();
    });
  });
});

function scheduleOf(of: DagSpec) {
  const { schedule } = deployed(of);
  if (schedule === undefined) throw new Error('no schedule');
  return schedule;
}
