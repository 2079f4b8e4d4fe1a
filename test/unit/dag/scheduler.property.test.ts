import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskState } from '../../../dag/run.ts';
import {
  activeCount,
  branchSkips,
  downstreamOf,
  initialState,
  type Place,
  type SchedulableDag,
  type SchedulerEvent,
  type SchedulerState,
  shortCircuitSkips,
  step,
  verdict,
  withDownstream,
} from '../../../dag/scheduler.ts';
import { decide, type UpstreamState } from '../../../dag/trigger-rules.ts';
import { ARBITRARY_DAG } from './arbitrary-dag.ts';

/** What becomes of a task, and which of those that run ends next; drawn anew for each event, from the first on. */
type Choice = {
  readonly which: number;
  readonly how: 'list' | 'plain' | 'failed' | 'branch' | 'stop';
  readonly length: number;
};

const CHOICES = fc.array(
  fc.record({
    which: fc.nat(100),
    how: fc.constantFrom<Choice['how']>('list', 'plain', 'failed', 'branch', 'stop'),
    length: fc.nat(3),
  }),
  { minLength: 40, maxLength: 40 },
);
const FALLBACK: Choice = { which: 0, how: 'plain', length: 0 };

type Played = { readonly state: SchedulerState; readonly started: readonly Place[] };

/** Runs a DAG to its end, one event after the other, and checks each step. */
function play(
  dag: SchedulableDag,
  choices: readonly Choice[],
  from = initialState(dag),
  first: SchedulerEvent = { kind: 'begun' },
): Played {
  const started: Place[] = [];
  let running: Place[] = [];
  let state = from;
  let event: SchedulerEvent | undefined = first;
  let steps = 0;
  while (event !== undefined) {
    const next = step(dag, state, event);
    checkStep(dag, next.state, next.starts);
    state = JSON.parse(JSON.stringify(next.state)) as SchedulerState;
    started.push(...next.starts);
    running.push(...next.starts);
    const choice = choices[steps] ?? FALLBACK;
    const ends = running[choice.which % running.length];
    running = running.filter((each) => each !== ends);
    event = ends === undefined ? undefined : endOf(dag, ends, choice);
    steps += 1;
  }
  const keys = started.map(({ taskId, mapIndex }) => `${taskId}/${mapIndex}`);
  expect(new Set(keys).size).toBe(keys.length);
  return { state, started };
}

function endOf(dag: SchedulableDag, place: Place, { how, length }: Choice): SchedulerEvent {
  const { taskId, mapIndex } = place;
  const below = downstreamOf(dag, taskId);
  if (how === 'failed') return { ...place, kind: 'failed' };
  if (how === 'list') return { ...place, kind: 'succeeded', items: length };
  if (mapIndex !== undefined || how === 'plain') return { ...place, kind: 'succeeded' };
  const skips = how === 'stop' ? shortCircuitSkips(dag, taskId) : branchSkips(dag, taskId, below.slice(0, length));
  return { ...place, kind: 'succeeded', skips };
}

function checkStep(dag: SchedulableDag, after: SchedulerState, starts: readonly Place[]): void {
  expect(activeCount(after)).toBeLessThanOrEqual(dag.maxActiveTasks);
  expect(starts.map(rankIn(dag))).toEqual(starts.map(rankIn(dag)).sort((a, b) => a - b));
  for (const place of starts) {
    expect(stateAt(after, place)).toBe('running');
    expect(decide(ruleOf(dag, place), upstreamStates(dag, after, place))).toBe('start');
  }
}

function rankIn(dag: SchedulableDag): (place: Place) => number {
  return ({ taskId, mapIndex = 0 }) => dag.tasks.findIndex((task) => task.taskId === taskId) * 10_000 + mapIndex;
}

function stateAt(state: SchedulerState, { taskId, mapIndex }: Place): TaskState | undefined {
  const task = state.tasks[taskId];
  return mapIndex === undefined ? task?.state : task?.instances?.[mapIndex];
}

function ruleOf(dag: SchedulableDag, { taskId }: Place) {
  return dag.tasks.find((task) => task.taskId === taskId)?.triggerRule ?? 'all_success';
}

function upstreamStates(dag: SchedulableDag, state: SchedulerState, { taskId }: Place): UpstreamState[] {
  const above = dag.tasks.find((task) => task.taskId === taskId)?.upstream ?? [];
  return above.flatMap((each) => {
    const task = state.tasks[each];
    return (task?.instances ?? [task?.state ?? 'none']).map((one) =>
      one === 'none' || one === 'scheduled' || one === 'running' || one === 'cancelled' ? 'pending' : one,
    );
  });
}

const ENDED = ['success', 'failed', 'skipped', 'upstream_failed'];

describe('any DAG, in whatever order and way its tasks end', () => {
  it('starts each task once, when its rule holds, in sorted order and at most maxActiveTasks, and ends', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, CHOICES, (dag, choices) => {
        const { state } = play(dag, choices);
        expect(Object.values(state.tasks).filter((task) => !ENDED.includes(task.state))).toEqual([]);
        expect(['success', 'failed']).toContain(verdict(dag, state));
      }),
    );
  });

  it('gives a task that never ran the state that its rule, its list or a choice above it says', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, CHOICES, (dag, choices) => {
        const { state, started } = play(dag, choices);
        const ran = new Set(started.map(({ taskId }) => taskId));
        for (const { taskId, triggerRule, expand } of dag.tasks.filter((task) => !ran.has(task.taskId))) {
          const chosenAway = Object.values(state.tasks).some(({ skips }) => skips?.includes(taskId));
          const decision = decide(triggerRule, upstreamStates(dag, state, { taskId }));
          const end = state.tasks[taskId]?.state;
          if (chosenAway && end === 'skipped') continue;
          if (decision === 'start') expect(expand).toBeDefined();
          // Which of two ends holds depends on which upstream task ended first.
          else expect(['skipped', 'upstream_failed']).toContain(end);
        }
      }),
    );
  });

  it('runs again what is cleared and what depends on it, and nothing else', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, CHOICES, CHOICES, fc.nat(7), (dag, choices, later, which) => {
        const { state } = play(dag, choices);
        const taskId = dag.tasks[which % dag.tasks.length]?.taskId ?? '';
        const again = play(dag, later, state, { kind: 'cleared', tasks: [taskId] });
        const cleared = withDownstream(dag, { tasks: [taskId] });
        expect(again.started.map((place) => place.taskId).filter((each) => !cleared.includes(each))).toEqual([]);
        for (const { taskId: other } of dag.tasks.filter((task) => !cleared.includes(task.taskId)))
          expect(again.state.tasks[other]).toEqual(state.tasks[other]);
        expect(verdict(dag, again.state)).toBeDefined();
      }),
    );
  });

  it('starts nothing more once it is cancelled, and ends when what runs has ended', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, (dag) => {
        const begun = step(dag, initialState(dag), { kind: 'begun' });
        let { state } = step(dag, begun.state, { kind: 'cancelled' });
        expect(activeCount(state)).toBe(begun.starts.length);
        for (const place of begun.starts) {
          const next = step(dag, state, { ...place, kind: 'stopped' });
          expect(next.starts).toEqual([]);
          state = next.state;
        }
        const mayRun = Object.values(begun.state.tasks).some((task) => !ENDED.includes(task.state));
        expect(verdict(dag, state)).toBe(mayRun ? 'cancelled' : verdict(dag, begun.state));
      }),
    );
  });

  it('starts nothing while it is paused, and all that it held back when it goes on', () => {
    fc.assert(
      fc.property(ARBITRARY_DAG, (dag) => {
        const paused = step(dag, initialState(dag), { kind: 'paused' });
        expect(paused.starts).toEqual([]);
        expect(step(dag, paused.state, { kind: 'begun' }).starts).toEqual([]);
        expect(step(dag, paused.state, { kind: 'resumed' })).toEqual(step(dag, initialState(dag), { kind: 'begun' }));
      }),
    );
  });
});
