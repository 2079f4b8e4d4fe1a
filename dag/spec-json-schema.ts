import { z } from 'zod';
import { dagSpecSchema } from './spec-schema.ts';

/**
 * The JSON Schema of a DAG spec, for editors and for whoever writes one by a program. What it cannot say (the input of
 * each operator, edges, templates, daylight saving) parseDagSpec says.
 */
export function dagSpecJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(dagSpecSchema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' });
  const { $schema, ...rest } = schema;
  return {
    $schema,
    $id: 'https://unpkg.com/hive-ferry/schema/dag-spec.schema.json',
    title: 'hive-ferry: a DAG once it is built',
    ...rest,
  };
}

/** The text of schema/dag-spec.schema.json. */
export function dagSpecSchemaText(): string {
  return `${JSON.stringify(dagSpecJsonSchema(), null, 2)}\n`;
}
