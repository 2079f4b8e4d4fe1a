import { type SyncSpec, specSchema } from '../../sync/spec-schema.ts';
import { plain } from '../json.ts';
import type { Operation, Operator, Templated } from './operator.ts';

/** The spec of a sync, any value of which may be a template. */
export type SyncTableOptions = Exclude<Templated<SyncSpec>, string>;

/**
 * Copies a table, or partitions of it: one child workflow `syncTable`, whose four steps are sub-rows of the run's grid.
 * Partitions that are there already are not copied again. Its XCom is a summary of the outcome: outcome, workflowId,
 * runId, source, target, table, selection, partitions, files, bytes, seconds.
 */
export function syncTable(options: SyncTableOptions): Operation {
  return { action: { kind: 'workflow', operator: 'syncTable', workflow: 'syncTable', input: plain(options) } };
}

export const SYNC_TABLE: Operator = { kind: 'workflow', input: specSchema, hiveql: ['where', 'afterRefresh'] };
