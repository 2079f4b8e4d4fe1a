import type { TableName } from '../hive/table.ts';
import type { Deleted, Kept, Restored } from './clean-report.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import { identityOf } from './identity.ts';
import type { PartitionStory } from './ledger.ts';
import type { Registrations } from './registrations.ts';
import type { TableHistory } from './table-history.ts';
import type { RunMarker } from './table-runs.ts';

/** What the parts of one cleaning work with, and where they tell what they did. */
export type Cleaning = {
  readonly engine: Engine;
  readonly target: Cluster;
  readonly of: TableName;
  /** Nothing is changed; what would be is told. */
  readonly dryRun: boolean;
  readonly registrations: Registrations;
  readonly history: TableHistory;
  readonly restored: Restored[];
  readonly deleted: Deleted[];
  readonly kept: Kept[];
};

/** A run that has ended and is fenced, with what is on record of it. */
export type ClosedRun = {
  readonly marker: RunMarker;
  readonly retainMs: number;
  readonly stageRoots: readonly string[];
  readonly stories: ReadonlyMap<string, PartitionStory>;
};

/** Where the catalog has a partition now, as far as its folder matters. */
export type LiveFolder =
  | { readonly kind: 'folder'; readonly folderId: string }
  /** Registered, but nothing stands there. */
  | { readonly kind: 'absent' }
  /** Not registered. */
  | { readonly kind: 'dropped' }
  /** The catalog does not know the table. */
  | { readonly kind: 'unknown' };

export async function liveFolder({ engine, target, registrations }: Cleaning, partition: string): Promise<LiveFolder> {
  if (registrations.tablePath === undefined) return { kind: 'unknown' };
  if (!registrations.has(partition)) return { kind: 'dropped' };
  const path = registrations.pathOf(partition);
  const status = path === undefined ? undefined : await target.files.status(path, { signal: engine.signal });
  if (path === undefined || status?.kind !== 'folder') return { kind: 'absent' };
  return { kind: 'folder', folderId: identityOf(target.files, path, status) };
}

/** When something that was put aside at `at` may go. */
export function endOfRetention(at: string, retainMs: number): Date {
  return new Date(Date.parse(at) + retainMs);
}
