import { z } from 'zod';
import { specSchema } from './spec-schema.ts';

/**
 * The JSON Schema of a sync's input, for editors and for whoever writes a spec by a program. What it cannot say (the
 * clusters of temporal.config.ts, fields that do not go together, how a size is written) the check of a sync says.
 */
export function specJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(specSchema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' });
  const { $schema, ...rest } = schema;
  return {
    $schema,
    $id: 'https://unpkg.com/hive-ferry/schema/sync-spec.schema.json',
    title: 'hive-ferry: the spec of a sync',
    ...rest,
  };
}

/** The text of schema/sync-spec.schema.json. */
export function specSchemaText(): string {
  return `${JSON.stringify(specJsonSchema(), null, 2)}\n`;
}
