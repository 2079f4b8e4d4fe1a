import type { BackfillDagInput } from './run.ts';
import type { KnownRun } from './run-memory.ts';
import type { DataInterval } from './spec.ts';

/** An interval of a backfill, and the run that counts for it. */
export type KnownInterval = { readonly interval: DataInterval; readonly known?: KnownRun | undefined };

/** Why a backfill does not start an interval; undefined when it does. One that is not over has no data yet: its schedule runs it. */
export function skipReason(
  rerun: BackfillDagInput['rerun'],
  { interval, known }: KnownInterval,
  now: Date,
): string | undefined {
  if (Date.parse(interval.end) > now.getTime()) return `not over before ${interval.end}`;
  if (known === undefined || rerun === 'all' || (rerun === 'failed' && known.outcome !== 'success')) return undefined;
  return `${known.outcome} before: ${known.workflowId}, at ${known.endedAt}`;
}
