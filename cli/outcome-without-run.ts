import { CODES, type Code } from '../errors/codes.ts';
import type { Outcome, OutcomeKind } from '../sync/outcome.ts';

export type AskedFor = Pick<Outcome, 'source' | 'target' | 'table' | 'selection'> &
  Partial<Pick<Outcome, 'workflowId' | 'runId' | 'uiUrl'>>;

/** The outcome of a sync that never had a run, or whose run told none: nothing is known to have been copied. */
export function outcomeWithoutRun(
  asked: AskedFor,
  kind: OutcomeKind,
  why: { readonly code: Code; readonly message: string; readonly hint?: string },
  [startedAt, endedAt]: readonly [Date, Date],
): Outcome {
  const hint = why.hint ?? CODES[why.code].hint;
  return {
    schemaVersion: 1,
    workflowId: '',
    runId: '',
    ...asked,
    outcome: kind,
    partitions: { selected: 0, unchanged: 0, published: 0, diverged: 0, failed: 0, skipped: 0, pruned: 0 },
    files: { copied: 0, reused: 0 },
    bytes: { copied: 0 },
    nodes: [],
    drift: [],
    failures: [{ partition: '(the run)', code: why.code, message: why.message, hint }],
    rounds: 0,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    seconds: Math.round((endedAt.getTime() - startedAt.getTime()) / 100) / 10,
  };
}
