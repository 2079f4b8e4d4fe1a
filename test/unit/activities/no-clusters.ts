import type { SpecLimits } from '../../../sync/spec.ts';

/** The limits of a worker whose activities ask no cluster. */
export const NO_CLUSTERS: SpecLimits = {
  clusters: {},
  defaults: { nodes: { count: 1, memoryBytes: 1 }, createDatabase: false },
  minNodeMemoryBytes: 1,
  maxNodeMemoryBytes: 1,
};
