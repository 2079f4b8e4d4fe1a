import { z } from 'zod';
import { plain } from '../json.ts';
import { clusterField, type Operation, type Operator, queryField } from './operator.ts';

export type HiveCheckOptions = {
  readonly cluster: string;
  /** A query without effects: "select count(*) > 0 from sales.orders where dt = '{{ ds }}'". */
  readonly query: string;
};

/**
 * Runs a query whose first row must hold: every column of it is true, a number other than 0, or a text that is neither
 * empty nor 'false'; no row, or a null, does not hold (as Airflow's SQLCheckOperator). Else the task fails with the row.
 * Its XCom is the row as an object.
 */
export function hiveCheck(options: HiveCheckOptions): Operation {
  return { action: { kind: 'activity', operator: 'hiveCheck', activity: 'hiveCheck', input: plain(options) } };
}

export const hiveCheckInput = z
  .strictObject({ cluster: clusterField, query: queryField })
  .describe('an object such as {"cluster": "b", "query": "select count(*) > 0 from sales.orders"}');

export const HIVE_CHECK: Operator = {
  kind: 'activity',
  activity: 'hiveCheck',
  input: hiveCheckInput,
  hiveql: ['query'],
};
