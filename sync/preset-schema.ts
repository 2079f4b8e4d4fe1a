import { z } from 'zod';
import { carriedParameters, FORCED } from '../hive/carried-properties.ts';
import { readType, TYPE_NAMES } from '../hive/hive-type.ts';
import { type PresetTable, STORAGE_FORMATS, tableFromPreset, whyNotStored } from '../hive/preset-table.ts';
import { whyUnsupported } from '../hive/supported.ts';
import { didYouMean, explain, type Problem, problemsOf, shown } from './problems.ts';

/** A preset is part of what travels through Temporal, whose payloads are bounded. */
const TEXT_LIMIT = 128 * 1024;
/** COLUMNS_V2 and PARTITION_KEYS of the metastore's schema. */
const LONGEST_COLUMN = 767;
const LONGEST_KEY = 128;

/** What people of other systems call Hive's types. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  bool: 'boolean',
  byte: 'tinyint',
  short: 'smallint',
  long: 'bigint',
  real: 'float',
  text: 'string',
  datetime: 'timestamp',
  timestamptz: 'timestamp with local time zone',
  bytes: 'binary',
};

const comment = z.string().max(4000).describe('a text of at most 4000 characters');
// Hive 4 takes '.' and ':' in no column name.
const columnName = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^.:\p{Cc}\s](?:[^.:\p{Cc}]*[^.:\p{Cc}\s])?$/u)
    .describe(`a column name: up to ${longest} characters, without "." and ":"`);
const type = z
  .string()
  .superRefine((text, context) => {
    const read = readType(text);
    if ('mistake' in read) context.addIssue({ code: 'custom', message: notType(text, read.mistake, read.unknown) });
  })
  .describe('a Hive type, such as "decimal(10,2)" or "array<string>"');
const keyType = type.superRefine((text, context) => {
  const read = readType(text);
  if ('mistake' in read || read.kind === 'primitive') return;
  context.addIssue({ code: 'custom', message: `${shown(text)} is not a primitive type, which a partition key has` });
});
const className = z
  .string()
  .regex(/^[\w$]+(\.[\w$]+)+$/)
  .describe('the name of a Java class, such as "org.apache.hadoop.mapred.TextInputFormat"');
const properties = z.record(z.string(), z.string().describe('a text')).describe('an object of texts');

const classes = z.strictObject({
  inputFormat: className,
  outputFormat: className,
  serde: className,
  serdeProperties: properties.optional(),
});
type UnionIssue = Parameters<typeof explain>[0] & {
  readonly errors?: readonly (readonly Parameters<typeof problemsOf>[0][number][])[];
};

/** Of an object that is not right, what is wrong with it says more than that it is none of the words. */
function explainObject(issue: UnionIssue): string {
  const ofObject = issue.code === 'invalid_union' && isObject(issue.input) ? issue.errors?.at(-1) : undefined;
  return ofObject === undefined ? explain(issue) : problemsOf(ofObject).map(textOf).join('; ');
}

const storedAs = z
  .union([z.enum(STORAGE_FORMATS), classes], { error: explainObject })
  .describe(`one of ${STORAGE_FORMATS.join(', ')}, or the classes as {inputFormat, outputFormat, serde}`);

/** The `schema` of a spec when it is not "source": the definition that the target table is to have. */
export const presetSchema = z
  .strictObject({
    columns: z
      .array(
        z
          .strictObject({ name: columnName(LONGEST_COLUMN), type, comment: comment.optional() })
          .describe('an object such as {"name": "amount", "type": "decimal(10,2)"}'),
      )
      .min(1)
      .describe('a list of at least one column'),
    partitionedBy: z
      .array(
        z
          .strictObject({ name: columnName(LONGEST_KEY), type: keyType, comment: comment.optional() })
          .describe('an object such as {"name": "dt", "type": "date"}'),
      )
      .describe('a list of partition keys')
      .optional(),
    storedAs,
    properties: properties.optional(),
    comment: comment.optional(),
  })
  .superRefine((preset, context) => {
    for (const { path, message } of conflicts(preset as PresetTable)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  })
  .describe(
    'an object such as {"columns": [{"name": "id", "type": "bigint"}], "partitionedBy": [{"name": "dt", "type": "date"}], "storedAs": "ORC"}',
  ) satisfies z.ZodType<unknown, PresetTable>;

/** The `schema` of a spec. */
export const schemaChoice = z
  .union([z.literal('source'), presetSchema], { error: explainObject })
  .describe('"source", or the definition of a table');

type Conflict = { readonly path: readonly (string | number)[]; readonly message: string };

function isObject(input: unknown): boolean {
  return typeof input === 'object' && input !== null;
}

function textOf({ path, message }: Problem): string {
  return path === '' ? message : `${path} ${message}`;
}

function notType(text: string, mistake: string, unknown: string | undefined): string {
  const other = unknown === undefined ? undefined : ELSEWHERE[unknown.toLowerCase()];
  const guess =
    other === undefined ? didYouMean(unknown ?? '', TYPE_NAMES) : `; did you mean ${JSON.stringify(other)}?`;
  return `${shown(text)} is not a Hive type: ${mistake}${guess}`;
}

/** What is wrong between fields that are right by themselves. */
function conflicts(preset: PresetTable): readonly Conflict[] {
  const found = [...repeatedNames(preset), ...unstorable(preset), ...keptProperties(preset)];
  const bytes = Buffer.byteLength(JSON.stringify(preset));
  if (bytes > TEXT_LIMIT) {
    const message = `is too long (${bytes} bytes, at most ${TEXT_LIMIT}); create the table on the target, and leave schema out`;
    return [...found, { path: [], message }];
  }
  if (found.length > 0) return found;
  const classes = { ...preset, columns: [], partitionedBy: [] };
  const reasons = whyUnsupported(tableFromPreset(classes, { database: 'd', table: 't' }, 'hdfs://target/t'));
  return reasons.map((reason) => ({ path: [], message: `describes no table that can be copied into: ${reason}` }));
}

function repeatedNames({ columns, partitionedBy = [] }: PresetTable): readonly Conflict[] {
  const seen = new Set<string>();
  const places = [
    ...columns.map(({ name }, at) => ({ name, path: ['columns', at, 'name'] })),
    ...partitionedBy.map(({ name }, at) => ({ name, path: ['partitionedBy', at, 'name'] })),
  ];
  return places.flatMap(({ name, path }) => {
    const again = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return again ? [{ path, message: `${shown(name)} is there twice; a partition key is no column of the files` }] : [];
  });
}

function unstorable({ columns, storedAs }: PresetTable): readonly Conflict[] {
  if (typeof storedAs !== 'string') return [];
  return columns.flatMap(({ name, type: text }, at) => {
    const read = readType(text);
    const reason = 'mistake' in read ? undefined : whyNotStored(storedAs, name, read);
    return reason === undefined
      ? []
      : [{ path: ['columns', at], message: `${shown(name)} cannot be stored as ${storedAs}: ${reason}` }];
  });
}

/** Properties that say what a copy is, or what Hive or a sync has seen of it. */
function keptProperties({ properties: given = {} }: PresetTable): readonly Conflict[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const path = ['properties', name];
    const forced = Object.entries(FORCED).find(([other]) => other.toLowerCase() === name.toLowerCase());
    if (forced !== undefined) return [{ path, message: `is always ${forced[1]} on a target; leave it out` }];
    if (name.toLowerCase() === 'comment')
      return [{ path, message: 'is the comment of the table; give it as "comment"' }];
    if (Object.keys(carriedParameters({ [name]: value })).length > 0) return [];
    return [{ path, message: 'is written by Hive and hive-ferry themselves; leave it out' }];
  });
}
