import type { BackfillDagInput } from './run.ts';
import type { KnownRun } from './run-memory.ts';

/** Why a backfill does not start an interval; undefined when it does. `known`: the run that counts for it. */
export function skipReason(rerun: BackfillDagInput['rerun'], known: KnownRun | undefined): string | undefined {
  if (known === undefined || rerun === 'all' || (rerun === 'failed' && known.outcome !== 'success')) return undefined;
  return `${known.outcome} before: ${known.workflowId}, at ${known.endedAt}`;
}
