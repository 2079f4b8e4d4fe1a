import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Claim } from '../../../dag/gate.ts';
import type { RunType } from '../../../dag/spec.ts';
import {
  ahead,
  EMPTY_GATE,
  enter,
  type GateState,
  holds,
  isEmpty,
  leave,
  otherAt,
  serve,
} from '../../../workflows/gate-queue.ts';

function claim(name: string, runType: RunType = 'scheduled', maxActiveRuns = 2): Claim {
  return { run: { workflowId: `dag/${name}`, runKey: `${name}-key` }, runType, intervalStart: name, maxActiveRuns };
}

/** The gate after these claims, each served at once. */
function gateAfter(...claims: readonly Claim[]): GateState {
  return claims.reduce((state, each) => serve(enter(state, each)).state, EMPTY_GATE);
}

function names(claims: readonly Claim[]): readonly string[] {
  return claims.map(({ intervalStart }) => intervalStart);
}

describe('the queue of a gate', () => {
  it('gives slots in the order of the claims, as many as the latest claim says', () => {
    const state = gateAfter(claim('a'), claim('b'), claim('c'));
    expect([names(state.holders), names(state.queue)]).toEqual([['a', 'b'], ['c']]);
    expect(names(gateAfter(claim('a'), claim('b'), claim('c', 'scheduled', 3)).holders)).toEqual(['a', 'b', 'c']);
  });

  it('is the same one after a claim that changes nothing', () => {
    const state = gateAfter(claim('a'), claim('b'), claim('c'));
    expect(serve(enter(state, claim('c'))).state).toBe(state);
    expect(serve(enter(state, claim('a'))).state).toBe(state);
    expect(serve(enter(state, claim('a', 'scheduled', 3))).state).not.toBe(state);
  });

  it('serves manual runs, then scheduled, then backfills', () => {
    const queued = [claim('fill', 'backfill', 1), claim('cron', 'scheduled', 1), claim('hand', 'manual', 1)];
    let state = gateAfter(claim('first', 'scheduled', 1), ...queued);
    expect(queued.map(({ run }) => ahead(state, run))).toEqual([2, 1, 0]);
    const served: string[] = [];
    while (state.holders[0] !== undefined) {
      const next = serve(leave(state, state.holders[0].run, false));
      served.push(...names(next.granted));
      state = next.state;
    }
    expect(served).toEqual(['hand', 'cron', 'fill']);
  });

  it('leaves one slot free of backfills, unless there is only one', () => {
    expect(
      names(gateAfter(claim('a', 'backfill', 3), claim('b', 'backfill', 3), claim('c', 'backfill', 3)).holders),
    ).toEqual(['a', 'b']);
    expect(names(gateAfter(claim('a', 'backfill', 1)).holders)).toEqual(['a']);
  });

  it('knows the other run of an interval; an earlier run of the same workflow id is none, and makes way', () => {
    const state = gateAfter(claim('a'));
    expect(otherAt(state, { ...claim('b'), intervalStart: 'a' })).toEqual(claim('a').run);
    const newer = { ...claim('a'), run: { workflowId: 'dag/a', runKey: 'newer' } };
    expect(otherAt(state, newer)).toBeUndefined();
    expect(serve(enter(state, newer)).state.holders).toEqual([newer]);
  });

  it('keeps the interval of a run that waits to be cleared, and not its slot', () => {
    const state = leave(gateAfter(claim('a', 'scheduled', 1), claim('b', 'scheduled', 1)), claim('a').run, true);
    const { state: served, granted } = serve(state);
    expect(names(granted)).toEqual(['b']);
    expect(otherAt(served, { ...claim('x'), intervalStart: 'a' })).toEqual(claim('a').run);
    expect(names(enter(served, claim('a', 'scheduled', 1)).queue)).toEqual(['a']);
    expect(enter(served, claim('a', 'scheduled', 1)).parked).toEqual([]);
  });

  it('asking twice is asking once; leaving twice is leaving once', () => {
    const state = gateAfter(claim('a'), claim('b'), claim('c'));
    for (const name of ['a', 'c']) expect(serve(enter(state, claim(name))).state).toEqual(state);
    const left = leave(state, claim('a').run, false);
    expect(leave(left, claim('a').run, false)).toBe(left);
  });

  it('whatever comes in whatever order: never more holders than slots, a run stands in one place, and nobody is forgotten', () => {
    const event = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      kind: fc.constantFrom('claim', 'leave', 'park'),
      runType: fc.constantFrom<RunType>('manual', 'scheduled', 'backfill'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (events, slots) => {
        let state = EMPTY_GATE;
        const inside = new Set<string>();
        for (const { name, kind, runType } of events) {
          const each = claim(name, runType, slots);
          if (kind === 'claim') inside.add(name);
          if (kind === 'leave') inside.delete(name);
          state = serve(kind === 'claim' ? enter(state, each) : leave(state, each.run, kind === 'park')).state;
          const all = names([...state.holders, ...state.parked, ...state.queue]);
          expect([...all].sort()).toEqual([...inside].sort());
          expect(state.holders.length).toBeLessThanOrEqual(slots);
        }
        while (state.holders[0] !== undefined) state = serve(leave(state, state.holders[0].run, false)).state;
        expect(state.queue).toEqual([]);
        for (const { run } of state.parked) state = leave(state, run, false);
        expect([isEmpty(state), holds(state, claim('a').run)]).toEqual([true, false]);
      }),
    );
  });
});
