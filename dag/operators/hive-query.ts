import { z } from 'zod';
import { plain } from '../json.ts';
import { clusterField, type Operation, type Operator, queriesField } from './operator.ts';

export type HiveQueryOptions = {
  readonly cluster: string;
  /** A HiveQL statement, or several that run in this order in one session. */
  readonly query: string | readonly string[];
  /**
   * What becomes the XCom. none (the default): nothing. value: the first column of the first row of the last statement.
   * column: the first column of every row, as a list for `expand`. rows: every row as an object.
   */
  readonly result?: 'none' | 'value' | 'column' | 'rows';
};

/**
 * Runs HiveQL on the HiveServer2 of a cluster. A statement that has an effect may run twice, when its answer is lost or the
 * task is tried again: write it so that this does no harm (`insert overwrite`, `create table if not exists`).
 */
export function hiveQuery(options: HiveQueryOptions): Operation {
  return { action: { kind: 'activity', operator: 'hiveQuery', activity: 'hiveQuery', input: plain(options) } };
}

export const hiveQueryInput = z
  .strictObject({
    cluster: clusterField,
    query: queriesField,
    result: z.enum(['none', 'value', 'column', 'rows']).default('none'),
  })
  .describe('an object such as {"cluster": "b", "query": "analyze table sales.orders compute statistics"}');

export const HIVE_QUERY: Operator = {
  kind: 'activity',
  activity: 'hiveQuery',
  input: hiveQueryInput,
  hiveql: ['query'],
};
