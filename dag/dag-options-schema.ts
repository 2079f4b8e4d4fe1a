import { z } from 'zod';
import { durationField } from './operators/operator.ts';
import { dagSpecSchema, taskSchema } from './spec-schema.ts';

const { retries, retryBackoff, triggerRule } = taskSchema.shape;

const taskDefaults = {
  retries: retries.removeDefault().optional(),
  retryDelay: durationField.optional(),
  retryBackoff: retryBackoff.removeDefault().optional(),
  maxRetryDelay: durationField.optional(),
  executionTimeout: durationField.optional(),
  triggerRule: triggerRule.removeDefault().optional(),
};

/** The options of a task by themselves, as they are written in a DAG file. `expand` is checked where it is taken. */
export const taskOptionsSchema = z
  .strictObject({ ...taskDefaults, expand: z.unknown() })
  .partial()
  .describe('an object such as {retries: 2, retryDelay: "5m"}');

/** Of the options of a DAG, the keys that it may have, and its defaultArgs; the rest is checked as part of the spec. */
export const dagOptionsSchema = z
  .strictObject({
    ...Object.fromEntries(
      Object.keys(dagSpecSchema.omit({ schemaVersion: true, dagId: true, tasks: true }).shape).map((key) => [
        key,
        z.unknown().optional(),
      ]),
    ),
    defaultArgs: z.strictObject(taskDefaults).describe('an object such as {retries: 2, retryDelay: "5m"}').optional(),
  })
  .describe('an object such as {schedule: "0 3 * * *", startDate: "2026-11-01"}');
