import { mustCopy, mustLoad, type Plan, type PlannedPartition } from './plan.ts';

/** What a node's load is made of: a partition's files and bytes. */
export type Load = { readonly files: number; readonly bytes: number };

/** Opening, closing and checking a file costs about as much time as this many of its bytes; so does publishing a partition. */
const BYTES_A_STEP = 4 * 1024 * 1024;

export function weightOf(load: Load): number {
  return load.bytes + (load.files + 1) * BYTES_A_STEP;
}

export function totalOf(loads: readonly Load[]): Load {
  return {
    files: loads.reduce((sum, { files }) => sum + files, 0),
    bytes: loads.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** What a node copies of a partition: nothing of one whose attributes alone are mended. */
export function loadOf(planned: Pick<PlannedPartition, 'finding' | keyof Load>): Load {
  return mustCopy(planned.finding) ? { files: planned.files, bytes: planned.bytes } : { files: 0, bytes: 0 };
}

/** What each node of a plan's first round loads, with the node's number. */
export function nodeShares({ spec, partitions }: Pick<Plan, 'spec' | 'partitions'>): readonly {
  readonly index: number;
  readonly partitions: readonly PlannedPartition[];
}[] {
  const loads = partitions.filter(mustLoad).map((planned) => ({ ...loadOf(planned), planned }));
  return distribute(loads, spec.nodes.count).map((share, place) => ({
    index: place + 1,
    partitions: share.map(({ planned }) => planned),
  }));
}

type Node = { readonly index: number; weight: number };

/**
 * Gives every partition to one node: the largest first, each to the least loaded node (Graham's LPT rule). Never more
 * nodes than partitions, none without one; equal input gives equal output, and a node's partitions keep the order they
 * came in.
 */
export function distribute<P extends Load>(partitions: readonly P[], count: number): readonly (readonly P[])[] {
  const bySize = partitions
    .map((partition, place) => ({ place, weight: weightOf(partition) }))
    .sort((a, b) => b.weight - a.weight || a.place - b.place);
  const byWeight = Array.from(
    { length: Math.min(count, partitions.length) },
    (_, index): Node => ({ index, weight: 0 }),
  );
  const given = byWeight.map((): P[] => []);
  const nodeOf = new Map<number, number>();
  for (const { place, weight } of bySize) {
    const least = byWeight.shift();
    if (least === undefined) break;
    least.weight += weight;
    nodeOf.set(place, least.index);
    byWeight.splice(placeOf(least, byWeight), 0, least);
  }
  partitions.forEach((partition, place) => {
    given[nodeOf.get(place) ?? 0]?.push(partition);
  });
  return given;
}

/** Where a node belongs among others in the order of their weights, then of their numbers (a binary search). */
function placeOf(node: Node, sorted: readonly Node[]): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = sorted[middle] ?? node;
    if (other.weight < node.weight || (other.weight === node.weight && other.index < node.index)) from = middle + 1;
    else to = middle;
  }
  return from;
}
