import { FerryError } from '../errors/ferry-error.ts';
import { carriedParameters } from '../hive/carried-properties.ts';
import type { CatalogChange, PartitionAlteration } from '../hive/change.ts';
import { parseLocation } from '../hive/location.ts';
import { withMappedPlaces } from '../hive/mapped-places.ts';
import { formatPartitionName } from '../hive/partition-name.ts';
import type { Partition, StorageDescriptor, Table, TableName } from '../hive/table.ts';
import { finishRefresh } from './after-refresh.ts';
import type { Cluster } from './cluster.ts';
import { readRecords } from './control-file.ts';
import type { Engine } from './engine.ts';
import { foldLedger, type Ledger, type LedgerEvent, openLedger, type PartitionStory, readLedger } from './ledger.ts';
import type { PlanRef, RefreshResult, ResolvedSpec } from './outcome.ts';
import type { PlanFile, PlannedPartition } from './plan.ts';
import { readPlanFile } from './plan-nodes.ts';
import { prunePartitions } from './prune.ts';
import { BASE, recordParameters, SOURCE_TABLE, sourceIdentity, tableIdentity, withoutRecord } from './records.ts';
import { controlFolder } from './run-folder.ts';
import { readTable } from './source-table.ts';
import { locationAt } from './target-table.ts';

const BATCH = 500;

/** A partition that the target's catalog has to know as it is now. */
type Published = {
  readonly planned: PlannedPartition;
  /** Where its files are: landed by this run, or found in place. */
  readonly path: string;
  /** What goes on record as published by hive-ferry. */
  readonly landedDigest?: string;
};

/**
 * Tells the target's catalog of everything that this run landed or found in place: new partitions with the source's own
 * descriptors at their literal locations, the record of what was published, no stale statistics; an unpartitioned
 * table's new location. Then reads every one back. Metastore statements are not fenced, so that a location that is not
 * as planned is left alone and counted as unexpected.
 */
export async function refreshMetadata(engine: Engine, spec: ResolvedSpec, plan: PlanRef): Promise<RefreshResult> {
  const { signal } = engine;
  const source = engine.open(spec.source.cluster);
  const target = engine.open(spec.target.cluster);
  const file = await readPlanFile(target, plan.file, signal);
  const control = controlFolder(target.controlRoot, spec.runKey);
  const stories = foldLedger(await readLedger(target.files, control.ledger, signal));
  const partitions = await readRecords<PlannedPartition>(target.files, file.partitionsFile, signal);
  const published = partitions.flatMap((planned) => publishedOf(planned, stories.get(planned.name)));
  const extras = partitions.filter(({ finding }) => finding === 'extra');
  if (published.length + extras.length === 0) return NOTHING;
  // Ordered after every round, so that the last word on a partition is the catalog's.
  const identity = { node: 0, round: spec.rounds + 1, attempt: engine.uuid() };
  const writing = { signal, uuid: () => engine.uuid() };
  const ledger = openLedger(target.files, control.ledger, identity, () => engine.now(), writing);
  const run: Refresh = {
    engine,
    spec,
    source,
    target,
    file,
    sourceTable: await readTable(source, spec.source, signal),
    ledger,
  };
  const result = file.partitioned ? await registerAll(run, published) : await flipTable(run, published[0] as Published);
  const pruned = await prunePartitions(run, extras, stories);
  if (published.some(({ landedDigest }) => landedDigest !== undefined)) await rememberSource(run);
  const changed = published.filter(({ planned }) => stories.get(planned.name)?.landed).map(({ planned }) => planned);
  await finishRefresh(engine, target, spec, changed);
  return { ...result, pruned };
}

const NOTHING: RefreshResult = { registered: 0, altered: 0, unexpected: 0, pruned: 0 };

async function registerAll(run: Refresh, published: readonly Published[]): Promise<RefreshResult> {
  const total = { ...NOTHING };
  for (let from = 0; from < published.length; from += BATCH) {
    run.engine.heartbeat();
    const done = await registerBatch(run, published.slice(from, from + BATCH));
    total.registered += done.registered;
    total.altered += done.altered;
    total.unexpected += done.unexpected;
  }
  return total;
}

/** The table that the copy follows, told once, so that prune can tell one made anew under its name. */
async function rememberSource({ engine, spec, target, sourceTable }: Refresh): Promise<void> {
  const { signal } = engine;
  const table = await readTable(target, spec.target, signal);
  if (table.parameters[SOURCE_TABLE] !== undefined) return;
  const parameters = { [SOURCE_TABLE]: tableIdentity(sourceTable) };
  await target.catalog.apply({ kind: 'set-properties', of: targetName(spec), parameters }, { signal });
}

export type Refresh = {
  readonly engine: Engine;
  readonly spec: ResolvedSpec;
  readonly source: Cluster;
  readonly target: Cluster;
  readonly file: PlanFile;
  readonly sourceTable: Table;
  readonly ledger: Ledger;
};

function publishedOf(planned: PlannedPartition, story: PartitionStory | undefined): readonly Published[] {
  if (story?.landed) return [{ planned, path: story.landed.to, landedDigest: story.landed.digest }];
  const path = planned.live;
  if (planned.finding === 'register') {
    return [{ planned, path, ...(planned.ours && { landedDigest: planned.sourceDigest }) }];
  }
  if (!story?.present) return [];
  // Content that compare: "content" took over is ours from now on.
  return [{ planned, path, ...(planned.finding === 'adopt' && { landedDigest: story.present.digest }) }];
}

export function targetName(spec: ResolvedSpec): TableName {
  return { database: spec.target.database, table: spec.target.table };
}

async function registerBatch(run: Refresh, batch: readonly Published[]): Promise<RefreshResult> {
  const { engine, spec, source, target, sourceTable } = run;
  const { signal } = engine;
  const of = targetName(spec);
  const names = batch.map(({ planned }) => planned.name);
  const theirs = await byName(source, sourceTable, names, signal);
  const ours = await byName(target, sourceTable, names, signal, of);
  const additions: Partition[] = [];
  const alterations: PartitionAlteration[] = [];
  for (const { planned, path, landedDigest } of batch) {
    const location = locationAt(path, run.file.location, target);
    const parameters = landedDigest === undefined ? {} : recordFor(run, landedDigest);
    const there = ours.get(planned.name);
    const own = theirs.get(planned.name);
    const theirOwn = own && withMappedPlaces(own, spec.locationMap);
    if (there === undefined) {
      if (theirOwn) additions.push(newPartition(theirOwn, location, parameters));
    } else if (landedDigest !== undefined || planned.describe) {
      // Only where the catalog still shows what was planned; the read-back names what somebody moved meanwhile.
      const expectLocation = planned.registeredAt ?? location;
      const stays = path === planned.live;
      alterations.push({
        values: planned.values,
        expectLocation,
        location: stays ? expectLocation : location,
        parameters,
        // New files may lie in another format than those they replace.
        ...(theirOwn && planned.finding !== 'adopt' && { storage: withoutLocation(theirOwn.storage) }),
      });
    }
  }
  const changes: CatalogChange[] = [];
  if (additions.length > 0) changes.push({ kind: 'add-partitions', of, partitions: additions });
  if (alterations.length > 0) changes.push({ kind: 'alter-partitions', of, partitions: alterations });
  const changed = { 'add-partitions': 0, 'alter-partitions': 0 };
  for (const change of changes) {
    const { changed: count } = await target.catalog.apply(change, { signal });
    if (change.kind === 'add-partitions' || change.kind === 'alter-partitions') changed[change.kind] += count;
  }
  const unexpected = await readBack(run, batch);
  return { registered: changed['add-partitions'], altered: changed['alter-partitions'], unexpected, pruned: 0 };
}

function withoutLocation({ location: _, ...storage }: StorageDescriptor): Omit<StorageDescriptor, 'location'> {
  return storage;
}

function recordFor(run: Refresh, digest: string): Readonly<Record<string, string>> {
  return recordParameters({ run: run.spec.runKey, source: sourceIdentity(run.source, run.spec.source), digest });
}

/** The source's own descriptor at the target's location; the source's statistics and records stay behind. */
function newPartition(theirs: Partition, location: string, parameters: Readonly<Record<string, string>>): Partition {
  return {
    values: theirs.values,
    storage: { ...theirs.storage, location },
    parameters: { ...carriedPartitionParameters(theirs.parameters), ...parameters },
  };
}

function carriedPartitionParameters(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return carriedParameters(withoutRecord(parameters));
}

/** Every published partition must stand in the catalog at the folder it was landed in; the ledger says of each, and how many do not is told. */
async function readBack(run: Refresh, batch: readonly Published[]): Promise<number> {
  const { engine, spec, target, sourceTable } = run;
  const names = batch.map(({ planned }) => planned.name);
  const now = await byName(target, sourceTable, names, engine.signal, targetName(spec));
  const verdicts = batch.map(({ planned, path }) => {
    const there = now.get(planned.name)?.storage.location;
    const event = verdict(run, path, there);
    return run.ledger.write(planned.name, event).then(() => event.event === 'unregistered');
  });
  return (await Promise.all(verdicts)).filter((unregistered) => unregistered).length;
}

function verdict({ target }: Refresh, path: string, there: string | undefined): LedgerEvent {
  if (there !== undefined && parseLocation(there, target.fileSystems).path === path) return { event: 'registered' };
  const found = there === undefined ? 'does not know it' : `has it at ${there}`;
  return { event: 'unregistered', message: `the files are at ${target.name}:${path}, but the catalog ${found}` };
}

async function byName(
  cluster: Cluster,
  keysOf: Table,
  names: readonly string[],
  signal: AbortSignal,
  of: TableName = { database: keysOf.database, table: keysOf.name },
): Promise<ReadonlyMap<string, Partition>> {
  const nullName = await cluster.catalog.defaultPartitionName({ signal });
  const keys = keysOf.partitionKeys.map((key) => key.name);
  const found = new Map<string, Partition>();
  for await (const page of cluster.catalog.partitions(of, names, { signal })) {
    for (const partition of page) found.set(formatPartitionName(keys, partition.values, nullName), partition);
  }
  return found;
}

async function flipTable(run: Refresh, { planned, path, landedDigest }: Published): Promise<RefreshResult> {
  const { engine, spec, target, file } = run;
  const { signal } = engine;
  if (landedDigest === undefined) return NOTHING;
  const of = targetName(spec);
  // What was found in place stays there; only what it is goes on record.
  const location = path === planned.live ? file.location : locationAt(path, file.location, target);
  const applied = await target.catalog.apply(
    {
      kind: 'move-table',
      of,
      expectLocation: file.location,
      location,
      parameters: {
        ...recordFor(run, landedDigest),
        [BASE]: baseOf(file, await readTable(target, spec.target, signal)),
      },
    },
    { signal },
  );
  const now = await target.catalog.table(of, { signal });
  if (now === undefined) throw new FerryError('TABLE_NOT_FOUND', `${target.name}:${of.database}.${of.table} is gone`);
  const event = verdict(run, path, now.storage.location);
  await run.ledger.write(planned.name, event);
  const unexpected = event.event === 'registered' ? 0 : 1;
  return { registered: 0, altered: applied.changed, unexpected, pruned: 0 };
}

/** The folder whose versions a relocated table has: where it stood at its first sync. */
function baseOf(file: PlanFile, table: Table): string {
  return table.parameters[BASE] ?? file.location;
}
