import type { NodeProgress, NodeRef, NodeResult } from '../sync/outcome.ts';
import type { PauseState } from '../workflows/messages.ts';

/** An activity that Temporal has handed out or is about to: the part of a description that progress is read from. */
export type PendingActivity = {
  /** 'load-3', 'load-3-r2', 'plan' */
  readonly id: string;
  readonly type: string;
  readonly running: boolean;
  readonly attempt: number;
  readonly progress?: NodeProgress;
  /** What the attempt before said, on one line. */
  readonly lastFailure?: string;
};

/** What a run's history says: what its nodes were given, what those that ended did, whether it is paused. */
export type RunFacts = {
  readonly planned: readonly NodeRef[];
  readonly results: readonly NodeResult[];
  readonly pause: PauseState;
};

type Count = { readonly done: number; readonly total: number };
type Counts = { readonly partitions: Count; readonly bytes: Count };

export type NodeView = {
  readonly index: number;
  readonly state: 'waiting' | 'loading' | 'ended';
  readonly attempt: number;
  /** Absent: not known yet. */
  readonly counts?: Counts;
  /** Partitions that were tried and did not get there, of a node that has ended. */
  readonly failed: number;
  /** Bytes a second, over the last seconds. */
  readonly rate: number;
};

export type ProgressView = Counts & {
  readonly phase: string;
  readonly nodes: readonly NodeView[];
  /** Of all nodes of the round; 0: not known yet. */
  readonly of: number;
  readonly rate: number;
  readonly etaSeconds?: number;
  /** Steps that failed and are tried again, with their words. */
  readonly retries: readonly string[];
};

type Sample = { readonly at: number; readonly bytes: number };
type NodeState = Omit<NodeView, 'rate'> & { readonly samples: readonly Sample[] };

/** What is remembered between two descriptions of a run. */
export type ProgressState = {
  readonly round: number;
  readonly of: number;
  readonly nodes: readonly NodeState[];
  readonly pending: readonly PendingActivity[];
  readonly pause: PauseState;
};

export const NO_PROGRESS: ProgressState = { round: 0, of: 0, nodes: [], pending: [], pause: 'running' };
export const NO_FACTS: RunFacts = { planned: [], results: [], pause: 'running' };

const WINDOW_MS = 10_000;
const PHASES: readonly [string, string][] = [
  ['loadNode', 'copying'],
  ['closeRun', 'closing the run'],
  ['refreshMetadata', 'refreshing metadata'],
  ['ensureTable', 'ensuring the table'],
  ['planRound', 'planning the next round'],
  ['planNodes', 'planning nodes'],
  ['resolveInput', 'checking the input'],
];

/** Takes in what Temporal says now, `at` milliseconds. A later round starts a count of its own. */
export function foldProgress(
  before: ProgressState,
  pending: readonly PendingActivity[],
  facts: RunFacts,
  at: number,
): ProgressState {
  const loads = pending.flatMap((activity) => {
    const [, index, round] = /^load-(\d+)(?:-r(\d+))?$/.exec(activity.id) ?? [];
    return index === undefined ? [] : [{ activity, index: Number(index), round: Number(round ?? 1) }];
  });
  const round = Math.max(before.round, ...loads.map((load) => load.round), ...facts.planned.map((node) => node.round));
  const known = before.round === round ? before.nodes : [];
  const planned = facts.planned.filter((node) => node.round === round);
  const indexes = new Set(
    [...planned, ...loads.filter((load) => load.round === round), ...known].map(({ index }) => index),
  );
  const nodes = [...indexes]
    .sort((a, b) => a - b)
    .map((index) =>
      foldNode(index, at, {
        last: known.find((node) => node.index === index),
        planned: planned.find((node) => node.index === index),
        activity: loads.find((load) => load.index === index && load.round === round)?.activity,
        result: facts.results.find((result) => result.index === index && result.round === round),
        pause: facts.pause,
      }),
    );
  const told = loads.map(({ activity }) => activity.progress?.of ?? 0);
  const of = planned.length > 0 ? planned.length : Math.max(before.of, ...told);
  return { round, of, nodes, pending, pause: facts.pause };
}

type NodeFacts = {
  readonly last: NodeState | undefined;
  readonly planned: NodeRef | undefined;
  readonly activity: PendingActivity | undefined;
  readonly result: NodeResult | undefined;
  readonly pause: PauseState;
};

function foldNode(index: number, at: number, { last, planned, activity, result, pause }: NodeFacts): NodeState {
  const counts = countsOf(activity?.progress) ?? last?.counts ?? countsOf(planned);
  const node = {
    index,
    attempt: activity?.attempt ?? last?.attempt ?? 1,
    failed: 0,
    samples: [],
    ...(counts === undefined ? {} : { counts }),
  };
  if (activity !== undefined) {
    const samples = counts === undefined ? [] : sampled(last?.samples ?? [], { at, bytes: counts.bytes.done });
    return { ...node, state: activity.running ? 'loading' : 'waiting', samples };
  }
  if (result !== undefined)
    return { ...node, state: 'ended', failed: result.failed, counts: endCounts(result, counts) };
  // It was pending and is no more, or its turn has not come, or it was let go and comes again.
  const waits = last === undefined || last.state === 'waiting' || pause !== 'running';
  return { ...node, state: waits ? 'waiting' : 'ended' };
}

function countsOf(of: NodeProgress | NodeRef | undefined): Counts | undefined {
  if (of === undefined) return undefined;
  if (typeof of.bytes === 'object' && typeof of.partitions === 'object')
    return { partitions: of.partitions, bytes: of.bytes };
  return { partitions: { done: 0, total: Number(of.partitions) }, bytes: { done: 0, total: Number(of.bytes) } };
}

/** Bytes that were there already, from an earlier attempt, are not among the copied ones. */
function endCounts({ partitions, published, failed, bytes }: NodeResult, counts: Counts | undefined): Counts {
  const total = counts?.bytes.total ?? bytes.copied;
  return {
    partitions: { done: failed === 0 ? partitions : published, total: partitions },
    bytes: { done: failed === 0 ? total : Math.min(total, bytes.copied), total },
  };
}

export function viewProgress({ of, nodes, pending, pause }: ProgressState): ProgressView {
  const views = nodes.map(
    ({ samples, ...node }): NodeView => ({ ...node, rate: node.state === 'loading' ? rateOf(samples) : 0 }),
  );
  const counts = views.flatMap((node) => (node.counts === undefined ? [] : [node.counts]));
  const sum = (what: 'partitions' | 'bytes'): Count => ({
    done: counts.reduce((total, each) => total + each[what].done, 0),
    total: counts.reduce((total, each) => total + each[what].total, 0),
  });
  const [bytes, rate] = [sum('bytes'), views.reduce((total, node) => total + node.rate, 0)];
  const left = bytes.total - bytes.done;
  return {
    phase: pause === 'running' ? phaseOf(pending) : pause,
    nodes: views,
    of,
    partitions: sum('partitions'),
    bytes,
    rate,
    // Nodes of which nothing is known make any estimate wrong.
    ...(rate > 0 && left > 0 && counts.length === of ? { etaSeconds: left / rate } : {}),
    retries: pending.flatMap(({ id, attempt, lastFailure }) =>
      lastFailure === undefined ? [] : [`${id}, attempt ${attempt}: ${lastFailure}`],
    ),
  };
}

function phaseOf(pending: readonly PendingActivity[]): string {
  return PHASES.find(([type]) => pending.some((activity) => activity.type === type))?.[1] ?? 'waiting';
}

/** Keeps the window. A count that went back belongs to a new attempt, which starts a new window. */
function sampled(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.bytes < last.bytes) return [sample];
  return [...samples.filter(({ at }) => sample.at - at <= WINDOW_MS), sample];
}

function rateOf(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return 0;
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
}
