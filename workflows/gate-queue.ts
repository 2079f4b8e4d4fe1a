import type { Claim } from '../dag/gate.ts';
import type { RunRef } from '../dag/run.ts';
import type { RunType } from '../dag/spec.ts';

/** The gate of a DAG, as plain JSON. A run stands in one of the lists, and is the one run of its interval. */
export type GateState = {
  /** What the latest claim says. */
  readonly maxActiveRuns: number;
  /** Runs that have a slot. */
  readonly holders: readonly Claim[];
  /** Runs that keep their interval without a slot, until they are cleared. */
  readonly parked: readonly Claim[];
  /** In the order of their claims. */
  readonly queue: readonly Claim[];
};

export const EMPTY_GATE: GateState = { maxActiveRuns: 1, holders: [], parked: [], queue: [] };

const RANK: Readonly<Record<RunType, number>> = { manual: 0, scheduled: 1, backfill: 2 };

/** The other run that has the interval of a claim. An earlier run of the same workflow id is none: it must have closed. */
export function otherAt(state: GateState, { run, intervalStart }: Claim): RunRef | undefined {
  const at = everyone(state).find((each) => each.intervalStart === intervalStart);
  return at === undefined || at.run.workflowId === run.workflowId ? undefined : at.run;
}

/** A run asks for its interval, which nobody else has, and for a slot. One that has a slot or is queued already stays so. Gives the same state where nothing changes. */
export function enter(state: GateState, claim: Claim): GateState {
  const { maxActiveRuns } = claim;
  const known = [...state.holders, ...state.queue].some(({ run }) => isSame(run, claim.run));
  if (known) return maxActiveRuns === state.maxActiveRuns ? state : { ...state, maxActiveRuns };
  const left = without(state, ({ run }) => run.workflowId === claim.run.workflowId);
  return { ...left, maxActiveRuns, queue: [...left.queue, claim] };
}

/** Gives slots to those in the queue while there are any: manual runs first, then scheduled, then backfills, each in the order of their claims. Gives the same state where there is none. */
export function serve(state: GateState): { readonly state: GateState; readonly granted: readonly Claim[] } {
  const granted: Claim[] = [];
  for (const claim of byRank(state.queue)) {
    if (state.holders.length + granted.length >= slotsFor(claim.runType, state.maxActiveRuns)) break;
    granted.push(claim);
  }
  if (granted.length === 0) return { state, granted };
  const queue = state.queue.filter((claim) => !granted.includes(claim));
  return { state: { ...state, queue, holders: [...state.holders, ...granted] }, granted };
}

/** A run gives back its slot, and its interval too unless it keeps that to be cleared. */
export function leave(state: GateState, run: RunRef, keepInterval: boolean): GateState {
  const claim = everyone(state).find((each) => isSame(each.run, run));
  if (claim === undefined) return state;
  const left = without(state, (each) => each === claim);
  return keepInterval ? { ...left, parked: [...left.parked, claim] } : left;
}

/** How many runs are served before this one, as things stand. */
export function ahead(state: GateState, run: RunRef): number {
  return byRank(state.queue).findIndex((claim) => isSame(claim.run, run));
}

export function holds(state: GateState, run: RunRef): boolean {
  return state.holders.some((claim) => isSame(claim.run, run));
}

export function isEmpty(state: GateState): boolean {
  return everyone(state).length === 0;
}

/** A backfill leaves one slot to the runs of today; where there is only one, it has to take that. */
function slotsFor(runType: RunType, maxActiveRuns: number): number {
  return runType === 'backfill' ? Math.max(1, maxActiveRuns - 1) : maxActiveRuns;
}

function byRank(queue: readonly Claim[]): readonly Claim[] {
  return [...queue].sort((a, b) => RANK[a.runType] - RANK[b.runType]);
}

function everyone({ holders, parked, queue }: GateState): readonly Claim[] {
  return [...holders, ...parked, ...queue];
}

function without(state: GateState, which: (claim: Claim) => boolean): GateState {
  const rest = (claims: readonly Claim[]) => claims.filter((claim) => !which(claim));
  return { ...state, holders: rest(state.holders), parked: rest(state.parked), queue: rest(state.queue) };
}

function isSame(a: RunRef, b: RunRef): boolean {
  return a.workflowId === b.workflowId && a.runKey === b.runKey;
}
