import { FerryError } from '../errors/ferry-error.ts';
import { classifyPartitionDrift } from '../hive/drift.ts';
import { formatLocation, parseLocation } from '../hive/location.ts';
import { withMappedPlaces } from '../hive/mapped-places.ts';
import type { Partition, Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import {
  type Compared,
  comparePartition,
  isDoubtful,
  isToDescribe,
  isUnrecordedLanding,
  whyDiverged,
} from './compare.ts';
import { compareChecksums } from './compare-checksums.ts';
import { concurrently } from './concurrently.ts';
import type { Reader } from './engine.ts';
import { readLandings } from './landings.ts';
import { isHidden, type Listing, listFolder } from './listing.ts';
import type { ResolvedSpec } from './outcome.ts';
import { countPartitions, type Plan, type PlannedPartition, type Strategy } from './plan.ts';
import { assertMayPrune, planPrune } from './plan-prune.ts';
import {
  assertApart,
  assertOwnPlaces,
  assertUnambiguous,
  literalFolder,
  type Registered,
  readPartitions,
} from './read-sides.ts';
import { recordOf, sourceIdentities } from './records.ts';
import { nameOf, partitionKey, stageRootFor, versionsFolder } from './run-folder.ts';
import { type Selected, selectPartitions } from './select-partitions.ts';
import { assertSupported, readTable } from './source-table.ts';
import { decideTargetTable } from './target-table.ts';

/** Namenode calls under way at once while both sides are listed. */
const LISTINGS_AT_ONCE = 32;

type Candidate = Pick<PlannedPartition, 'name' | 'values' | 'from' | 'live' | 'to' | 'stageRoot'> & {
  readonly registeredAt?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly described?: Compared['described'];
};

/**
 * Reads both sides and decides about every selected partition. Writes nothing, so that `ferry plan` shows what a run
 * would do. Refuses as a whole what must not begin: ACCESS_READ_ONLY, TABLE_NOT_FOUND, TABLE_UNSUPPORTED,
 * DATABASE_NOT_FOUND, DRIFT_INCOMPATIBLE, PARTITION_AMBIGUOUS, LOCATION_UNSUPPORTED, PUBLISH_UNSUPPORTED.
 */
export async function planSync(reader: Reader, spec: ResolvedSpec): Promise<Plan> {
  const source = reader.open(spec.source.cluster);
  const target = reader.open(spec.target.cluster);
  if (target.access === 'read')
    throw new FerryError('ACCESS_READ_ONLY', `cluster ${target.name} is marked access: "read"`);
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
  const sides = { reader, spec, source, target, sourceTable, existing, location, locationPath };
  const { candidates, extras } =
    sourceTable.partitionKeys.length === 0
      ? { candidates: [wholeTable(sides)], extras: [] }
      : await pairPartitions(sides, strategy);
  const partitions = [
    ...(await comparePartitions(sides, candidates)),
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
    counts: countPartitions(partitions),
    partitions,
  };
}

type Sides = {
  readonly reader: Reader;
  readonly spec: ResolvedSpec;
  readonly source: Cluster;
  readonly target: Cluster;
  readonly sourceTable: Table;
  readonly existing: Table | undefined;
  readonly location: string;
  readonly locationPath: string;
};

/** What the spec asks of HiveServer2 cannot wait until everything else is done. */
function assertSql(spec: ResolvedSpec, target: Cluster): void {
  if (target.sql !== undefined || (spec.stats === 'drop' && spec.afterRefresh.length === 0)) return;
  const field = spec.stats === 'drop' ? 'afterRefresh' : 'stats: "analyze"';
  throw new FerryError('SPEC_INVALID', `${field}: cluster ${target.name} names no hiveserver2 in temporal.config.ts`);
}

/** swap for partitions unless the spec says otherwise; relocate for a whole table: HDFS refuses to rename a folder into itself. */
export function strategyFor(spec: ResolvedSpec, source: Table): Strategy {
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

type Pairs = { readonly candidates: readonly Candidate[]; readonly extras: readonly Registered[] };

async function pairPartitions(sides: Sides, strategy: Strategy): Promise<Pairs> {
  const { reader, spec, source, target, sourceTable, existing, locationPath } = sides;
  const keys = sourceTable.partitionKeys;
  const selected = await selectPartitions(reader, source, spec, sourceTable);
  const from = await readPartitions(reader, source, sourceTable, selected.names);
  const at: ReadonlyMap<string, Registered> = existing
    ? await readPartitions(reader, target, existing, undefined)
    : new Map();
  assertUnambiguous(keys, from, at);
  assertOwnPlaces(source, spec, from.values());
  const sourcePath = parseLocation(sourceTable.storage.location, source.fileSystems).path;
  const candidates = [...from.values()].map((registered): Candidate => {
    const there = at.get(registered.name);
    const folder = literalFolder(registered, keys, sourcePath);
    const live = there?.path ?? `${locationPath}/${folder}`;
    return {
      name: registered.name,
      values: registered.partition.values,
      from: registered.path,
      live,
      ...(strategy === 'relocate'
        ? relocated(spec, locationPath, folder)
        : { to: live, stageRoot: stageRootFor(live, locationPath) }),
      ...(there && {
        registeredAt: there.partition.storage.location,
        described: howDescribed(spec, sourceTable, registered.partition, there.partition),
      }),
      parameters: there?.partition.parameters ?? {},
    };
  });
  assertApart(
    source,
    spec.source,
    candidates.map((candidate) => ({ name: candidate.name, path: candidate.from })),
  );
  assertApart(
    target,
    spec.target,
    candidates.map((candidate) => ({ name: candidate.name, path: candidate.live })),
  );
  return { candidates: candidates.sort((a, b) => (a.name < b.name ? -1 : 1)), extras: extrasOf(sides, selected, at) };
}

function howDescribed(spec: ResolvedSpec, table: Table, theirs: Partition, ours: Partition): Compared['described'] {
  const { storage } = withMappedPlaces(theirs, spec.locationMap);
  const { kind } = classifyPartitionDrift(table, storage, ours.storage);
  if (kind === 'identical') return 'alike';
  return kind === 'compatible' && spec.drift === 'add-columns' ? 'shorter' : 'otherwise';
}

/** What the target registers inside the selection and the source does not; empty unless the spec prunes. */
function extrasOf(sides: Sides, selected: Selected, at: ReadonlyMap<string, Registered>): readonly Registered[] {
  const { spec, sourceTable, existing } = sides;
  if (spec.prune === undefined || existing === undefined) return [];
  const there = new Set(selected.names);
  const inside = [...at.values()].filter(({ name }) => selected.includes(name));
  const extras = inside.filter(({ name }) => !there.has(name));
  assertMayPrune(spec, sourceTable, existing, extras.length, inside.length);
  return extras;
}

/** A folder of the run's own beside the table. Hive reads nothing in which a component is hidden. */
function relocated(spec: ResolvedSpec, base: string, folder: string): Pick<Candidate, 'to' | 'stageRoot'> {
  const hidden = folder.split('/').find((component) => isHidden(component, 'folder'));
  if (hidden !== undefined) {
    throw new FerryError(
      'PUBLISH_UNSUPPORTED',
      `the folder ${hidden} would be hidden from queries where publish: "relocate" lands it`,
    );
  }
  const versions = versionsFolder(base);
  return { to: `${versions}/${spec.runKey}/${folder}`, stageRoot: `${versions}/.hive-ferry` };
}

function wholeTable({ spec, source, target, sourceTable, existing, location, locationPath }: Sides): Candidate {
  const base = existing?.parameters['hive-ferry.base'];
  const basePath = base === undefined ? locationPath : parseLocation(base, target.fileSystems).path;
  return {
    name: '',
    values: [],
    from: parseLocation(sourceTable.storage.location, source.fileSystems).path,
    live: locationPath,
    ...relocated(spec, basePath, nameOf(basePath)),
    ...(existing && { registeredAt: location }),
    parameters: existing?.parameters ?? {},
  };
}

async function comparePartitions(sides: Sides, candidates: readonly Candidate[]): Promise<readonly PlannedPartition[]> {
  const { reader, spec, source, target } = sides;
  const sources = sourceIdentities(source, spec.source);
  const compared = await concurrently(candidates, LISTINGS_AT_ONCE, async (candidate) => {
    reader.heartbeat();
    const [from, live] = await Promise.all([
      listFolder(source.files, candidate.from, reader.signal),
      listFolder(target.files, candidate.live, reader.signal),
    ]);
    const content = spec.compare === 'content' ? await compareContent(sides, candidate, from, live) : 'unknown';
    return { candidate, from, live, content };
  });
  const judge = (one: (typeof compared)[number], landed: ReadonlySet<string>): Compared => ({
    source: one.from,
    live: one.live,
    registered: one.candidate.registeredAt !== undefined,
    ...(one.candidate.described && { described: one.candidate.described }),
    record: recordOf(one.candidate.parameters),
    sources,
    landed,
    overwrite: spec.overwrite,
    content: one.content,
    // Without a least age no clock is asked: the clusters' may differ from this machine's.
    newest: spec.minAgeMs === 0 ? Number.POSITIVE_INFINITY : reader.now().getTime() - spec.minAgeMs,
  });
  // Kept ledgers are read only where the catalog's record does not settle it: a run may have ended between landing and refresh.
  const nobody: ReadonlySet<string> = new Set();
  const doubtful = compared.some((one) => isDoubtful(judge(one, nobody)));
  const landings = doubtful
    ? await readLandings(reader, target, spec, sources)
    : new Map<string, ReadonlySet<string>>();
  return compared.map((one) => plannedOf(one.candidate, judge(one, landings.get(one.candidate.name) ?? nobody)));
}

function plannedOf(candidate: Candidate, compared: Compared): PlannedPartition {
  const { parameters: _, described: __, ...rest } = candidate;
  const { source, live } = compared;
  const finding = comparePartition(compared);
  return {
    ...rest,
    k: partitionKey(candidate.name),
    finding,
    ...(finding === 'diverged' && { reason: whyDiverged(compared) }),
    ...(finding === 'register' && isUnrecordedLanding(compared) && { ours: true }),
    ...(finding === 'register' && isToDescribe(compared) && { describe: true }),
    ...(finding === 'changed' && compared.content === 'different' && { contentDiffers: true }),
    files: source?.files.length ?? 0,
    bytes: source?.bytes ?? 0,
    sourceDigest: source?.digest ?? '',
    ...(live && { planned: { folderId: live.folderId, digest: live.digest } }),
  };
}

/** What both clusters' checksums say of two folders whose files are equal in path and length; no others are asked. */
async function compareContent(
  { reader, source, target }: Sides,
  candidate: Candidate,
  from: Listing | undefined,
  live: Listing | undefined,
): Promise<Compared['content']> {
  if (from === undefined || live === undefined || from.files.length !== live.files.length) return 'unknown';
  const alike = from.files.every((file, place) => {
    const twin = live.files[place];
    return twin?.path === file.path && twin.length === file.length;
  });
  if (!alike) return 'unknown';
  let content: Compared['content'] = 'same';
  for (const { path } of from.files) {
    reader.heartbeat();
    const verdict = await compareChecksums(
      reader,
      source,
      target,
      `${candidate.from}/${path}`,
      `${candidate.live}/${path}`,
    );
    if (verdict === 'different') return 'different';
    if (verdict === 'incomparable') content = 'unknown';
  }
  return content;
}

/** The URI of a path of the target, on the file system of its table. */
export function locationAt(path: string, tableLocation: string, target: Cluster): string {
  return formatLocation({ fileSystem: parseLocation(tableLocation, target.fileSystems).fileSystem, path });
}
