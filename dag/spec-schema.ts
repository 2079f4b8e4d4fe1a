import { z } from 'zod';
import { isJson } from './json.ts';
import { MOMENT_NOUN, momentOrDayStart } from './moment.ts';
import { MAX_MAP_LENGTH } from './scheduler.ts';
import type { Json } from './spec.ts';
import { TRIGGER_RULES } from './trigger-rules.ts';
import { isZone } from './zone.ts';

/** Airflow's defaults. */
const RETRY_DELAY_SECONDS = 300;
const MAX_RETRY_DELAY_SECONDS = 86_400;
const MAX_ACTIVE = 16;
const LONGEST_SECONDS = 30 * 86_400;

// Ids stand in workflow ids and paths, and as keys of plain objects.
const id = (pattern: RegExp, noun: string) =>
  z
    .string()
    .max(200)
    .regex(pattern, { abort: true })
    .refine((text) => !(text in Object.prototype))
    .describe(noun);
export const dagIdField = id(
  /^[A-Za-z0-9][\w.-]*$/,
  'a dag_id: letters, digits, "_", "-" and ".", such as "orders_daily"',
);
export const taskIdField = id(/^[A-Za-z0-9][\w-]*$/, 'a task id: letters, digits, "_" and "-", such as "copy_orders"');
const paramName = id(/^[A-Za-z_]\w*$/, 'the name of a param: letters, digits and "_", such as "region"');
export const jsonField = z.custom<Json>(isJson).describe('a JSON value');
const yes = z.boolean().describe('true or false');
const text = (longest: number) => z.string().max(longest).describe(`a text of at most ${longest} characters`);
const active = z.number().int().min(1).max(1000).describe('a whole number from 1 to 1000');
const seconds = (least: number) =>
  z.number().min(least).max(LONGEST_SECONDS).describe(`a number of seconds from ${least} to ${LONGEST_SECONDS}`);
const moment = z
  .string()
  .refine((value) => momentOrDayStart(value, 'UTC') !== undefined)
  .describe(MOMENT_NOUN);
const activity = z.string().min(1).max(200).describe('the name of an activity that the worker registers');

const actionSchema = z
  .strictObject({
    kind: z.enum(['activity', 'workflow', 'choose']),
    operator: z.string().describe('the name of an operator, such as "syncTable"'),
    activity: activity.optional(),
    workflow: z.literal('syncTable').describe('"syncTable"').optional(),
    input: jsonField.default(null),
  })
  .describe(
    'an action, such as {"kind": "workflow", "operator": "syncTable", "workflow": "syncTable", "input": {...}}',
  );

const expandSchema = z
  .strictObject({
    over: z
      .union([z.array(jsonField).max(MAX_MAP_LENGTH), z.strictObject({ xcom: taskIdField })])
      .describe(`a list of at most ${MAX_MAP_LENGTH} values, or {"xcom": "<task id>"}`),
  })
  .describe('an object such as {"over": ["eu", "us"]}');

/** One task; fields that are left out get Airflow's defaults. */
export const taskSchema = z
  .strictObject({
    taskId: taskIdField,
    action: actionSchema,
    upstream: z.array(taskIdField).describe('a list of task ids').default([]),
    triggerRule: z.enum(TRIGGER_RULES).default('all_success'),
    retries: z.number().int().min(0).max(100).describe('a whole number from 0 to 100').default(0),
    retryDelaySeconds: seconds(0).default(RETRY_DELAY_SECONDS),
    retryBackoff: z.number().min(1).max(10).describe('a factor from 1 to 10').default(1),
    maxRetryDelaySeconds: seconds(0).default(MAX_RETRY_DELAY_SECONDS),
    executionTimeoutSeconds: seconds(1).optional(),
    expand: expandSchema.optional(),
  })
  .describe('a task, an object with taskId and action');

/** The fields of a DAG spec, each by itself; what they mean together is checked by parseDagSpec. */
export const dagSpecSchema = z
  .strictObject({
    schemaVersion: z.literal(1).describe('1, the version of this format').default(1),
    dagId: dagIdField,
    description: text(4_000).optional(),
    // Which texts are one is told by schedule-problems.ts, with what is wrong with it.
    schedule: z.string().describe('a cron of five fields such as "0 3 * * *", or a preset such as "@daily"').optional(),
    timezone: z
      .string()
      .refine(isZone)
      .describe('an IANA timezone in its usual spelling, such as "UTC" or "Europe/Berlin"')
      .default('UTC'),
    startDate: moment.optional(),
    endDate: moment.optional(),
    catchup: yes.default(false),
    maxActiveRuns: active.default(MAX_ACTIVE),
    maxActiveTasks: active.default(MAX_ACTIVE),
    params: z.record(paramName, jsonField).describe('an object, such as {"region": "eu"}').default({}),
    tags: z
      .array(z.string().min(1).max(100).describe('a tag'))
      .max(50)
      .describe('a list of at most 50 tags')
      .default([]),
    onFailure: z.enum(['fail', 'wait']).default('fail'),
    onEnd: z
      .strictObject({ activity, input: jsonField.default(null) })
      .describe('an object such as {"activity": "tellTheTeam"}')
      .optional(),
    tasks: z.array(taskSchema).min(1).describe('a list with at least one task'),
  })
  .describe('a DAG spec, an object with dagId and tasks');

/** A task and a spec whose every field is right by itself. */
export type TaskFields = z.output<typeof taskSchema>;
export type DagFields = z.output<typeof dagSpecSchema>;
