import { FerryError } from '../errors/ferry-error.ts';
import { sameLocation } from '../hive/location.ts';
import { statementsOf } from '../hive/statements.ts';
import type { Engine } from './engine.ts';
import type { EnsuredTable, PlanRef, ResolvedSpec } from './outcome.ts';
import { readPlanFile } from './plan-nodes.ts';
import { shortStatements } from './short-texts.ts';
import { assertSupported, readTable } from './source-table.ts';
import { decideTargetTable } from './target-table.ts';

/**
 * Brings the target table to where partitions can land in it: created with the planned location, or given the columns
 * it lacks. Decides afresh from what is there now, so that it is safe to repeat and another hand's table is not
 * mistaken for ours; reads the table back. Throws what decideTargetTable refuses, and CATALOG_REFUSED.
 */
export async function ensureTable(engine: Engine, spec: ResolvedSpec, plan: PlanRef): Promise<EnsuredTable> {
  const { signal } = engine;
  const source = engine.open(spec.source.cluster);
  const target = engine.open(spec.target.cluster);
  const planned = await readPlanFile(target, plan.file, signal);
  const of = { database: spec.target.database, table: spec.target.table };
  const sourceTable = await readTable(source, spec.source, signal);
  const existing = await target.catalog.table(of, { signal });
  if (existing) assertSupported(target, existing);
  const created = planned.changes.find((change) => change.kind === 'create-database');
  const { changes } = decideTargetTable(spec, planned.strategy, {
    source: sourceTable,
    existing,
    databaseLocation: (await target.catalog.database(of.database, { signal }))?.location,
    newDatabaseLocation: created?.location ?? planned.location.slice(0, planned.location.lastIndexOf('/')),
    sourceFileSystems: source.fileSystems,
  });
  for (const change of changes) {
    engine.heartbeat();
    // The planned location stands, whatever the database has become since: that is where the nodes will land.
    await target.catalog.apply(
      change.kind === 'create-table'
        ? { ...change, table: { ...change.table, storage: { ...change.table.storage, location: planned.location } } }
        : change,
      { signal },
    );
  }
  const now = await readTable(target, spec.target, signal);
  assertSupported(target, now);
  if (planned.strategy === 'swap' && !sameLocation(now.storage.location, planned.location, target.fileSystems)) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `${target.name}:${of.database}.${of.table} is at ${now.storage.location}; this run was planned for ${planned.location}`,
    );
  }
  return {
    created: existing === undefined,
    location: now.storage.location,
    applied: shortStatements(
      changes.flatMap((change) => statementsOf(change)),
      `${target.name}:${plan.file.path}`,
    ),
  };
}
