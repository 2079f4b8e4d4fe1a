import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DagActivities } from '../activities/dag-activities.ts';
import type { Claim, ClaimAnswer } from '../dag/gate.ts';
import type { RunRef } from '../dag/run.ts';
import { markdownText } from './current-details.ts';
import { ASK } from './dag-activity-options.ts';
import { DAG_GATE, type Granted, type Release, RUN_DAG } from './dag-messages.ts';
import { ahead, EMPTY_GATE, enter, type GateState, holds, isEmpty, leave, otherAt, serve } from './gate-queue.ts';

const { closedRuns } = proxyActivities<DagActivities>(ASK);

/** How often runs that may have died are looked at: while others wait for their slot, and while none does. */
const LOOK_WHILE_QUEUED_MS = 30_000;
const LOOK_WHILE_HELD_MS = 600_000;
/** A gate without runs ends after it; the next claim starts it again. */
const IDLE_MS = 600_000;

/** `state`: of the gate that this one continues. */
export type DagGateInput = { readonly dagId: string; readonly state?: GateState };

/**
 * The gate of one DAG: it lets one run at a time have an interval, and as many run at once as maxActiveRuns says. The
 * runs claim and release; those that die without a release are found out. It is started by a claim, and ends when it is
 * no longer needed.
 */
export async function dagGate(input: DagGateInput): Promise<void> {
  // A gate that was begun before looks when nothing has changed for a while, until it ends or continues as new.
  const onTime = patched('gate-looks-on-time');
  let state = input.state ?? EMPTY_GATE;
  let changed = false;
  let looked = Date.now();
  const change = (to: GateState) => {
    changed ||= to !== state;
    state = to;
  };
  const dropClosed = async (runs: readonly RunRef[]) => {
    const { closed } = await closedRuns.executeWithOptions({ summary: `are these runs closed? ${runs.length}` }, [
      { runs },
    ]);
    for (const run of closed) change(leave(state, run, false));
  };

  setHandler(defineQuery<GateState>(DAG_GATE.state), () => state);
  setHandler(defineSignal<[Release]>(DAG_GATE.release), ({ run, keepInterval }) =>
    change(leave(state, run, keepInterval)),
  );
  setHandler(defineUpdate<ClaimAnswer, [Claim]>(DAG_GATE.claim), async (claim) => {
    const first = otherAt(state, claim);
    if (first !== undefined) await dropClosed([first]);
    const other = otherAt(state, claim);
    if (other !== undefined) return { kind: 'running', workflowId: other.workflowId };
    const { state: served, granted } = serve(enter(state, claim));
    change(served);
    changed ||= !onTime;
    for (const each of granted) if (each.run.runKey !== claim.run.runKey) void tellGranted(each);
    return holds(state, claim.run) ? { kind: 'granted' } : { kind: 'queued', ahead: ahead(state, claim.run) };
  });

  /** A run that cannot be told is closed, and its slot goes to the next one. */
  async function tellGranted({ run }: Claim): Promise<void> {
    const granted: Granted = { runKey: run.runKey };
    try {
      await getExternalWorkflowHandle(run.workflowId).signal(RUN_DAG.granted, granted);
    } catch {
      change(leave(state, run, false));
    }
  }

  for (;;) {
    const { state: served, granted } = serve(state);
    state = served;
    await Promise.all(granted.map(tellGranted));
    setCurrentDetails(details(input.dagId, state));
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof dagGate>({ dagId: input.dagId, state });
    }
    if (isEmpty(state) || !onTime) looked = Date.now();
    const wait = looked + waitMs(state) - Date.now();
    const woken = wait > 0 && (await condition(() => changed, wait));
    changed = false;
    if (woken) continue;
    if (isEmpty(state) && allHandlersFinished()) return;
    const runs = [...state.holders, ...state.parked].map(({ run }) => run);
    if (runs.length > 0) await dropClosed(runs);
    looked = Date.now();
  }
}

/** From one look at the runs to the next, however much changes between them. */
function waitMs(state: GateState): number {
  if (isEmpty(state)) return IDLE_MS;
  return state.queue.length > 0 ? LOOK_WHILE_QUEUED_MS : LOOK_WHILE_HELD_MS;
}

function details(dagId: string, { maxActiveRuns, holders, parked, queue }: GateState): string {
  const ids = (claims: readonly Claim[]) => claims.slice(0, 20).map(({ run }) => `- ${markdownText(run.workflowId)}`);
  return [
    `**${markdownText(dagId)}**: ${holders.length} of ${maxActiveRuns} runs, ${queue.length} queued, ${parked.length} waiting to be cleared`,
    ...[...ids(holders), ...ids(parked)],
  ].join('\n');
}
