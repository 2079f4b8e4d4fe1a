import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Ending } from '../../sync/outcome.ts';
import { type LoadScript, NOTHING_TO_COPY, nodeRef, type Script } from './fake-activities.ts';
import { endOf, order } from './run-end.ts';
import { COPY_QUEUE, openStage, type Stage, TASK_QUEUE } from './test-environment.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

const LOADS = 'load-1 load-2 load-3';
const RETRYABLE = { published: 3, failed: 1, retryable: 1 };

type Case = {
  readonly name: string;
  readonly script: Script;
  readonly kind: string;
  readonly steps: readonly string[];
  readonly ending?: Partial<Ending>;
};

const CASES: readonly Case[] = [
  {
    name: 'copies everything',
    script: {},
    kind: 'returned',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh', 'close'],
    ending: { rounds: 1, cancelled: false },
  },
  {
    name: 'has nothing to copy and nothing to register: the table is still ensured',
    script: { plan: NOTHING_TO_COPY },
    kind: 'returned',
    steps: ['resolve', 'plan', 'ensure', 'close'],
    ending: { rounds: 0, nodes: [] },
  },
  {
    name: 'has nothing to copy but partitions to register',
    script: { plan: { ...NOTHING_TO_COPY, toRegister: 4 } },
    kind: 'returned',
    steps: ['resolve', 'plan', 'ensure', 'refresh', 'close'],
  },
  {
    name: 'gives a failed partition another round, which mends it',
    script: { loads: { 'load-2': RETRYABLE }, rounds: { 2: [nodeRef(2, { round: 2, partitions: 1 })] } },
    kind: 'returned',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'plan-r2', 'load-2-r2', 'refresh', 'close'],
    ending: { rounds: 2 },
  },
  {
    name: 'stops after the last round',
    script: {
      loads: {
        'load-2': RETRYABLE,
        'load-2-r2': { published: 0, failed: 1, retryable: 1 },
        'load-2-r3': { published: 0, failed: 1, retryable: 1 },
      },
      rounds: {
        2: [nodeRef(2, { round: 2, partitions: 1 })],
        3: [nodeRef(2, { round: 3, partitions: 1 })],
        4: [nodeRef(2, { round: 4, partitions: 1 })],
      },
    },
    kind: 'PARTIAL',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'plan-r2', 'load-2-r2', 'plan-r3', 'load-2-r3', 'refresh', 'close'],
    ending: { rounds: 3 },
  },
  {
    name: 'gives no other round to a partition that no round mends',
    script: { loads: { 'load-1': { published: 3, failed: 1, retryable: 0 } } },
    kind: 'PARTIAL',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh', 'close'],
  },
  {
    name: 'ends the rounds when none of the failed partitions is left to load',
    script: { loads: { 'load-2': RETRYABLE } },
    kind: 'PARTIAL',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'plan-r2', 'refresh', 'close'],
    ending: { rounds: 1 },
  },
  {
    name: 'refuses a plan: no byte has moved',
    script: { throws: { planNodes: ['TABLE_UNSUPPORTED', 'sales.orders is transactional'] } },
    kind: 'REFUSED',
    steps: ['resolve', 'plan', 'close'],
    ending: {
      rounds: 0,
      failure: {
        code: 'TABLE_UNSUPPORTED',
        message: 'plan nodes: sales.orders is transactional',
        hint: 'hive-ferry copies plain Hive tables whose files stand alone; see docs/guarantees.md.',
        beforeAnyByte: true,
      },
    },
  },
  {
    name: 'refuses drift: no byte has moved',
    script: { throws: { ensureTable: ['DRIFT_INCOMPATIBLE', 'amount is float here and int there'] } },
    kind: 'REFUSED',
    steps: ['resolve', 'plan', 'ensure', 'close'],
  },
  {
    name: 'lets the other nodes finish, and registers them, when one fails as a whole',
    script: { loads: { 'load-2': { throws: 'QUOTA_EXCEEDED', message: 'the quota of /w is exceeded' } } },
    kind: 'FAILED',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh', 'close'],
    ending: {
      failure: {
        code: 'QUOTA_EXCEEDED',
        message: 'node 2/3 · 4 partitions · 4 MiB: the quota of /w is exceeded',
        hint: 'Raise the quota or free space; then sync again, it copies only what is missing.',
        beforeAnyByte: false,
      },
    },
  },
  {
    name: 'goes on with the rounds of the other nodes when one fails as a whole',
    script: {
      loads: { 'load-1': { throws: 'PERMISSION_DENIED' }, 'load-2': RETRYABLE },
      rounds: { 2: [nodeRef(2, { round: 2, partitions: 1 })] },
    },
    kind: 'FAILED',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'plan-r2', 'load-2-r2', 'refresh', 'close'],
  },
  {
    name: 'registers what was published when a later round cannot be planned',
    script: { loads: { 'load-2': RETRYABLE }, throws: { planRound: ['PLAN_CORRUPT', 'the plan is another one'] } },
    kind: 'FAILED',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'plan-r2', 'refresh', 'close'],
  },
  {
    name: 'tells its outcome when the refresh fails as a whole',
    script: { throws: { refreshMetadata: ['CATALOG_REFUSED', 'no'] } },
    kind: 'FAILED',
    steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh', 'close'],
  },
];

describe('syncTable', () => {
  it.each(CASES)('$name', async ({ script, kind, steps, ending = {} }) => {
    const { handle, played } = await stage.start(script);
    const ended = await endOf(handle);
    expect({ kind: ended.kind, steps: order(played.calls.map((call) => call.id)) }).toEqual({ kind, steps });
    expect(played.endings()).toMatchObject([ending]);
    expect(ended.outcome).toMatchObject({ schemaVersion: 1, workflowId: handle.workflowId });
  });

  it('takes the run key from the first run, and hands every later step the resolved spec', async () => {
    const { handle, played } = await stage.start({});
    const { outcome } = await endOf(handle);
    const [first, ...later] = played.calls;
    const runId = outcome?.runId;
    expect(first?.input).toEqual({
      input: { table: 'sales.orders', source: 'a', target: 'b' },
      run: { runKey: runId, workflowId: handle.workflowId, runId, taskQueue: TASK_QUEUE },
    });
    for (const call of later) expect(call.input).toMatchObject({ spec: { runKey: runId, engine: 1 } });
  });

  it('gives every activity and timer a summary that can be read', async () => {
    const script = { loads: { 'load-3': RETRYABLE }, rounds: { 2: [nodeRef(3, { round: 2, partitions: 1 })] } };
    const { handle } = await stage.start(script);
    await endOf(handle);
    const { events } = await handle.fetchHistory();
    const summaries = (events ?? []).flatMap((event) => {
      const id =
        event.activityTaskScheduledEventAttributes?.activityId ??
        (event.timerStartedEventAttributes ? 'timer' : undefined);
      const payload = event.userMetadata?.summary;
      return id === undefined ? [] : [`${id}: ${payload ? defaultPayloadConverter.fromPayload(payload) : 'none'}`];
    });
    expect(summaries).toEqual([
      'resolve: check the input, apply the defaults',
      'plan: plan nodes · sales.orders, a -> b',
      'ensure: ensure table · sales.orders on b · 1 change',
      'load-1: node 1/3 · 4 partitions · 4 MiB',
      'load-2: node 2/3 · 4 partitions · 4 MiB',
      'load-3: node 3/3 · 4 partitions · 4 MiB',
      'timer: before round 2 of at most 3 · 1 partition again',
      'plan-r2: plan round 2 of at most 3 · 1 partition again',
      'load-3-r2: node 3/3 · 1 partition · 4 MiB · round 2',
      'refresh: refresh metadata · sales.orders on b',
      'close: close the run, tell its outcome',
    ]);
  });

  it('copies on the copy queue, and sends no list along with each node', async () => {
    const { handle, played } = await stage.start({ spec: { copyQueue: COPY_QUEUE, partitions: ['dt=1', 'dt=2'] } });
    await endOf(handle);
    const queues = played.calls.map((call) => [call.activity, call.queue]);
    expect(queues.filter(([activity]) => activity === 'loadNode')).toEqual(Array(3).fill(['loadNode', COPY_QUEUE]));
    expect(queues.filter(([, queue]) => queue === COPY_QUEUE)).toHaveLength(3);
    const loads = played.calls.filter((call) => call.activity === 'loadNode').map((call) => call.input);
    for (const load of loads) {
      expect(load).toMatchObject({ plan: { nodes: [] } });
      expect(load).not.toHaveProperty('spec.partitions');
    }
    const refreshed = played.calls.find((call) => call.activity === 'refreshMetadata')?.input;
    expect(refreshed).toMatchObject({ spec: { partitions: ['dt=1', 'dt=2'] } });
  });

  it('ends at once on a wrong input, its own message being the list of problems', async () => {
    const problems = 'This sync cannot start, 2 problems:\n  - table: is missing\n  - nods: is not a known key';
    const { handle, played } = await stage.start({ throws: { resolveInput: ['SPEC_INVALID', problems] } }, { nods: 1 });
    const ended = await endOf(handle);
    expect(ended).toEqual({
      kind: 'SPEC_INVALID',
      message: `${problems}\nCorrect the named fields and start the run again.`,
      outcome: undefined,
    });
    expect(played.calls.map((call) => call.id)).toEqual(['resolve']);
  });

  it('says in its failure what is whole, what is not, and how to go on', async () => {
    const failures = [
      { partition: 'dt=2026-01-03', code: 'SOURCE_OPEN', message: 'part-0 is being written', hint: 'h' },
    ] as const;
    const script: Script = { loads: { 'load-1': { published: 3, failed: 1, retryable: 0 } }, outcome: { failures } };
    const { handle } = await stage.start(script);
    const { message } = await endOf(handle);
    expect(message).toBe(
      [
        'sales.orders, a -> b: partial.',
        '  dt=2026-01-03: SOURCE_OPEN: part-0 is being written',
        'Whole at the target: 19 of 20 partitions (11 copied now, 8 unchanged). Not: 1 (1 failed, 0 diverged, 0 not tried).',
        'To go on: ferry sync sales.orders --source a --target b (it copies only what is missing)',
      ].join('\n'),
    );
  });

  it('tries an unknown error of a node again, for ever', async () => {
    const answers: LoadScript[] = [{ throws: 'INTERNAL' }, { throws: 'INTERNAL' }, { throws: 'INTERNAL' }];
    const flaky = {
      get 'load-1'() {
        return answers.pop() ?? {};
      },
    };
    const { handle, played } = await stage.start({ loads: flaky });
    expect((await endOf(handle)).outcome?.outcome).toBe('complete');
    expect(played.calls.filter((call) => call.id === 'load-1')).toHaveLength(4);
  });

  it('fails with an outcome of its own when the run cannot be closed', async () => {
    const { handle } = await stage.start({ throws: { closeRun: ['RUN_CLOSED', 'this run has ended'] } });
    const ended = await endOf(handle);
    expect(ended.kind).toBe('FAILED');
    expect(ended.message).toContain('RUN_CLOSED: close the run: this run has ended');
    expect(ended.outcome).toMatchObject({ outcome: 'failed', partitions: { published: 12, failed: 0 }, rounds: 1 });
  });

  it('outlasts an outage of hours, gives up after a day, and says what the last attempt met', async () => {
    const message = 'nn1:9870 refused the connection';
    const { handle, played } = await stage.start({ throws: { planNodes: ['UNREACHABLE', message] }, retryIn: '13h' });
    const ended = await endOf(handle);
    expect(ended.kind).toBe('REFUSED');
    expect(ended.message).toContain(`UNREACHABLE: plan nodes: ${message}`);
    expect(played.calls.map((call) => call.id)).toEqual(['resolve', 'plan', 'plan', 'close']);
  });
});
