import { executeChild, proxyActivities } from '@temporalio/workflow';
import type { OutcomeKind, SyncSpec } from 'hive-ferry';
import { syncTable } from 'hive-ferry/workflows';
import type * as activities from './activities.js';

export * from 'hive-ferry/workflows';

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '10s' });

/** A workflow of the outsider's own, with an activity of its own and a sync as its child. */
export async function nightly(spec: SyncSpec): Promise<{ readonly greeting: string; readonly outcome: OutcomeKind }> {
  const greeting = await greet(spec.table);
  const { outcome } = await executeChild(syncTable, { args: [spec] });
  return { greeting, outcome };
}
