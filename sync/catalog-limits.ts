import { FerryError } from '../errors/ferry-error.ts';
import { carriedParameters } from '../hive/carried-properties.ts';
import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { Registered } from './read-sides.ts';
import { withoutRecord } from './records.ts';

/** What a plan says of catalogs that are not a metastore, a line each. */
export function catalogNotes(...clusters: readonly Cluster[]): readonly string[] {
  const notes = clusters.flatMap(({ name, catalog: { limits } }) =>
    limits === undefined ? [] : [`catalog of ${name}: ${limits.summary}`],
  );
  return [...new Set(notes)];
}

/**
 * Refuses what the target's catalog could not register or drop at the end, when the files were copied already: the
 * source's partitions that carry parameters or descriptor parameters of their own, and drops that would delete files.
 * @throws FerryError TABLE_UNSUPPORTED.
 */
export function assertWithinLimits(
  { name, catalog: { limits } }: Cluster,
  { target }: Pick<ResolvedSpec, 'target'>,
  sourceTable: Table,
  existing: Table | undefined,
  pairs: { readonly registered: Iterable<Registered>; readonly extras: readonly Registered[] },
): void {
  if (limits === undefined) return;
  const refuse = (what: string): never => {
    throw new FerryError(
      'TABLE_UNSUPPORTED',
      `the catalog of ${name} (${limits.summary}) cannot ${what}; name a metastore of ${name} in temporal.config.ts`,
    );
  };
  for (const {
    name: partition,
    partition: { parameters, storage },
  } of pairs.registered) {
    const own = Object.keys(withoutRecord(carriedParameters(parameters)));
    if (own.length > 0) refuse(`give the partition ${partition} its parameters ${own.sort().join(', ')}`);
    const usual = sourceTable.storage;
    const plain = JSON.stringify(storage.parameters) === JSON.stringify(usual.parameters);
    if (!plain || storage.compressed !== usual.compressed)
      refuse(`give the partition ${partition} parameters of its own storage descriptor`);
  }
  const [extra] = pairs.extras;
  if (extra !== undefined && existing !== undefined && !filesStay(existing))
    refuse(`drop ${extra.name} of ${target.database}.${target.table} without its files`);
}

function filesStay({ kind, parameters }: Table): boolean {
  return kind === 'EXTERNAL_TABLE' && parameters['external.table.purge']?.toLowerCase() !== 'true';
}
