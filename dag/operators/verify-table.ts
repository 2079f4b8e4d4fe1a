import { z } from 'zod';
import { type SyncSpec, specSchema } from '../../sync/spec-schema.ts';
import { plain } from '../json.ts';
import type { Operation, Operator, Templated } from './operator.ts';

export type VerifyTableOptions = Exclude<
  Templated<
    Pick<SyncSpec, 'table' | 'source' | 'target' | 'partitions' | 'where'> & {
      /** rows: also row counts and sums of all columns, through HiveServer2. Default 'files'. */
      readonly level?: 'files' | 'rows';
      /** The percentage of the partitions to compare, 1 to 100. Default: all. */
      readonly sample?: number;
    }
  >,
  string
>;

/**
 * Compares a table on both sides without changing anything, as `ferry verify` does, and fails with the differences. Its
 * XCom is {identical, partitions, files, bytes, incomparable}.
 */
export function verifyTable(options: VerifyTableOptions): Operation {
  return { action: { kind: 'activity', operator: 'verifyTable', activity: 'verifyTable', input: plain(options) } };
}

export const verifyTableInput = specSchema
  .pick({ table: true, source: true, target: true, partitions: true, where: true })
  .extend({
    level: z.enum(['files', 'rows']).default('files'),
    sample: z.number().int().min(1).max(100).describe('a whole number from 1 to 100').optional(),
  })
  .describe('an object such as {"table": "sales.orders", "source": "a", "target": "b"}');

export const VERIFY_TABLE: Operator = {
  kind: 'activity',
  activity: 'verifyTable',
  input: verifyTableInput,
  hiveql: ['where'],
};
