import type { Outcome } from '../sync/outcome.ts';
import type { Json } from './spec.ts';

/** The XCom of a syncTable task: of its outcome, what a later task may want to know. */
export function syncXcom(outcome: Outcome): Json {
  const { workflowId, runId, source, target, table, selection, partitions, files, bytes, seconds } = outcome;
  return {
    outcome: outcome.outcome,
    workflowId,
    runId,
    source,
    target,
    table,
    selection,
    partitions,
    files,
    bytes,
    seconds,
  };
}
