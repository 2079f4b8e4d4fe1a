import { z } from 'zod';
import { DURATION_NOUN, parseDuration } from '../../sync/duration.ts';
import { explain, type Problem, problemsError, problemsOf } from '../../sync/problems.ts';
import { specSchema } from '../../sync/spec-schema.ts';
import type { Action } from '../spec.ts';
import { isTemplate } from '../template.ts';

/** What a call of an operator gives to `d.task(...)`. */
export type Operation = { readonly action: Action };

/** A text with an expression in it, where a value of another type is wanted: one `{{ expression }}` keeps its type. */
export type TemplateText = `${string}{{${string}}}${string}`;

/** The same shape, in which every value may be a template instead. */
export type Templated<T> = T extends string
  ? string extends T
    ? string
    : T | TemplateText
  : T extends number | boolean
    ? T | TemplateText
    : T extends readonly (infer Each)[]
      ? readonly Templated<Each>[] | TemplateText
      : T extends object
        ? { readonly [Key in keyof T]: Templated<T[Key]> } | TemplateText
        : T;

/** What is known of an operator besides how it is called. */
export type Operator = {
  readonly kind: Action['kind'];
  /** The activity that it starts; left out: another kind, or one of the user's own. */
  readonly activity?: string;
  /** Of its input, once it is rendered. */
  readonly input: z.ZodType;
  /** The fields of its input whose texts become HiveQL. */
  readonly hiveql: readonly string[];
};

export const clusterField = specSchema.shape.source.unwrap();
export const tableField = specSchema.shape.table;
export const durationField = z
  .string()
  .refine((text) => parseDuration(text) !== undefined)
  .describe(DURATION_NOUN);
const statement = z.string().min(1).max(65_536).describe('a HiveQL statement');
export const queryField = statement;
export const queriesField = z
  .union([statement, z.array(statement).min(1).max(20)])
  .describe('a HiveQL statement, or a list of at most 20');
/** How often a sensor looks, and for how long. */
export const sensorFields = { every: durationField.default('1m'), timeout: durationField.default('7d') };

/**
 * What is wrong with the input of an operator before its templates are rendered: what holds an expression may yet become
 * right and is let through.
 */
export function inputProblems(schema: z.ZodType, input: unknown): readonly Problem[] {
  const parsed = schema.safeParse(input, { error: explain });
  if (parsed.success) return [];
  const certain = parsed.error.issues.filter(
    ({ code, path }) => code === 'unrecognized_keys' || !holdsTemplate(valueAt(input, path)),
  );
  return problemsOf(certain);
}

/**
 * A rendered input with its defaults; `what` is the operator.
 * @throws FerryError SPEC_INVALID that lists every problem.
 */
export function checkedInput<Schema extends z.ZodType>(what: string, schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: explain });
  if (!parsed.success) throw problemsError('SPEC_INVALID', `The input of ${what}`, problemsOf(parsed.error.issues));
  return parsed.data;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return value;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}

function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return isTemplate(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}
