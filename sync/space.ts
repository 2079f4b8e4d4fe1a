import type { QuotaUsage } from '../storage/quota.ts';
import { mustStage, type Plan, type PlannedPartition } from './plan.ts';
import { parentOf } from './run-folder.ts';
import type { StagedBefore } from './staged-before.ts';
import { mostOpenFiles } from './streams.ts';

/** What a run adds below a folder of the target, at its peak: everything is staged beside what stands, and nothing of that goes before the run's end. */
export type Demand = {
  /** Of the files, each counted once. */
  readonly bytes: number;
  /** New files, and the folders of their partitions. */
  readonly names: number;
  /** Files being written at once, at most. */
  readonly openFiles: number;
  /** Names of the run's own, at most: the folders of each node's attempt and its files on their way. */
  readonly scaffolding: number;
};

/** How the target keeps what is written below a folder. */
export type Keeping = {
  /** Bytes on disk for each byte of a file: the replication, or what erasure coding takes. */
  readonly factor: number;
  readonly blockSize: number;
};

/** A quota of a folder against what the run needs of it. */
export type Room = {
  readonly path: string;
  readonly kind: 'space' | 'names';
  readonly limit: number;
  readonly used: number;
  /** Of files alone: what the run cannot do without. */
  readonly needed: number;
  /** What it may need besides for a while: blocks are charged whole until their file is closed, attempts have folders. */
  readonly margin: number;
  /** 'tight': only if what is needed for a while finds room too. */
  readonly fits: 'yes' | 'tight' | 'no';
};

/** An attempt's folders and their like on the way in: run, new-<uuid>, n<i>-<uuid>, stage, part, retired, adopted, one aside. */
const FOLDERS_OF_AN_ATTEMPT = 8;

/** The demand of a plan below each folder that it stages in, by the folder above the stage root. */
export function demandsOf(
  { spec, partitions }: Pick<Plan, 'spec' | 'partitions'>,
  before: StagedBefore = new Map(),
): ReadonlyMap<string, Demand> {
  const byHome = new Map<string, PlannedPartition[]>();
  for (const planned of partitions.filter(mustStage)) {
    const home = parentOf(planned.stageRoot);
    const staged = byHome.get(home) ?? [];
    staged.push(planned);
    byHome.set(home, staged);
  }
  return new Map([...byHome].map(([home, staged]) => [home, demandOf(spec, staged, before)]));
}

function demandOf({ nodes }: Plan['spec'], staged: readonly PlannedPartition[], before: StagedBefore): Demand {
  const sum = (of: (planned: PlannedPartition) => number) => staged.reduce((total, one) => total + of(one), 0);
  const files = sum((planned) => Math.max(0, planned.files - (before.get(planned.k)?.files ?? 0)));
  const count = Math.min(nodes.count, staged.length);
  const openFiles = Math.min(files, count * mostOpenFiles(nodes.memoryBytes));
  return {
    bytes: sum((planned) => Math.max(0, planned.bytes - (before.get(planned.k)?.bytes ?? 0))),
    names: files + staged.filter(({ k }) => !before.has(k)).length,
    openFiles,
    scaffolding: count * FOLDERS_OF_AN_ATTEMPT + openFiles,
  };
}

/** Several demands below one folder. */
export function sumOfDemands(demands: readonly Demand[]): Demand {
  const sum = (field: keyof Demand) => demands.reduce((total, demand) => total + demand[field], 0);
  return { bytes: sum('bytes'), names: sum('names'), openFiles: sum('openFiles'), scaffolding: sum('scaffolding') };
}

/** Whether the demand fits into the quotas of a folder; one line for each that is set. */
export function roomsIn(path: string, usage: QuotaUsage, demand: Demand, keeping: Keeping): readonly Room[] {
  const room = (
    kind: Room['kind'],
    limit: number | undefined,
    used: number,
    needed: number,
    margin: number,
  ): Room[] => {
    if (limit === undefined) return [];
    const fits = used + needed > limit ? 'no' : used + needed + margin > limit ? 'tight' : 'yes';
    return [{ path, kind, limit, used, needed, margin, fits }];
  };
  const space = Math.ceil(demand.bytes * keeping.factor);
  const blocks = Math.ceil(demand.openFiles * keeping.blockSize * keeping.factor);
  return [
    ...room('space', usage.spaceQuota, usage.space, space, blocks),
    ...room('names', usage.nameQuota, usage.names, demand.names, demand.scaffolding),
  ];
}

/** Bytes on disk for each byte of a file under an erasure coding policy ('RS-6-3-1024k': 9 cells for 6); undefined: the name says nothing. */
export function erasureFactor(policy: string): number | undefined {
  const [, data, parity] = /^[A-Z-]+?-(\d+)-(\d+)-/.exec(policy) ?? [];
  return data === undefined || parity === undefined ? undefined : (Number(data) + Number(parity)) / Number(data);
}
