import { FerryError } from '../errors/ferry-error.ts';
import { parseLocation } from '../hive/location.ts';
import type { Table } from '../hive/table.ts';
import { assertTarget } from './assert-target.ts';
import { catalogNotes } from './catalog-limits.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { judgePartitions } from './judge-partitions.ts';
import type { ResolvedSpec } from './outcome.ts';
import { type Candidate, pairPartitions, type Sides } from './pair-partitions.ts';
import { countPartitions, type Plan, type Strategy } from './plan.ts';
import { planPrune } from './plan-prune.ts';
import { type Freeze, foldersToFreeze, inSnapshot, snapshotName } from './snapshots.ts';
import { assertSupported, readTable } from './source-table.ts';
import { decideTargetTable } from './target-table.ts';

/**
 * Reads both sides and decides about every selected partition. Writes nothing, so that `ferry plan` shows what a run
 * would do. Refuses as a whole what must not begin: ACCESS_READ_ONLY, CONFIG_INVALID, TABLE_NOT_FOUND, TABLE_UNSUPPORTED,
 * DATABASE_NOT_FOUND, DRIFT_INCOMPATIBLE, PARTITION_AMBIGUOUS, LOCATION_UNSUPPORTED, PUBLISH_UNSUPPORTED, SNAPSHOT_REFUSED.
 * With consistency: "snapshot" a run gives `freeze`, and its plan reads the snapshots; without it the source as it is.
 */
export async function planSync(reader: Reader, spec: ResolvedSpec, freeze?: Freeze): Promise<Plan> {
  const source = reader.open(spec.source.cluster);
  const target = reader.open(spec.target.cluster);
  await assertTarget(target, reader.signal);
  const sourceTable = await readTable(source, spec.source, reader.signal);
  assertSupported(source, sourceTable);
  const strategy = strategyFor(spec, sourceTable);
  const existing = await readTarget(reader, target, spec);
  const { location, changes } = decideTargetTable(spec, strategy, {
    source: sourceTable,
    existing,
    databaseLocation: (await target.catalog.database(spec.target.database, { signal: reader.signal }))?.location,
    newDatabaseLocation: await newDatabaseLocation(reader, target, spec.target.database),
    sourceFileSystems: source.fileSystems,
  });
  assertSql(spec, target);
  const locationPath = parseLocation(location, target.fileSystems).path;
  const sides: Sides = { reader, spec, source, target, sourceTable, existing, location, locationPath };
  const { candidates, extras } = await pairPartitions(sides, strategy);
  const read = spec.consistency === 'live' ? candidates : await frozen(sides, candidates, freeze);
  const notes = catalogNotes(source, target);
  const partitions = [
    ...(await judgePartitions(sides, read)),
    ...(await planPrune(reader, spec, source, target, extras, locationPath)),
  ];
  return {
    schemaVersion: 1,
    spec,
    strategy,
    location,
    locationPath,
    partitioned: sourceTable.partitionKeys.length > 0,
    changes,
    ...(notes.length > 0 && { notes }),
    counts: countPartitions(partitions),
    partitions,
  };
}

/** The catalogs were read; from now on the source's files are those of one moment. */
async function frozen(
  { reader, spec, source, sourceTable }: Sides,
  candidates: readonly Candidate[],
  freeze: Freeze | undefined,
): Promise<readonly Candidate[]> {
  const { path } = parseLocation(sourceTable.storage.location, source.fileSystems);
  const paths = candidates.map(({ from }) => from);
  const folders = await foldersToFreeze(reader, source, path, paths);
  if (freeze === undefined) return candidates;
  await freeze(folders);
  const name = snapshotName(spec.runKey);
  return candidates.map((candidate) => ({ ...candidate, from: inSnapshot(candidate.from, folders, name) }));
}

/** What the spec asks of HiveServer2 cannot wait until everything else is done. */
function assertSql(spec: ResolvedSpec, target: Cluster): void {
  if (target.sql !== undefined || (spec.stats === 'drop' && spec.afterRefresh.length === 0)) return;
  const field = spec.stats === 'drop' ? 'afterRefresh' : 'stats: "analyze"';
  throw new FerryError('SPEC_INVALID', `${field}: cluster ${target.name} names no hiveserver2 in temporal.config.ts`);
}

/** swap for partitions unless the spec says otherwise; relocate for a whole table: HDFS refuses to rename a folder into itself. */
function strategyFor(spec: ResolvedSpec, source: Table): Strategy {
  const partitioned = source.partitionKeys.length > 0;
  if (!partitioned && spec.publish === 'swap') {
    throw new FerryError(
      'PUBLISH_UNSUPPORTED',
      `${source.database}.${source.name} is not partitioned: publish: "swap" cannot replace it`,
    );
  }
  const selecting = spec.partitions !== undefined ? 'partitions' : spec.where !== undefined ? 'where' : undefined;
  if (!partitioned && selecting !== undefined) {
    throw new FerryError('SPEC_INVALID', `${selecting}: ${source.database}.${source.name} is not partitioned`);
  }
  return partitioned && spec.publish !== 'relocate' ? 'swap' : 'relocate';
}

async function readTarget(reader: Reader, target: Cluster, spec: ResolvedSpec): Promise<Table | undefined> {
  const of = { database: spec.target.database, table: spec.target.table };
  const existing = await target.catalog.table(of, { signal: reader.signal });
  if (existing) assertSupported(target, existing);
  return existing;
}

/** Where Hive puts a database that is made without a location: '<default database's folder>/<name>.db' (Warehouse.getDefaultDatabasePath). */
async function newDatabaseLocation(reader: Reader, target: Cluster, database: string): Promise<string> {
  const root = await target.catalog.database('default', { signal: reader.signal });
  if (root === undefined) throw new FerryError('DATABASE_NOT_FOUND', `cluster ${target.name} has no database default`);
  return `${root.location.replace(/\/+$/, '')}/${database}.db`;
}
