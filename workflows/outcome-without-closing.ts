import { outcomeOf } from '../sync/make-outcome.ts';
import type { Ending, NodeResult, Outcome, PlanRef, ResolvedSpec } from '../sync/outcome.ts';

/**
 * The Outcome of a run that could not be closed on its target: counted from what its nodes said, and never complete. A
 * node that ended without a result may have published more.
 */
export function outcomeWithoutClosing(
  spec: ResolvedSpec,
  plan: PlanRef | undefined,
  results: readonly NodeResult[],
  ending: Ending & Required<Pick<Ending, 'failure'>>,
  endedAt: Date,
): Outcome {
  const total = (of: (node: NodeResult) => number) => results.reduce((sum, node) => sum + of(node), 0);
  const facts = { partitions: [], stories: new Map(), endedAt, ...(plan === undefined ? {} : { plan: plan.file }) };
  const { selected, unchanged, toCopy, diverged } = plan?.counts ?? {
    selected: 0,
    unchanged: 0,
    toCopy: 0,
    diverged: 0,
  };
  // Some of what the nodes settled may be attributes alone, of partitions that are whole anyway.
  const published = Math.min(
    toCopy,
    total((node) => node.published),
  );
  return {
    ...outcomeOf(spec, facts, ending),
    partitions: { selected, unchanged, published, diverged, failed: toCopy - published, skipped: 0, pruned: 0 },
    files: { copied: total((node) => node.files.copied), reused: total((node) => node.files.reused) },
    bytes: { copied: total((node) => node.bytes.copied) },
  };
}
