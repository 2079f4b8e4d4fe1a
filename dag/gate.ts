import type { RunRef } from './run.ts';
import type { RunType } from './spec.ts';

/**
 * What a run asks of the workflow `dagGate` of its DAG, by the update `claim`: to be the one run of its interval, and to
 * have one of the DAG's slots. Asking twice is asking once.
 */
export type Claim = {
  readonly run: RunRef;
  readonly runType: RunType;
  /** RFC 3339, UTC. */
  readonly intervalStart: string;
  /** Of the DAG as this run sees it; the latest claim's holds. */
  readonly maxActiveRuns: number;
};

/**
 * granted: the run has a slot. queued: it gets the signal `granted` when it has one. running: another run, open and
 * asked for before, owns the interval.
 */
export type ClaimAnswer =
  | { readonly kind: 'granted' }
  | { readonly kind: 'queued'; readonly ahead: number }
  | { readonly kind: 'running'; readonly workflowId: string };

/** How the gate of a DAG is reached; said by the workflow that asks, which knows the names of workflows and messages. */
export type GateAddress = {
  readonly workflowId: string;
  readonly workflow: string;
  readonly update: string;
  /** The argument of the gate, should the claim have to start it. */
  readonly start: { readonly dagId: string };
};
