import { z } from 'zod';
import type { Finding } from '../sync/compare.ts';
import { outputSchemaText } from '../sync/output-schema.ts';
import type { CallKind } from '../sync/plan-calls.ts';
import type { PlanDocument } from './plan-report.ts';

const FINDINGS: Readonly<Record<Finding, string>> = {
  new: 'nothing stands at the target',
  changed: 'the target holds an older version that hive-ferry published',
  unchanged: 'both sides hold the same files',
  register: 'the files are in place, the catalog is to learn of them',
  adopt: 'the same bytes under other modification times',
  young: 'younger than minAge',
  extra: 'to be dropped: the source no longer has it',
  'source-absent': "the source's folder is not there",
  diverged: 'the target was changed by other hands',
};
const CALLS: Readonly<Record<CallKind, true>> = {
  status: true,
  list: true,
  open: true,
  checksum: true,
  attributes: true,
  quota: true,
  create: true,
  mkdirs: true,
  rename: true,
  delete: true,
  times: true,
};

const count = z.number().int().min(0);
const text = z.string();
const keysOf = <Key extends string>(of: Readonly<Record<Key, unknown>>) => z.enum(Object.keys(of) as [Key, ...Key[]]);

const calls = z.strictObject({
  total: count,
  of: z.partialRecord(keysOf(CALLS), count).describe('by kind, without those that are not made'),
});

const room = z.strictObject({
  path: text.describe('the folder that has the quota'),
  kind: z.enum(['space', 'names']),
  limit: z.number(),
  used: z.number(),
  needed: count.describe('what the run cannot do without'),
  margin: count.describe('what it may need besides for a while'),
  fits: z.enum(['yes', 'tight', 'no']),
});

const partition = z.strictObject({
  name: text.describe("Hive's escaped name; '' for an unpartitioned table"),
  finding: keysOf(FINDINGS).describe(
    Object.entries(FINDINGS)
      .map(([finding, means]) => `${finding}: ${means}`)
      .join('; '),
  ),
  reason: text.optional().describe('why it diverged'),
  attributesDiffer: count.optional().describe("files and folders with other attributes than the source's"),
  from: text.describe('its folder on the source'),
  live: text.describe('where readers of the target find it, or will'),
  files: count,
  bytes: count,
});

/** What `ferry plan --json` prints. */
export const planSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    source: text.describe('the cluster to copy from'),
    target: text.describe('the cluster to copy to'),
    table: text.describe('db.table on the target'),
    location: text.describe('of the target table, a URI'),
    strategy: z.enum(['swap', 'relocate']).describe('how a version of a partition gets to where readers find it'),
    work: z.boolean().describe('a sync would have something to do'),
    counts: z
      .strictObject({
        selected: count,
        unchanged: count,
        toCopy: count,
        diverged: count,
        toPrune: count,
        skipped: count.describe('too young to be looked at'),
        attributes: count.optional().describe("of the unchanged ones: those that are given the source's attributes"),
      })
      .describe('of partitions'),
    files: count.describe('to copy'),
    bytes: count.describe('to copy'),
    nodes: z
      .array(z.strictObject({ index: count, partitions: count, files: count, bytes: count }))
      .describe('what each virtual node would load, most first'),
    calls: z.strictObject({ source: calls, target: calls }).describe('about how often either namenode would be asked'),
    space: z
      .strictObject({
        bytes: count.describe('of files yet to be staged'),
        space: count.describe('the same on disk, as quotas count it'),
        names: count,
        factor: z.number().min(0).describe('bytes on disk for each byte of a file'),
        assumed: z.boolean().describe("the cluster does not tell its replication: HDFS's own default is taken for it"),
        rooms: z.array(room).describe('each quota that the run has to fit into'),
        unread: z.array(text).describe('folders whose quotas are not for this user to see'),
      })
      .describe('what the run holds at its peak on the target'),
    notes: z.array(text).describe('what is to be known of the clusters before it begins'),
    statements: z.array(text).describe('HiveQL of what would be done to the target table itself'),
    partitions: z.array(partition),
  })
  .describe('what a sync would do') satisfies z.ZodType<PlanDocument>;

/** The text of schema/plan.schema.json. */
export function planSchemaText(): string {
  return outputSchemaText(planSchema, 'plan', 'the plan of a sync');
}
