import { z } from 'zod';
import { explain, type Problem, problemsError, problemsOf, shown } from '../sync/problems.ts';
import { MOMENT_NOUN, parseMoment } from './moment.ts';
import type { BackfillDagInput, RunDagInput } from './run.ts';

/** An input whose `spec`, where it has one, is not checked yet. */
export type Unchecked<Input extends { readonly spec?: unknown }> = Omit<Input, 'spec'> & { readonly spec?: unknown };

const moment = z
  .string()
  .refine((text) => parseMoment(text) !== undefined)
  .describe('a moment with its offset such as "2026-11-01T03:00:00Z"');
// A date is one in the DAG's timezone, which only its spec knows.
const dateOrMoment = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) || parseMoment(text) !== undefined)
  .describe(MOMENT_NOUN);
const params = z.record(z.string(), z.json()).describe('an object, such as {"region": "eu"}');
const taskIds = z.array(z.string().min(1)).describe('a list of task ids');

const which = {
  dag: z.string().min(1).describe('the dag_id of a DAG that this worker has, such as "orders_daily"').optional(),
  spec: z.record(z.string(), z.json()).describe('a whole DAG spec').optional(),
  signature: z.string().describe('the signature that "ferry dag deploy" gave the spec').optional(),
  params: params.optional(),
};

const clear = z.strictObject({ tasks: taskIds, downstream: z.boolean().describe('true or false').optional() });

const runSchema = z
  .strictObject({
    ...which,
    interval: z
      .union([dateOrMoment, z.strictObject({ start: moment, end: moment })])
      .describe(`the start of a data interval, ${MOMENT_NOUN}, or {"start": ..., "end": ...}`)
      .optional(),
    rerun: z.boolean().describe('true or false').optional(),
    runType: z.enum(['scheduled', 'manual', 'backfill']).optional(),
    continued: z
      .strictObject({
        from: z.strictObject({ workflowId: z.string(), runKey: z.string() }),
        tasks: z.array(z.looseObject({ taskId: z.string(), state: z.string() })),
        clear: clear.optional(),
      })
      .describe('what "ferry dag clear" hands on from a closed run')
      .optional(),
  })
  .describe('an object such as {"dag": "orders_daily"}');

const backfillSchema = z
  .strictObject({
    ...which,
    from: dateOrMoment,
    to: dateOrMoment,
    maxActive: z.number().int().min(1).max(100).describe('a whole number from 1 to 100').optional(),
    rerun: z.enum(['failed', 'all']).optional(),
    reverse: z.boolean().describe('true or false').optional(),
  })
  .describe('an object such as {"dag": "orders_daily", "from": "2026-11-01", "to": "2026-11-03"}');

/** Checks the input of `runDag`. Throws one SPEC_INVALID that lists every problem. */
export function checkRunInput(input: unknown): Unchecked<RunDagInput> {
  return checked(runSchema, input, 'This DAG run cannot start') as Unchecked<RunDagInput>;
}

/** Checks the input of `backfillDag`, in the same way. */
export function checkBackfillInput(input: unknown): Unchecked<BackfillDagInput> {
  return checked(backfillSchema, input, 'This backfill cannot start') as Unchecked<BackfillDagInput>;
}

function checked(schema: z.ZodType, input: unknown, what: string): unknown {
  const parsed = schema.safeParse(input, { error: explain });
  const problems = [...(parsed.success ? [] : problemsOf(parsed.error.issues)), ...oneDag(input)];
  if (problems.length > 0) throw problemsError('SPEC_INVALID', what, problems);
  return parsed.data;
}

function oneDag(input: unknown): readonly Problem[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const { dag, spec, signature } = input as Readonly<Record<string, unknown>>;
  if (dag === undefined && spec === undefined)
    return [{ path: 'dag', message: 'is missing; give the dag_id of a DAG that this worker has' }];
  if (dag !== undefined && spec !== undefined)
    return [{ path: 'dag', message: `${shown(dag)} and a spec were both given; leave one out` }];
  if (signature !== undefined && spec === undefined)
    return [{ path: 'signature', message: 'is of a spec, and none was given; leave it out' }];
  return [];
}
