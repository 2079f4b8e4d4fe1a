import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dagSpecJsonSchema, dagSpecSchemaText } from '../../../dag/spec-json-schema.ts';
import { dagSpecSchema } from '../../../dag/spec-schema.ts';

const ROOT = join(__dirname, '..', '..', '..');

describe('schema/dag-spec.schema.json', () => {
  it('is what the sources say; when it is not: npm run schema', () => {
    expect(readFileSync(join(ROOT, 'schema', 'dag-spec.schema.json'), 'utf8')).toBe(dagSpecSchemaText());
  });

  it('names every field, asks for no more than an id and tasks, and lets no other field in', () => {
    const { properties, required, additionalProperties } = dagSpecJsonSchema() as {
      readonly properties: Readonly<Record<string, unknown>>;
      readonly required: readonly string[];
      readonly additionalProperties: unknown;
    };
    expect(Object.keys(properties)).toEqual(Object.keys(dagSpecSchema.shape));
    expect(required).toEqual(['dagId', 'tasks']);
    expect(additionalProperties).toBe(false);
  });
});
