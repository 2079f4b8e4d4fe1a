/** What a node's load is made of: a partition's files and bytes. */
export type Load = { readonly files: number; readonly bytes: number };

/** Opening, closing and checking a file costs about as much time as this many of its bytes. */
const BYTES_A_FILE = 4 * 1024 * 1024;

export function weightOf(load: Load): number {
  return load.bytes + load.files * BYTES_A_FILE;
}

/**
 * Gives every partition to one node: the largest first, each to the least loaded node (Graham's LPT rule). Never more
 * nodes than partitions; equal input gives equal output, and a node's partitions keep the order they came in.
 */
export function distribute<P extends Load>(partitions: readonly P[], count: number): readonly (readonly P[])[] {
  const nodes = Array.from({ length: Math.min(count, partitions.length) }, () => ({
    weight: 0,
    places: [] as number[],
  }));
  const bySize = partitions
    .map((partition, place) => ({ place, weight: weightOf(partition) }))
    .sort((a, b) => b.weight - a.weight || a.place - b.place);
  for (const { place, weight } of bySize) {
    let least = nodes[0];
    for (const node of nodes) {
      if (least === undefined || node.weight < least.weight) least = node;
    }
    least?.places.push(place);
    if (least) least.weight += weight;
  }
  return nodes.map((node) => {
    const taken = new Set(node.places);
    return partitions.filter((_, place) => taken.has(place));
  });
}
