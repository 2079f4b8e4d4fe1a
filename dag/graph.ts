/** A task as far as the graph goes; upstream ids that no task has are passed over. */
export type Node = { readonly taskId: string; readonly upstream: readonly string[] };

/**
 * The nodes in topological order: by rank, the length of the longest way from a node without upstream, then by id. Or a
 * cycle: 'a', 'b', 'a' where b is upstream of a, and a of b.
 */
export function topologicalOrder<T extends Node>(
  nodes: readonly T[],
): { readonly order: readonly T[] } | { readonly cycle: readonly string[] } {
  const byId = new Map(nodes.map((node) => [node.taskId, node]));
  const ranks = new Map<string, number>();
  const open: string[] = [];

  const visit = (id: string): readonly string[] | undefined => {
    if (ranks.has(id)) return undefined;
    if (open.includes(id)) return [...open.slice(open.indexOf(id)), id];
    open.push(id);
    const upstream = (byId.get(id)?.upstream ?? []).filter((each) => byId.has(each));
    for (const each of upstream) {
      const cycle = visit(each);
      if (cycle !== undefined) return cycle;
    }
    open.pop();
    ranks.set(id, Math.max(0, ...upstream.map((each) => (ranks.get(each) ?? 0) + 1)));
    return undefined;
  };

  for (const { taskId } of nodes) {
    const cycle = visit(taskId);
    if (cycle !== undefined) return { cycle };
  }
  const rank = ({ taskId }: T) => ranks.get(taskId) ?? 0;
  return { order: [...nodes].sort((a, b) => rank(a) - rank(b) || (a.taskId < b.taskId ? -1 : 1)) };
}

/** The ids of all tasks upstream of one, directly or not. */
export function ancestors(nodes: readonly Node[], taskId: string): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.taskId, node]));
  const found = new Set<string>();
  const left = [...(byId.get(taskId)?.upstream ?? [])];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...(byId.get(id)?.upstream ?? []));
  }
  return found;
}
