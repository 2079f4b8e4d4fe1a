import { FerryError } from '../errors/ferry-error.ts';
import type { Cluster } from './cluster.ts';
import { concurrently } from './concurrently.ts';
import type { Reader } from './engine.ts';
import { isRefusal } from './is-refusal.ts';
import { nearestStanding } from './nearest-standing.ts';
import type { Plan } from './plan.ts';
import { parentOf } from './run-folder.ts';
import { type Demand, demandsOf, erasureFactor, type Keeping, type Room, roomsIn, sumOfDemands } from './space.ts';
import type { StagedBefore } from './staged-before.ts';

/** What a run needs of the target's disks at its peak, and the quotas that it has to fit into. */
export type PlanSpace = {
  /** Bytes of files yet to be staged, beside what stands. */
  readonly bytes: number;
  /** The same on disk, as quotas count it. */
  readonly space: number;
  readonly names: number;
  /** Bytes on disk for each byte of a file. */
  readonly factor: number;
  /** The cluster does not tell its replication: HDFS's own default is taken for it. */
  readonly assumed: boolean;
  readonly rooms: readonly Room[];
  /** Folders whose quotas are not for this user to see. */
  readonly unread: readonly string[];
};

const LOOKS_AT_ONCE = 8;
/** dfs.replication and dfs.blocksize of hdfs-default.xml. */
const HDFS_DEFAULTS = { replication: 3, blockSize: 128 * 1024 * 1024 };

/**
 * Reads the quotas of every folder at and above those that the plan stages in. Nothing to stage: nothing is asked.
 * `before`: what is staged already and will be taken over.
 */
export async function planSpace(
  reader: Reader,
  plan: Pick<Plan, 'spec' | 'partitions'>,
  before: StagedBefore = new Map(),
): Promise<PlanSpace> {
  const demands = demandsOf(plan, before);
  const total = sumOfDemands([...demands.values()]);
  const none = { ...total, space: 0, factor: 1, assumed: false, rooms: [], unread: [] };
  if (demands.size === 0) return planned(none);
  const target = reader.open(plan.spec.target.cluster);
  const { keeping, assumed } = await keepingOf(reader, target, [...demands.keys()]);
  const unread: string[] = [];
  const looks = await concurrently(foldersAbove([...demands.keys()]), LOOKS_AT_ONCE, async (path) => {
    reader.heartbeat();
    try {
      const usage = await target.files.quotaUsage(path, { signal: reader.signal });
      return usage === undefined ? [] : roomsIn(path, usage, demandBelow(path, demands), keeping);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      unread.push(path);
      return [];
    }
  });
  const space = Math.ceil(total.bytes * keeping.factor);
  return planned({ ...total, space, factor: keeping.factor, assumed, rooms: looks.flat(), unread: unread.sort() });
}

function planned({ bytes, space, names, factor, assumed, rooms, unread }: PlanSpace): PlanSpace {
  return { bytes, space, names, factor, assumed, rooms, unread };
}

/** Throws QUOTA_EXCEEDED when what is to be copied does not fit: it would fail part by part after hours. */
export function assertFits({ rooms }: PlanSpace, target: string): void {
  const full = rooms.filter(({ fits }) => fits === 'no');
  if (full.length === 0) return;
  throw new FerryError('QUOTA_EXCEEDED', full.map((room) => `${target}: ${roomText(room)}`).join('\n'));
}

/** 'the space quota of /warehouse is 1000 bytes: 400 are used, 800 are needed', in whole numbers, as hdfs dfs -count -q has them. */
export function roomText({ path, kind, limit, used, needed }: Room): string {
  const unit = kind === 'space' ? ' bytes' : '';
  return `the ${kind === 'space' ? 'space' : 'name'} quota of ${path} is ${limit}${unit}: ${used} are used, ${needed} more are needed`;
}

/** The folders themselves and all above them, each once. */
function foldersAbove(folders: readonly string[]): readonly string[] {
  const above = (path: string): readonly string[] => (path === '/' ? ['/'] : [path, ...above(parentOf(path))]);
  return [...new Set(folders.flatMap(above))].sort();
}

function demandBelow(path: string, demands: ReadonlyMap<string, Demand>): Demand {
  const prefix = path === '/' ? '/' : `${path}/`;
  return sumOfDemands([...demands].filter(([home]) => `${home}/`.startsWith(prefix)).map(([, demand]) => demand));
}

/** As the cluster's own settings and the folders' erasure coding have it; of several folders, as the one that takes most. */
async function keepingOf(
  reader: Reader,
  target: Cluster,
  homes: readonly string[],
): Promise<{ readonly keeping: Keeping; readonly assumed: boolean }> {
  const told = await defaultsOf(reader, target);
  const { replication, blockSize } = told ?? HDFS_DEFAULTS;
  const factors = await concurrently(homes, LOOKS_AT_ONCE, async (home) => {
    const { erasureCoding } = (await nearestStanding(reader, target, home)).status;
    return (erasureCoding === undefined ? undefined : erasureFactor(erasureCoding)) ?? replication;
  });
  return { keeping: { factor: Math.max(...factors), blockSize }, assumed: told === undefined };
}

async function defaultsOf(reader: Reader, target: Cluster) {
  try {
    return await target.files.fileDefaults({ signal: reader.signal });
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
