import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { SyncActivities } from '../../activities/activities.ts';
import { toFailure } from '../../activities/to-failure.ts';
import type { Code } from '../../errors/codes.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import type { Ending, NodeRef, NodeResult, Outcome, OutcomeKind, PlanRef, ResolvedSpec } from '../../sync/outcome.ts';
import { outcomeWithoutClosing } from '../../workflows/outcome-without-closing.ts';
import { USUAL_CHOICES } from '../usual-choices.ts';

/** What a load does: a result that differs from the whole success of its node, an error, or work until it is cancelled. */
export type LoadScript =
  | Partial<NodeResult>
  | { readonly throws: Code; readonly message?: string }
  | 'until-cancelled'
  | 'fails-when-cancelled';

/** How the activities of one run behave; what is left out goes well. Steps named in `throws` fail with that error. */
export type Script = {
  readonly throws?: Partial<Record<keyof SyncActivities, readonly [Code, string]>>;
  /** How long the server waits before it tries what `throws` again; left out: as the retry policy says. */
  readonly retryIn?: '13h';
  /** The step that goes on until it is cancelled; what the run makes up for after its cancellation goes well. */
  readonly hangs?: keyof SyncActivities;
  /** The step that ends only when it is let go. */
  readonly holds?: keyof SyncActivities;
  readonly spec?: Partial<ResolvedSpec>;
  readonly plan?: Partial<PlanRef>;
  /** By activity id ('load-2', 'load-2-r2'); a list: what it does the first time, the second... */
  readonly loads?: Readonly<Record<string, LoadScript | readonly LoadScript[]>>;
  /** By round, from 2 on: the nodes of that round. */
  readonly rounds?: Readonly<Record<number, readonly NodeRef[]>>;
  readonly outcome?: Partial<Outcome>;
};

export type Call = { readonly activity: string; readonly id: string; readonly queue: string; readonly input: unknown };

/** What a workflow asked of its activities. */
export type Played = {
  readonly activities: SyncActivities;
  readonly calls: Call[];
  endings(): readonly Ending[];
  /** Ends the step that the script holds. */
  letGo(): void;
};

export function nodeRef(index: number, over: Partial<NodeRef> = {}): NodeRef {
  return {
    index,
    round: 1,
    of: 3,
    manifest: 'a'.repeat(64),
    partitions: 4,
    files: 8,
    bytes: 4 * 2 ** 20,
    ...over,
  };
}

export const PLAN: PlanRef = {
  file: { path: '/user/etl/hive-ferry/run/plan.json', sha256: 'b'.repeat(64) },
  counts: { selected: 20, unchanged: 8, toCopy: 12, diverged: 0, toPrune: 0, skipped: 0 },
  nodes: [nodeRef(1), nodeRef(2), nodeRef(3)],
  ensure: ['create table sales.orders'],
  toRegister: 0,
};

export const NOTHING_TO_COPY: Partial<PlanRef> = {
  nodes: [],
  ensure: [],
  counts: { selected: 20, unchanged: 20, toCopy: 0, diverged: 0, toPrune: 0, skipped: 0 },
};

/**
 * Activities that do nothing but answer as a script says: they are for the decisions of the workflow alone. Failures go
 * through the real to-failure.
 */
export function play(script: Script): Played {
  const calls: Call[] = [];
  const results: NodeResult[] = [];
  let letGo = () => {};
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const step = <Name extends keyof SyncActivities>(name: Name, answer: (input: InputOf<Name>) => Promise<unknown>) => {
    return async (input: InputOf<Name>) => {
      const { info, cancellationSignal } = Context.current();
      calls.push({ activity: name, id: info.activityId, queue: info.taskQueue, input });
      try {
        const error: readonly [Code, string] | undefined = script.throws?.[name];
        if (error !== undefined) throw new FerryError(...error);
        if (script.hangs === name && !info.activityId.endsWith('-cancelled')) await untilCancelled();
        if (script.holds === name) await free;
        return await answer(input);
      } catch (error) {
        const failure = toFailure(error, cancellationSignal);
        if (script.retryIn === undefined || !(failure instanceof ApplicationFailure)) throw failure;
        throw ApplicationFailure.fromError(failure, { nextRetryDelay: script.retryIn });
      }
    };
  };
  const activities = {
    resolveInput: step('resolveInput', async ({ input, run }) => specOf(input as { table: string }, run, script.spec)),
    planNodes: step('planNodes', async () => ({ ...PLAN, ...script.plan })),
    planRound: step('planRound', async ({ round }) => ({ nodes: script.rounds?.[round] ?? [] })),
    ensureTable: step('ensureTable', async () => ({ created: true, location: 'hdfs://b:8020/w/orders', applied: [] })),
    loadNode: step('loadNode', async ({ node }) => {
      const id = Context.current().info.activityId;
      const result = await loaded(node, loadScript(script, id, calls.filter((call) => call.id === id).length));
      results.push(result);
      return result;
    }),
    refreshMetadata: step('refreshMetadata', async () => ({ registered: 12, altered: 0, unexpected: 0 })),
    closeRun: step('closeRun', async ({ spec, plan, ending }) =>
      outcomeOf(spec, plan, results, ending, script.outcome),
    ),
  };
  return {
    activities: activities as unknown as SyncActivities,
    calls,
    letGo,
    endings: () =>
      calls.filter((call) => call.activity === 'closeRun').map((call) => (call.input as { ending: Ending }).ending),
  };
}

type InputOf<Name extends keyof SyncActivities> = Parameters<SyncActivities[Name]>[0];

function specOf(
  input: { readonly table: string },
  run: { runKey: string; workflowId: string; runId: string },
  over: Partial<ResolvedSpec> = {},
): ResolvedSpec {
  const [database = '', table = ''] = input.table.split('.');
  return {
    ...USUAL_CHOICES,
    runKey: run.runKey,
    workflowId: run.workflowId,
    runId: run.runId,
    source: { cluster: 'a', database, table },
    target: { cluster: 'b', database, table },
    nodes: { count: 3, memoryBytes: 64 * 2 ** 20 },
    ...over,
  };
}

async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 20);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(beat);
  }
}

/** What the load does when it is started for the time numbered `time`, from 1 on. */
function loadScript({ loads }: Script, id: string, time: number): LoadScript | undefined {
  const said = loads?.[id];
  return Array.isArray(said) ? (said as readonly LoadScript[])[time - 1] : (said as LoadScript | undefined);
}

async function loaded(node: NodeRef, script: LoadScript = {}): Promise<NodeResult> {
  if (script === 'until-cancelled') return await untilCancelled();
  if (script === 'fails-when-cancelled') {
    await untilCancelled().catch(() => {});
    throw new FerryError('QUOTA_EXCEEDED', 'full when it was let go');
  }
  if ('throws' in script) throw new FerryError(script.throws, script.message ?? 'thrown by the script');
  return {
    index: node.index,
    round: node.round,
    partitions: node.partitions,
    published: node.partitions,
    failed: 0,
    retryable: 0,
    files: { copied: node.files, reused: 0 },
    bytes: { copied: node.bytes },
    peakMemoryBytes: 32 * 2 ** 20,
    budgetBytes: 64 * 2 ** 20,
    seconds: 1,
    ...script,
  };
}

/** Told from what the run says alone; what a real one folds out of plan and ledger is in sync/. */
function outcomeOf(
  spec: ResolvedSpec,
  plan: PlanRef | undefined,
  results: readonly NodeResult[],
  ending: Ending,
  over: Partial<Outcome> = {},
): Outcome {
  const counted = outcomeWithoutClosing(
    spec,
    plan,
    results,
    { failure: NO_FAILURE, ...ending },
    new Date(Date.parse(ending.startedAt) + 1000),
  );
  return { ...counted, outcome: kindOf(counted, ending), failures: [], ...over };
}

const NO_FAILURE = { code: 'INTERNAL', message: '', hint: '', beforeAnyByte: false } as const;

function kindOf({ partitions }: Outcome, ending: Ending): OutcomeKind {
  if (ending.cancelled) return 'cancelled';
  if (ending.failure !== undefined) return ending.failure.beforeAnyByte ? 'refused' : 'failed';
  if (partitions.failed > 0) return 'partial';
  return partitions.published > 0 ? 'complete' : 'nothing-to-do';
}
