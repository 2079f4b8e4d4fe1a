import { FerryError } from '../errors/ferry-error.ts';
import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import { concurrently } from './concurrently.ts';
import type { Reader } from './engine.ts';
import { listFolder } from './listing.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { PlannedPartition } from './plan.ts';
import type { Registered } from './read-sides.ts';
import { recordOf, SOURCE_TABLE, sourceIdentities, tableIdentity } from './records.ts';
import { partitionKey, stageRootFor } from './run-folder.ts';

const LISTINGS_AT_ONCE = 32;

/**
 * Refuses to drop anything when the source is not the table that the copy was made from (SOURCE_RECREATED: an empty one
 * made anew would empty the target), or when more would go than the spec allows (PRUNE_LIMIT).
 */
export function assertMayPrune(
  spec: ResolvedSpec,
  source: Table,
  existing: Table,
  extras: number,
  registered: number,
): void {
  if (extras === 0 || spec.prune === undefined) return;
  const known = existing.parameters[SOURCE_TABLE];
  if (known !== undefined && known !== tableIdentity(source)) {
    throw new FerryError(
      'SOURCE_RECREATED',
      `${spec.source.cluster}:${source.database}.${source.name} is not the table that ${spec.target.cluster}'s was copied from; nothing is pruned`,
    );
  }
  if (extras * 100 > registered * spec.prune.percent) {
    throw new FerryError(
      'PRUNE_LIMIT',
      `prune would drop ${extras} of the ${registered} partitions of ${spec.target.database}.${spec.target.table} in the selection, more than ${spec.prune.percent}%`,
    );
  }
}

/** The partitions to drop. One that is not as hive-ferry published it from this source is not ours to drop: it diverged. */
export async function planPrune(
  reader: Reader,
  spec: ResolvedSpec,
  source: Cluster,
  target: Cluster,
  extras: readonly Registered[],
  tablePath: string,
): Promise<readonly PlannedPartition[]> {
  const sources = sourceIdentities(source, spec.source);
  return await concurrently(extras, LISTINGS_AT_ONCE, async ({ name, partition, path }) => {
    reader.heartbeat();
    const live = await listFolder(target.files, path, reader.signal);
    const record = recordOf(partition.parameters);
    const ours =
      record !== undefined && sources.includes(record.source) && (live === undefined || live.digest === record.digest);
    return {
      name,
      values: partition.values,
      k: partitionKey(name),
      finding: ours ? ('extra' as const) : ('diverged' as const),
      ...(!ours && { reason: 'the source does not have it, and it is not as hive-ferry published it from there' }),
      from: '',
      live: path,
      to: path,
      stageRoot: stageRootFor(path, tablePath),
      files: live?.files.length ?? 0,
      bytes: live?.bytes ?? 0,
      sourceDigest: '',
      ...(live && { planned: { folderId: live.folderId, digest: live.digest } }),
      registeredAt: partition.storage.location,
    };
  });
}
