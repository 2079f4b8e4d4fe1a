import type { NodeProgress } from '../sync/outcome.ts';

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

export type NodeView = {
  readonly index: number;
  readonly state: 'waiting' | 'loading' | 'ended';
  readonly attempt: number;
  /** Absent until the node has said something. */
  readonly progress?: NodeProgress;
  /** Bytes a second, over the last seconds. */
  readonly rate: number;
};

export type ProgressView = {
  readonly phase: string;
  readonly nodes: readonly NodeView[];
  /** Of all nodes of the round; 0: not known yet. */
  readonly of: number;
  readonly partitions: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly rate: number;
  readonly etaSeconds?: number;
  /** Steps that failed and are tried again, with their words. */
  readonly retries: readonly string[];
};

type Sample = { readonly at: number; readonly bytes: number };
type NodeState = Omit<NodeView, 'rate'> & { readonly round: number; readonly samples: readonly Sample[] };

/** What is remembered between two descriptions of a run. */
export type ProgressState = { readonly nodes: readonly NodeState[]; readonly pending: readonly PendingActivity[] };

export const NO_PROGRESS: ProgressState = { nodes: [], pending: [] };

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

/** Takes in what Temporal describes now, `at` milliseconds. A node that was pending and is no more has ended. */
export function foldProgress(before: ProgressState, pending: readonly PendingActivity[], at: number): ProgressState {
  const loads = pending.flatMap((activity) => {
    const [, index, round] = /^load-(\d+)(?:-r(\d+))?$/.exec(activity.id) ?? [];
    return index === undefined ? [] : [{ activity, index: Number(index), round: Number(round ?? 1) }];
  });
  // A later round starts a count of its own.
  const round = Math.max(0, ...loads.map((load) => load.round));
  const known = before.nodes.filter((node) => round === 0 || node.round === round);
  const ended = known
    .filter((node) => !loads.some((load) => load.index === node.index))
    .map((node): NodeState => ({ ...node, state: 'ended', samples: [] }));
  const loading = loads
    .filter((load) => load.round === round)
    .map(({ activity, index }): NodeState => {
      const last = known.find((node) => node.index === index);
      const progress = activity.progress ?? last?.progress;
      return {
        index,
        round,
        state: activity.running ? 'loading' : 'waiting',
        attempt: activity.attempt,
        ...(progress === undefined ? {} : { progress }),
        samples: progress === undefined ? [] : sampled(last?.samples ?? [], { at, bytes: progress.bytes.done }),
      };
    });
  return { nodes: [...ended, ...loading].sort((a, b) => a.index - b.index), pending };
}

export function viewProgress({ nodes, pending }: ProgressState): ProgressView {
  const views = nodes.map(
    ({ samples, round: _, ...node }): NodeView => ({ ...node, rate: node.state === 'loading' ? rateOf(samples) : 0 }),
  );
  const spoken = views.flatMap(({ state, progress }) => (progress === undefined ? [] : [{ state, progress }]));
  const sum = (of: 'partitions' | 'bytes') => ({
    done: spoken.reduce(
      (total, { state, progress }) => total + (state === 'ended' ? progress[of].total : progress[of].done),
      0,
    ),
    total: spoken.reduce((total, { progress }) => total + progress[of].total, 0),
  });
  const [bytes, rate] = [sum('bytes'), views.reduce((total, node) => total + node.rate, 0)];
  const of = Math.max(0, ...spoken.map(({ progress }) => progress.of));
  const left = bytes.total - bytes.done;
  return {
    phase: phaseOf(pending),
    nodes: views,
    of,
    partitions: sum('partitions'),
    bytes,
    rate,
    // Nodes that have not said how much they carry make any estimate wrong.
    ...(rate > 0 && left > 0 && spoken.length === of ? { etaSeconds: left / rate } : {}),
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
