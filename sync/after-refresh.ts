import { FerryError } from '../errors/ferry-error.ts';
import { parsePartitionName, quoteString } from '../hive/partition-name.ts';
import { quoteName } from '../hive/statements.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { PlannedPartition } from './plan.ts';

export type Refreshed = {
  /** The partitions whose files are others than before. */
  readonly changed: readonly PlannedPartition[];
  /** Whether the catalog was told anything at all. */
  readonly any: boolean;
};

/**
 * The last of the refresh, through the target's HiveServer2: statistics of what changed computed anew (stats: "analyze"),
 * then the spec's own statements in their order, when anything changed. Both are repeated when the refresh is.
 */
export async function finishRefresh(
  engine: Engine,
  target: Cluster,
  spec: ResolvedSpec,
  refreshed: Refreshed,
): Promise<void> {
  const analyze = spec.stats === 'analyze' ? refreshed.changed.map((planned) => analyzeStatement(spec, planned)) : [];
  const statements = [...analyze, ...(refreshed.any ? spec.afterRefresh : [])];
  if (statements.length === 0) return;
  if (target.sql === undefined) throw new FerryError('SPEC_INVALID', `cluster ${target.name} names no hiveserver2`);
  const sql = target.sql();
  for (const statement of statements) {
    engine.heartbeat();
    await whileBeating(engine, sql.execute(statement, { signal: engine.signal }));
  }
}

const BEAT_MS = 10_000;

/** A statement may take long and tells nothing meanwhile. */
async function whileBeating<T>(engine: Engine, work: Promise<T>): Promise<T> {
  const beat = setInterval(() => engine.heartbeat(), BEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}

export function analyzeStatement(
  { target }: Pick<ResolvedSpec, 'target'>,
  { name }: Pick<PlannedPartition, 'name'>,
): string {
  const table = `${quoteName(target.database)}.${quoteName(target.table)}`;
  if (name === '') return `ANALYZE TABLE ${table} COMPUTE STATISTICS`;
  const values = parsePartitionName(name).map(({ key, value }) => `${quoteName(key)}=${quoteString(value)}`);
  return `ANALYZE TABLE ${table} PARTITION (${values.join(', ')}) COMPUTE STATISTICS`;
}
