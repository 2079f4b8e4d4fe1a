import { type Load, loadOf, nodeShares, totalOf, weightOf } from '../sync/nodes.ts';
import type { Plan } from '../sync/plan.ts';
import { bytesText, countText } from './quantities.ts';

/** What one virtual node of a run would load. */
export type NodeLoad = Load & { readonly index: number; readonly partitions: number };

const SHOWN = 10;

/** The nodes that a run of this plan would have, the most loaded first. */
export function nodeLoads(plan: Pick<Plan, 'spec' | 'partitions'>): readonly NodeLoad[] {
  return nodeShares(plan)
    .map(({ index, partitions }) => ({ index, partitions: partitions.length, ...totalOf(partitions.map(loadOf)) }))
    .sort((a, b) => weightOf(b) - weightOf(a) || a.index - b.index);
}

/** Lines of at most the ten busiest nodes and of the others together. */
export function nodesText(plan: Pick<Plan, 'spec' | 'partitions'>): readonly string[] {
  const nodes = nodeLoads(plan);
  if (nodes.length === 0) return [];
  const rest = nodes.slice(SHOWN);
  const others = {
    ...totalOf(rest),
    partitions: rest.reduce((sum, { partitions }) => sum + partitions, 0),
  };
  return [
    `  loaded by ${countText(nodes.length, 'node')} of ${bytesText(plan.spec.nodes.memoryBytes)}`,
    ...nodes.slice(0, SHOWN).map((node) => `    node ${node.index}/${nodes.length} · ${loadText(node)}`),
    ...(rest.length > 0 ? [`    ${countText(rest.length, 'other node')} · ${loadText(others)}`] : []),
  ];
}

function loadText({ partitions, files, bytes }: Omit<NodeLoad, 'index'>): string {
  return [countText(partitions, 'partition'), countText(files, 'file'), bytesText(bytes)].join(' · ');
}
