import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { specJsonSchema, specSchemaText } from '../../../sync/spec-json-schema.ts';
import { specSchema } from '../../../sync/spec-schema.ts';

const ROOT = join(__dirname, '..', '..', '..');

describe('schema/sync-spec.schema.json', () => {
  it('is what the sources say; when it is not: npm run schema', () => {
    expect(readFileSync(join(ROOT, 'schema', 'sync-spec.schema.json'), 'utf8')).toBe(specSchemaText());
  });

  it('names every field, says what it takes, and lets no other in', () => {
    const { properties, required, additionalProperties } = specJsonSchema() as {
      readonly properties: Readonly<
        Record<string, { readonly description?: string; readonly enum?: unknown; readonly type?: string }>
      >;
      readonly required: readonly string[];
      readonly additionalProperties: unknown;
    };
    expect(Object.keys(properties)).toEqual(Object.keys(specSchema.shape));
    for (const [name, property] of Object.entries(properties))
      expect([name, property.description ?? property.enum]).not.toEqual([name, undefined]);
    expect(required).toEqual(['table']);
    expect(additionalProperties).toBe(false);
  });

  it('ships in the package', () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly files: readonly string[];
    };
    expect(files).toContain('schema');
  });
});
