import { FerryError } from '../errors/ferry-error.ts';
import { parsePartitionName, quoteString } from '../hive/partition-name.ts';
import { quoteName } from '../hive/statements.ts';
import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { PlannedPartition } from './plan.ts';
import { whileBeating } from './while-beating.ts';

/**
 * The last of a refresh that had something to tell the catalog, through the target's HiveServer2: statistics of what
 * changed computed anew (stats: "analyze"), then the spec's own statements in their order. Both are repeated when the
 * refresh is, whatever of it was done before: that the catalog knew everything already does not say that they were run.
 *
 * @param changed The partitions whose files are others than before.
 */
export async function finishRefresh(
  engine: Engine,
  target: Cluster,
  spec: ResolvedSpec,
  changed: readonly PlannedPartition[],
): Promise<void> {
  const analyze = spec.stats === 'analyze' ? changed.map((planned) => analyzeStatement(spec, planned)) : [];
  const statements = [...analyze, ...spec.afterRefresh];
  if (statements.length === 0) return;
  if (target.sql === undefined) throw new FerryError('SPEC_INVALID', `cluster ${target.name} names no hiveserver2`);
  const sql = target.sql();
  for (const statement of statements) {
    engine.heartbeat();
    await whileBeating(engine, sql.execute(statement, { signal: engine.signal }));
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
