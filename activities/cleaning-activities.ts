import type { CleanResult } from '../sync/clean-tables.ts';
import type { Restoration } from '../sync/restore-partition.ts';
import type { RunName } from '../sync/runs.ts';

/** The activities of what goes on after syncs: one JSON object in, one small value out; failures as those of SyncActivities. */
export interface CleaningActivities {
  /** `input` is a CleanInput, checked here. */
  cleanTables(input: { readonly input: unknown }): Promise<CleanResult>;
  /** `input` is a RestoreInput, checked here. Repeated under one run key it does its work once. */
  restorePartition(input: { readonly input: unknown; readonly run: RunName }): Promise<Restoration>;
}
