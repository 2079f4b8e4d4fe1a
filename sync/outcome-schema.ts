import { z } from 'zod';
import { CODES, type Code } from '../errors/codes.ts';
import type { Outcome } from './outcome.ts';
import { outputSchemaText } from './output-schema.ts';

const count = z.number().int().min(0);
const text = z.string();
const when = z.iso.datetime();
const fileRef = z.strictObject({ path: text, sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const failure = z.strictObject({
  partition: text.describe("the partition's name, '(whole table)' or '(the run)'"),
  code: z.enum(Object.keys(CODES) as [Code, ...Code[]]),
  message: text,
  hint: text.describe('the way out'),
});

const node = z.strictObject({
  index: count,
  partitions: count,
  files: count,
  bytes: count,
  peakMemoryBytes: count,
  budgetBytes: count,
});

/** The result of a run, as the workflow returns it and `ferry sync --json` prints it. */
export const outcomeSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    workflowId: text,
    runId: text,
    uiUrl: text.optional(),
    source: text.describe('the cluster that was copied from'),
    target: text.describe('the cluster that was copied to'),
    table: text.describe('db.table on the target'),
    selection: text.describe('which partitions, for people'),
    outcome: z.enum(['complete', 'partial', 'failed', 'nothing-to-do', 'refused', 'cancelled']),
    partitions: z
      .strictObject({
        selected: count,
        unchanged: count,
        published: count,
        diverged: count,
        failed: count,
        skipped: count,
        pruned: count,
      })
      .describe('each partition of the selection is counted once'),
    files: z.strictObject({ copied: count, reused: count }),
    bytes: z.strictObject({ copied: count }),
    nodes: z.array(node),
    attributesMended: count
      .optional()
      .describe('partitions whose files stayed as they were and were given the attributes of the source'),
    snapshotsKept: z
      .array(text)
      .max(20)
      .optional()
      .describe('snapshots of the source that the run made and could not delete, each with why'),
    drift: z
      .array(text)
      .describe('how the table on the target differed, and what was done about it; of many statements the first'),
    failures: z.array(failure).max(100).describe('at most 100; all of them are in the file at failuresPath'),
    failuresPath: text.optional(),
    plan: fileRef.optional(),
    ledger: text.optional(),
    rounds: count,
    startedAt: when,
    endedAt: when,
    seconds: z.number().min(0),
  })
  .describe('how a sync ended') satisfies z.ZodType<Outcome>;

/** The text of schema/outcome.schema.json. */
export function outcomeSchemaText(): string {
  return outputSchemaText(outcomeSchema, 'outcome', 'the outcome of a sync');
}
