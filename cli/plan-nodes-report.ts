import { distribute, weightOf } from '../sync/nodes.ts';
import { mustCopy, type Plan } from '../sync/plan.ts';
import { bytesText, countText } from './quantities.ts';

/** What one virtual node of a run would load. */
export type NodeLoad = {
  readonly index: number;
  readonly partitions: number;
  readonly files: number;
  readonly bytes: number;
};

const SHOWN = 10;

/** The nodes that a run of this plan would have, the most loaded first. */
export function nodeLoads({ spec, partitions }: Pick<Plan, 'spec' | 'partitions'>): readonly NodeLoad[] {
  const copied = partitions.filter(({ finding }) => mustCopy(finding));
  return distribute(copied, spec.nodes.count)
    .map((share, place) => ({ index: place + 1, ...totalOf(share), partitions: share.length }))
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

function totalOf(loads: readonly { readonly files: number; readonly bytes: number }[]): {
  readonly files: number;
  readonly bytes: number;
} {
  return {
    files: loads.reduce((sum, { files }) => sum + files, 0),
    bytes: loads.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
