import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configSchema } from '../../../config/define-config.ts';
import { BUILT_IN } from '../../../config/resolved.ts';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'config.md'), 'utf8');
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
};

/** The paths of all keys that hold a value, 'clusters.<name>.user'. A secret is one value. */
function pathsOf({ properties, additionalProperties, anyOf = [] }: Schema, path: string): readonly string[] {
  const below = (key: string, schema: Schema) => pathsOf(schema, path === '' ? key : `${path}.${key}`);
  if (typeof additionalProperties === 'object') return below('<name>', additionalProperties);
  if (properties !== undefined) return Object.entries(properties).flatMap(([key, schema]) => below(key, schema));
  const isSecret = anyOf.some((each) => each.properties?.env !== undefined);
  const deeper = isSecret ? [] : anyOf.flatMap((each) => pathsOf(each, path));
  return [...new Set([path, ...deeper])];
}

describe('docs/config.md', () => {
  it('names every key, and no other', () => {
    const paths = pathsOf(z.toJSONSchema(configSchema, { io: 'input' }) as Schema, '');
    expect(paths).toContain('clusters.<name>.hiveserver2.password');
    expect(paths.filter((path) => !named.has(path))).toEqual([]);
    const told = [...named].filter((word) => /^(temporal|clusters|worker|defaults|dags)\.[a-z<]/.test(word));
    expect(
      told.filter((word) => !paths.includes(word) && word !== 'temporal.config.ts' && word !== 'temporal.toml'),
    ).toEqual([]);
  });

  it('names the defaults that are built in', () => {
    const cells = Object.values(BUILT_IN).map((value) => (typeof value === 'number' ? `| ${value} |` : `\`${value}\``));
    expect(cells.filter((cell) => !page.includes(cell))).toEqual([]);
  });
});
