import { FerryError } from '../errors/ferry-error.ts';
import { classifyPartitionDrift } from '../hive/drift.ts';
import { parseLocation } from '../hive/location.ts';
import { withMappedPlaces } from '../hive/mapped-places.ts';
import type { Partition, Table } from '../hive/table.ts';
import { assertWithinLimits } from './catalog-limits.ts';
import type { Cluster } from './cluster.ts';
import type { Compared } from './compare.ts';
import type { Reader } from './engine.ts';
import { isHidden } from './listing.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { PlannedPartition, Strategy } from './plan.ts';
import { assertMayPrune } from './plan-prune.ts';
import {
  assertApart,
  assertOwnPlaces,
  assertUnambiguous,
  literalFolder,
  type Registered,
  readPartitions,
} from './read-sides.ts';
import { nameOf, stageRootFor, versionsFolder } from './run-folder.ts';
import { type Selected, selectPartitions } from './select-partitions.ts';

/** Both tables of a run as its plan reads them. */
export type Sides = {
  readonly reader: Reader;
  readonly spec: ResolvedSpec;
  readonly source: Cluster;
  readonly target: Cluster;
  readonly sourceTable: Table;
  readonly existing: Table | undefined;
  /** Of the target table, which may not be there yet: a URI and its path. */
  readonly location: string;
  readonly locationPath: string;
};

/** One partition of the selection, before its files are compared. */
export type Candidate = Pick<PlannedPartition, 'name' | 'values' | 'from' | 'live' | 'to' | 'stageRoot'> & {
  readonly registeredAt?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly described?: Compared['described'];
};

/** What the source has of the selection, with its place on the target, and what only the target has (for a spec that prunes). */
export type Pairs = { readonly candidates: readonly Candidate[]; readonly extras: readonly Registered[] };

/**
 * Pairs the selected partitions of both catalogs: where each stands, and where a load would land it. An unpartitioned
 * table is its own one pair. Throws PARTITION_AMBIGUOUS, LOCATION_UNSUPPORTED, PUBLISH_UNSUPPORTED, TABLE_UNSUPPORTED, and what forbids to prune.
 */
export async function pairPartitions(sides: Sides, strategy: Strategy): Promise<Pairs> {
  if (sides.sourceTable.partitionKeys.length === 0) return { candidates: [wholeTable(sides)], extras: [] };
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
  const extras = extrasOf(sides, selected, at);
  assertWithinLimits(target, spec, sourceTable, existing, { registered: from.values(), extras });
  return { candidates: candidates.sort((a, b) => (a.name < b.name ? -1 : 1)), extras };
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
