import { z } from 'zod';
import type { TableName } from '../hive/table.ts';
import { explain, problemsError, problemsOf } from './problems.ts';
import type { RestoreOrder } from './restore-partition.ts';
import { accessProblems, clusterProblems, type SpecLimits } from './spec.ts';
import { specSchema } from './spec-schema.ts';

/** What cleaning is asked for: one table of a target, or all that hive-ferry ever wrote there. */
export type CleanInput = {
  /** A cluster of temporal.config.ts. Default: defaults.target there. */
  readonly target?: string;
  /** 'db.table' on the target; left out: all. */
  readonly table?: string;
  /** Nothing is changed; what would be is told. */
  readonly dryRun?: boolean;
};

/** What a restore is asked for. */
export type RestoreInput = {
  readonly target?: string;
  /** 'db.table' on the target. */
  readonly table: string;
  /** A Hive partition name ('dt=2026-01-01/region=eu'); left out: the whole of an unpartitioned table. */
  readonly partition?: string;
  /** The run key that the version is listed under; needed where several are aside. */
  readonly run?: string;
};

export type CheckedClean = { readonly target: string; readonly of?: TableName; readonly dryRun: boolean };
export type CheckedRestore = RestoreOrder & { readonly target: string };

const target = z.string().min(1).describe('the name of a cluster of temporal.config.ts').optional();
const table = specSchema.shape.table;

const cleanSchema = z
  .strictObject({ target, table: table.optional(), dryRun: z.boolean().describe('true or false').optional() })
  .describe('an object such as {"target": "b", "table": "sales.orders"}') satisfies z.ZodType<unknown, CleanInput>;

const restoreSchema = z
  .strictObject({
    target,
    table,
    partition: z
      .string()
      .regex(/^[^/=]+=[^/]+(\/[^/=]+=[^/]+)*$/)
      .describe('a Hive partition name, such as "dt=2026-01-01/region=eu"')
      .optional(),
    run: z
      .string()
      .regex(/^[\w-]+$/)
      .describe('the run key of a candidate')
      .optional(),
  })
  .describe(
    'an object such as {"target": "b", "table": "sales.orders", "partition": "dt=2026-01-01"}',
  ) satisfies z.ZodType<unknown, RestoreInput>;

/** Throws SPEC_INVALID with every problem, or ACCESS_READ_ONLY. */
export function checkClean(input: unknown, limits: SpecLimits): CheckedClean {
  const fields = check(cleanSchema, input, limits, 'This cannot be cleaned');
  return {
    target: fields.target,
    ...(fields.table === undefined ? {} : { of: nameOf(fields.table) }),
    dryRun: fields.dryRun ?? false,
  };
}

/** Throws as checkClean does. */
export function checkRestore(input: unknown, limits: SpecLimits): CheckedRestore {
  const fields = check(restoreSchema, input, limits, 'This cannot be restored');
  return {
    target: fields.target,
    of: nameOf(fields.table),
    partition: fields.partition ?? '',
    ...(fields.run === undefined ? {} : { run: fields.run }),
  };
}

function check<T extends { readonly target?: string | undefined }>(
  schema: z.ZodType<T>,
  input: unknown,
  limits: SpecLimits,
  what: string,
): T & { readonly target: string } {
  const parsed = schema.safeParse(input, { error: explain });
  if (!parsed.success) throw problemsError('SPEC_INVALID', what, problemsOf(parsed.error.issues));
  const name = parsed.data.target ?? limits.defaults.target;
  const problems = [...clusterProblems('target', name, true, limits), ...accessProblems('target', name, limits)];
  if (problems.length > 0) throw problemsError(problems[0]?.code ?? 'SPEC_INVALID', what, problems);
  return { ...parsed.data, target: name ?? '' };
}

function nameOf(text: string): TableName {
  const [database = '', name = ''] = text.toLowerCase().split('.');
  return { database, table: name };
}
