import { hiveCheckInput } from '../dag/operators/hive-check.ts';
import { checkedInput } from '../dag/operators/operator.ts';
import type { Json } from '../dag/spec.ts';
import { FerryError } from '../errors/ferry-error.ts';
import type { SqlValue } from '../hive/sql.ts';
import { activity, type Shared } from './activity.ts';
import { rowsOf, withSql } from './hive-query.ts';

/** Runs a query whose first row must hold (Airflow's SQLCheckOperator). */
export function hiveCheck(shared: Shared) {
  return activity('hiveCheck', shared, async (engine, raw: Json) => {
    const { cluster, query } = checkedInput('hiveCheck', hiveCheckInput, raw);
    const [row] = await withSql(engine, cluster, (sql) => rowsOf(sql, query, engine.signal));
    if (row === undefined) throw new FerryError('CHECK_FAILED', 'the check returned no row');
    if (!Object.values(row).every(holds))
      throw new FerryError('CHECK_FAILED', `the check does not hold: ${JSON.stringify(row)}`);
    return row;
  });
}

/** True, a number other than 0, or a text that is neither empty nor 'false'. */
export function holds(value: SqlValue): boolean {
  return typeof value === 'string' ? value !== '' && value.toLowerCase() !== 'false' : Boolean(value);
}
