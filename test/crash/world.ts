import { MemoryCatalog } from '../../hive/memory-catalog.ts';
import type { Partition, StorageDescriptor, Table } from '../../hive/table.ts';
import type { Attributes } from '../../storage/file-system.ts';
import { MemoryFileSystem, type MemoryFileSystemOptions } from '../../storage/memory-file-system.ts';
import type { Cluster } from '../../sync/cluster.ts';
import type { Engine } from '../../sync/engine.ts';
import { MemoryPool } from '../../sync/memory-pool.ts';
import type { Outcome, ResolvedSpec } from '../../sync/outcome.ts';
import { takeSteps } from '../../sync/take-steps.ts';
import { setAttributes } from '../set-attributes.ts';
import { USUAL_CHOICES } from '../usual-choices.ts';
import { Gate } from './gate.ts';

/** Version -> file name -> content. */
export type Content = Readonly<Record<string, string>>;
export type Version = 'old' | 'new';

export type World = {
  readonly a: MemoryFileSystem;
  readonly b: MemoryFileSystem;
  readonly catalogA: MemoryCatalog;
  readonly catalogB: MemoryCatalog;
  readonly table: string;
  /** Partition name ('' for a whole table) -> its versions. */
  readonly partitions: ReadonlyMap<string, { readonly old?: Content; readonly new: Content }>;
  /** What Temporal remembers of each run: the steps that have ended, with what they returned. */
  readonly history: Map<string, unknown>;
  /** Runs that have ended, by their keys; all others go on. */
  readonly ended: Set<string>;
  /** What the runs are asked besides the usual. */
  options: Partial<ResolvedSpec>;
  /** Bytes that counted against the bandwidth, whoever moved them: those copied, and those read back to be verified. */
  bytesMoved: number;
  tick(): number;
  uuid(): string;
};

const CONTROL = '/user/root/hive-ferry';

function storage(location: string): StorageDescriptor {
  return {
    columns: [{ name: 'id', type: 'bigint' }],
    location,
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
    serde: { library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: {} },
    compressed: false,
    numBuckets: -1,
    bucketColumns: [],
    sortColumns: [],
    parameters: {},
    storedAsSubDirectories: false,
  };
}

function tableOf(name: string, location: string, partitioned: boolean): Table {
  return {
    database: 'sales',
    name,
    owner: 'root',
    kind: 'EXTERNAL_TABLE',
    storage: storage(location),
    partitionKeys: partitioned ? [{ name: 'dt', type: 'string' }] : [],
    parameters: { EXTERNAL: 'TRUE' },
    createTime: 1,
  };
}

const OLD: Content = { '000000_0': 'old one' };
const NEW: Content = { '000000_0': 'new one', 'HIVE_UNION_SUBDIR_1/000000_0': 'nested' };

const PARTITIONS: Readonly<Record<WorldKind, World['partitions']>> = {
  partitioned: new Map([
    ['dt=1', { old: OLD, new: NEW }],
    ['dt=2', { new: { f: 'only new', _SUCCESS: '' } }],
    ['dt=3', { old: {}, new: {} }],
  ]),
  unpartitioned: new Map([['', { old: OLD, new: NEW }]]),
  relocated: new Map([
    ['dt=1', { old: OLD, new: NEW }],
    ['dt=2', { new: NEW }],
  ]),
};

/** Cluster a holds the new version of everything; b an old one of some, published by an earlier run of hive-ferry. */
/** `relocated`: partitions, each version in a folder of its run's own. */
export type WorldKind = 'partitioned' | 'unpartitioned' | 'relocated';

export async function makeWorld(
  kind: WorldKind,
  partitions: World['partitions'] = PARTITIONS[kind],
  files: MemoryFileSystemOptions = {},
): Promise<World> {
  let time = Date.parse('2026-11-01T00:00:00Z');
  let ids = 0;
  const tick = () => {
    time += 1;
    return time;
  };
  const uuid = () => {
    ids += 1;
    return `u${String(ids).padStart(6, '0')}`;
  };
  const world: World = {
    a: new MemoryFileSystem({ ...files, cluster: 'a', clock: tick }),
    b: new MemoryFileSystem({ ...files, cluster: 'b', clock: tick }),
    catalogA: new MemoryCatalog({ cluster: 'a', fileSystem: 'hdfs://a' }),
    catalogB: new MemoryCatalog({ cluster: 'b', fileSystem: 'hdfs://b' }),
    table: kind === 'unpartitioned' ? 'countries' : 'orders',
    partitions,
    history: new Map(),
    ended: new Set(),
    options: {},
    bytesMoved: 0,
    tick,
    uuid,
  };
  world.catalogA.putDatabase({ name: 'sales', location: 'hdfs://a/warehouse/sales.db' });
  world.catalogB.putDatabase({ name: 'sales', location: 'hdfs://b/warehouse/sales.db' });
  world.b.writeFile('/warehouse/sales.db/.keep', '');
  const location = `hdfs://a/warehouse/sales.db/${world.table}`;
  world.catalogA.putTable(tableOf(world.table, location, kind !== 'unpartitioned'));
  await putVersion(world, 'old');
  if (kind === 'relocated') world.options = { publish: 'relocate' };
  const first = await runSync(world, 'run-0');
  if (first.outcome !== 'complete')
    throw new Error(`the first run is ${first.outcome}: ${JSON.stringify(first.failures)}`);
  await putVersion(world, 'new');
  return world;
}

/** What somebody gave to the live folders of cluster b after the first run. */
export const GUARDED: Attributes = {
  owner: 'hive',
  group: 'analysts',
  permission: '1750',
  acl: ['user:bob:rwx', 'group::r-x', 'default:user::rwx', 'default:group::r-x', 'default:other::---'],
  storagePolicy: 'COLD',
};

export async function guardLive(world: World): Promise<World> {
  for (const [name, { old }] of world.partitions) {
    if (old !== undefined) await setAttributes(world.b, livePath(world, name), GUARDED);
  }
  return world;
}

/** Where readers find a partition, or the whole table, now. */
export function livePath(world: World, name: string): string {
  const of = { database: 'sales', table: world.table };
  const pathOf = (location: string | undefined) => location?.replace('hdfs://b', '');
  const table = pathOf(world.catalogB.locationOf(of)) ?? `/warehouse/sales.db/${world.table}`;
  if (name === '') return table;
  return pathOf(world.catalogB.locationOf(of, name)) ?? `${table}/${name}`;
}

/** Brings the source to a version: what a version does not have is not a partition there. */
export async function putVersion(world: World, version: Version): Promise<void> {
  for (const [name, versions] of world.partitions) {
    const content = versions[version];
    if (content === undefined) continue;
    const folder = `/warehouse/sales.db/${world.table}${name === '' ? '' : `/${name}`}`;
    await world.a.delete(folder);
    world.a.writeFile(`${folder}/_empty`, '');
    for (const [file, text] of Object.entries(content)) world.a.writeFile(`${folder}/${file}`, text);
    if (name === '') continue;
    const partition: Partition = { values: [name.slice(3)], storage: storage(`hdfs://a${folder}`), parameters: {} };
    world.catalogA.putPartition({ database: 'sales', table: world.table }, partition);
  }
}

export function specFor(world: World, runKey: string): ResolvedSpec {
  return {
    ...USUAL_CHOICES,
    runKey,
    workflowId: `sync/b/sales.${world.table}/x`,
    runId: runKey,
    source: { cluster: 'a', database: 'sales', table: world.table },
    target: { cluster: 'b', database: 'sales', table: world.table },
    nodes: { count: 1, memoryBytes: 64 * 1024 * 1024 },
    ...world.options,
  };
}

export function engineFor(world: World, gate: Gate = new Gate()): Engine {
  const cluster = (name: 'a' | 'b'): Cluster => ({
    name,
    access: 'write',
    files: gate.guard(world[name], name),
    catalog: gate.guard(name === 'a' ? world.catalogA : world.catalogB, `catalog-${name}`),
    fileSystems: [`hdfs://${name}`],
    controlRoot: CONTROL,
  });
  const clusters = { a: cluster('a'), b: cluster('b') };
  return {
    open: (name) => clusters[name as 'a' | 'b'],
    signal: new AbortController().signal,
    heartbeat: () => {},
    pool: new MemoryPool(1024 * 1024 * 1024),
    bandwidth: {
      take: async (bytes) => {
        world.bytesMoved += bytes;
      },
    },
    runs: { stateOf: async ({ runKey }) => (world.ended.has(runKey) ? 'closed' : 'open') },
    log: { info: () => {}, warn: () => {} },
    now: () => new Date(world.tick()),
    uuid: world.uuid,
    sleep: async () => {},
  };
}

/** One attempt at a run; a step that has ended before is not taken again. */
export async function runSync(world: World, runKey: string, gate: Gate = new Gate()): Promise<Outcome> {
  return takeSteps(engineFor(world, gate), specFor(world, runKey), async (name, take) => {
    const id = `${runKey} ${name}`;
    if (!world.history.has(id)) {
      const result = await take();
      // The first answer is the one that counts; a late one is refused.
      if (!world.history.has(id)) world.history.set(id, result);
    }
    return world.history.get(id) as Awaited<ReturnType<typeof take>>;
  });
}

/** As Temporal does: the same run again until it ends, each time by a new attempt. */
export async function runToEnd(world: World, runKey: string, check?: (call: string) => void): Promise<Outcome> {
  let last: unknown;
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      return await runSync(world, runKey, new Gate({ ...(check && { check }) }));
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
