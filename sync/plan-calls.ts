import { nodeShares } from './nodes.ts';
import { mustCopy, mustLoad, type Plan, type PlannedPartition } from './plan.ts';

/** What a namenode can be asked for, by what it costs it: one of its locks for reading, or for writing. */
export type CallKind =
  | 'status'
  | 'list'
  | 'open'
  | 'checksum'
  | 'attributes'
  | 'quota'
  | 'create'
  | 'mkdirs'
  | 'rename'
  | 'delete'
  | 'times';

export type CallCounts = Readonly<Partial<Record<CallKind, number>>>;

/** About how often a run asks either namenode, its own planning included. */
export type PlannedCalls = {
  readonly source: { readonly total: number; readonly of: CallCounts };
  readonly target: { readonly total: number; readonly of: CallCounts };
};

type Calls = { readonly source?: CallCounts; readonly target?: CallCounts };

/** Entries a page of a listing (dfs.ls.limit). */
const PAGE = 1000;

/** Counted on real runs, whatever they copy: test/lab/plan-calls.test.ts holds the estimate to them. */
const A_RUN: Calls = {
  target: { status: 26, list: 8, open: 16, create: 8, rename: 8, mkdirs: 10, delete: 2, quota: 5 },
};
/** Claiming a node, reading its manifest, closing its folders. */
const A_NODE: Calls = { target: { status: 3, list: 7, open: 1, create: 1, rename: 2, mkdirs: 5, delete: 2 } };
/** Either side is looked at once for the plan. */
const A_PARTITION: Calls = { source: { status: 1, list: 1 }, target: { status: 1 } };
const A_STANDING_ONE: Calls = { target: { list: 1 } };
/** Both sides are looked at again; what differs is read and set. */
const A_MENDED_ONE: Calls = {
  source: { status: 3, list: 2, attributes: 2 },
  target: { status: 4, list: 2, attributes: 4 },
};
/** The looks before and after each move, a folder to stage in with its attributes, the landing. */
const A_LOADED_ONE: Calls = {
  source: { status: 4, list: 4 },
  target: { status: 14, list: 2, rename: 2, mkdirs: 1, attributes: 3 },
};
/** The version that stands is looked at, hands on its attributes and is moved aside. */
const A_REPLACED_ONE: Calls = { target: { status: 4, list: 3, rename: 2, mkdirs: 1, attributes: 2, quota: 1 } };
/** The table or partition is looked up where its catalog has it. */
const A_RELOCATED_ONE: Calls = { source: { status: 1, list: 1 }, target: { status: 2, list: 1 } };
/** The version that it takes over from is looked at again and hands on its attributes. */
const A_RELOCATED_VERSION: Calls = { target: { status: 6, list: 3, attributes: 3 } };
/** A part of the ledger is written once and read three times: by its node, to refresh the catalog, to close the run. */
const A_LEDGER_PART: Calls = { target: { create: 1, rename: 1, mkdirs: 1, status: 3, open: 3 } };
/** A partition has three entries; what several nodes' partitions say at once shares a part. */
const LEDGER_PARTS_A_PARTITION = 1.7;
const A_FILE: Calls = {
  source: { status: 1, checksum: 1, open: 1 },
  target: { create: 1, rename: 1, checksum: 1, times: 1 },
};
/** A long file is written in pieces, each made and checked by itself. */
const A_CHUNK: Calls = { source: { open: 1 }, target: { create: 1, status: 1 } };
const A_PAGE: Calls = { source: { list: 5 }, target: { list: 3 } };

/**
 * About how many namenode calls a run of a plan makes. Pure, from the plan alone: so much for the run, each node, each
 * partition by what happens to it, each file. Not in it: later rounds and repeated calls, nested folders, the records of
 * earlier runs that are kept, what datanodes ask themselves, HiveServer2's own work.
 */
export function plannedCalls(plan: Pick<Plan, 'spec' | 'partitions'>): PlannedCalls {
  const { spec, partitions } = plan;
  const loaded = partitions.filter(({ finding }) => mustCopy(finding));
  const sum = (of: readonly PlannedPartition[], count: (planned: PlannedPartition) => number) =>
    of.reduce((total, planned) => total + count(planned), 0);
  const files = sum(loaded, (planned) => planned.files);
  const counted: readonly (readonly [Calls, number])[] = [
    [A_RUN, 1],
    [A_NODE, nodeShares(plan).length],
    [A_PARTITION, partitions.length],
    [A_STANDING_ONE, partitions.filter(({ planned }) => planned).length],
    [A_MENDED_ONE, partitions.filter((planned) => mustLoad(planned) && !mustCopy(planned.finding)).length],
    [A_LOADED_ONE, loaded.length],
    [A_REPLACED_ONE, loaded.filter(({ planned, live, to }) => planned && live === to).length],
    [A_RELOCATED_ONE, loaded.filter(({ live, to }) => live !== to).length],
    [A_RELOCATED_VERSION, loaded.filter(({ planned, live, to }) => planned && live !== to).length],
    [A_LEDGER_PART, loaded.length * LEDGER_PARTS_A_PARTITION],
    [spec.verify === 'checksum' ? A_FILE : withoutChecksum(A_FILE, spec.verify), files],
    [A_CHUNK, sum(loaded, ({ bytes }) => Math.floor(bytes / spec.chunkBytes))],
    [A_PAGE, sum(loaded, (planned) => Math.floor(planned.files / PAGE))],
  ];
  return { source: totalOf(counted, 'source'), target: totalOf(counted, 'target') };
}

/** A stream is read back, a length is looked at. */
function withoutChecksum({ source, target }: Calls, verify: 'stream' | 'length'): Calls {
  const { checksum: _, ...rest } = target ?? {};
  return { ...(source && { source }), target: { ...rest, [verify === 'stream' ? 'open' : 'status']: 1 } };
}

function totalOf(
  counted: readonly (readonly [Calls, number])[],
  side: 'source' | 'target',
): { readonly total: number; readonly of: CallCounts } {
  const exact = new Map<CallKind, number>();
  for (const [calls, times] of counted) {
    for (const [kind, count] of Object.entries(calls[side] ?? {}) as [CallKind, number][])
      exact.set(kind, (exact.get(kind) ?? 0) + count * times);
  }
  const of = Object.fromEntries(
    [...exact].flatMap(([kind, count]) => (count > 0 ? [[kind, Math.round(count)]] : [])),
  ) as CallCounts;
  return { total: Object.values(of).reduce((sum, count) => sum + count, 0), of };
}
