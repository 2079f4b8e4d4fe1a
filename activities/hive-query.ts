import { hiveQueryInput } from '../dag/operators/hive-query.ts';
import { checkedInput } from '../dag/operators/operator.ts';
import type { Json } from '../dag/spec.ts';
import { FerryError } from '../errors/ferry-error.ts';
import type { Row, Sql } from '../hive/sql.ts';
import type { Engine } from '../sync/engine.ts';
import { whileBeating } from '../sync/while-beating.ts';
import { activity, type Shared } from './activity.ts';

/** An XCom is at most 64 KiB; so many rows of anything are more. */
const MOST_ROWS = 10_000;

/** Runs statements on a cluster's HiveServer2; what the last one returns may become the XCom. */
export function hiveQuery(shared: Shared) {
  return activity('hiveQuery', shared, async (engine, raw: Json) => {
    const { cluster, query, result } = checkedInput('hiveQuery', hiveQueryInput, raw);
    return await withSql(engine, cluster, async (sql) => {
      const statements = [query].flat();
      const last = result === 'none' ? undefined : statements.pop();
      for (const statement of statements) await sql.execute(statement, { signal: engine.signal });
      if (last === undefined) return null;
      const rows = await rowsOf(sql, last, engine.signal);
      if (result === 'rows') return rows;
      const firsts = rows.map((row) => Object.values(row)[0] ?? null);
      return result === 'column' ? firsts : (firsts[0] ?? null);
    });
  });
}

/** All rows of a query, no more of them than an XCom could ever hold. */
export async function rowsOf(sql: Sql, statement: string, signal: AbortSignal): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of sql.query(statement, { signal })) {
    rows.push(...page);
    if (rows.length > MOST_ROWS)
      throw new FerryError('SPEC_INVALID', `the query returns more than ${MOST_ROWS} rows, too many for an XCom`);
  }
  return rows;
}

/** Works with the HiveServer2 of a cluster, whose session the worker keeps, while the activity is seen to live. */
export async function withSql<T>(engine: Engine, name: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { sql } = engine.open(name);
  if (sql === undefined)
    throw new FerryError('SPEC_INVALID', `cluster: ${name} names no hiveserver2 in temporal.config.ts`);
  return await whileBeating(engine, work(sql()));
}
