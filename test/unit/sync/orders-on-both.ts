import type { Table } from '../../../hive/table.ts';
import { writeControlFile } from '../../../sync/control-file.ts';
import { openLedger } from '../../../sync/ledger.ts';
import { listFolder } from '../../../sync/listing.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import type { Plan } from '../../../sync/plan.ts';
import { planSync } from '../../../sync/plan-sync.ts';
import { recordParameters } from '../../../sync/records.ts';
import { controlFolder, tableFolder } from '../../../sync/run-folder.ts';
import {
  ORDERS,
  partitionOn,
  SIGNAL,
  specOf,
  type TwoClusters,
  tableOn,
  twoClusters,
  WAREHOUSE,
} from './two-clusters.ts';

export const T = `${WAREHOUSE}/orders`;
const HERE = 'hdfs://a:8020/sales.orders';
export const NAME = (hour: string): string => `dt=2026-01-01/hour=${hour}`;
export const PATH = (hour: string): string => `${T}/${NAME(hour)}`;
export const VALUES = (hour: string): readonly string[] => ['2026-01-01', hour];

/** Both sides with the table `orders`, without a partition. */
export async function bothSides(
  table: Partial<Table> = {},
  options: Parameters<typeof twoClusters>[0] = {},
): Promise<TwoClusters> {
  const world = twoClusters(options);
  world.catalogA.putTable(tableOn('a', table));
  world.catalogB.putTable(tableOn('b', table));
  await world.b.mkdirs(T);
  return world;
}

/** Gives the source a partition with files, at its usual place or another. */
export async function give(
  world: TwoClusters,
  hour: string,
  files: Readonly<Record<string, string>> = { f: `rows of ${hour}` },
  path = PATH(hour),
): Promise<void> {
  await world.lay('a', path, files);
  world.catalogA.putPartition(ORDERS, partitionOn('a', VALUES(hour), path));
}

/** Registers at the target what stands at `path`, with the record of a run of ours for it, or for another digest. */
export async function record(
  world: TwoClusters,
  hour: string,
  path = PATH(hour),
  over: { readonly digest?: string; readonly source?: string } = {},
): Promise<void> {
  const digest = over.digest ?? (await listFolder(world.b, path, SIGNAL))?.digest ?? '';
  const parameters = recordParameters({ run: 'run-0', source: over.source ?? HERE, digest });
  world.catalogB.putPartition(ORDERS, partitionOn('b', VALUES(hour), path, parameters));
}

/** What an earlier run left on the target: its marker, and in its ledger that it landed what stands at `path`. */
export async function landed(world: TwoClusters, hour: string, path = PATH(hour), source = HERE): Promise<void> {
  const writing = { signal: SIGNAL, uuid: () => world.engine.uuid() };
  const { controlRoot } = world.target;
  const digest = (await listFolder(world.b, path, SIGNAL))?.digest ?? '';
  const marker = { schemaVersion: 1, runKey: 'run-0', workflowId: 'w', source, at: '' };
  const { runs } = tableFolder(controlRoot, 'sales', 'orders');
  await writeControlFile(world.b, `${runs}/run-0.json`, Buffer.from(JSON.stringify(marker)), writing);
  const { ledger } = controlFolder(controlRoot, 'run-0');
  const open = openLedger(world.b, ledger, { node: 1, round: 1, attempt: 'u' }, () => new Date(0), writing);
  const counts = { filesCopied: 1, filesReused: 0, bytesCopied: 1 };
  await open.write(NAME(hour), { event: 'landed', digest, to: path, ...counts });
}

export function plan(world: TwoClusters, over: Partial<ResolvedSpec> = {}): Promise<Plan> {
  return planSync(world.engine, specOf(over));
}

export async function planned(world: TwoClusters, hour: string, over: Partial<ResolvedSpec> = {}) {
  const found = (await plan(world, over)).partitions.find(({ name }) => name === NAME(hour));
  if (!found) throw new Error(`${NAME(hour)} is not in the plan`);
  return found;
}
