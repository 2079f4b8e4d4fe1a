import { z } from 'zod';

/** The text of schema/<name>.schema.json, of a document that hive-ferry prints. */
export function outputSchemaText(schema: z.ZodType, name: string, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'output' });
  const id = `https://unpkg.com/hive-ferry/schema/${name}.schema.json`;
  return `${JSON.stringify({ $schema, $id: id, title: `hive-ferry: ${title}`, ...rest }, null, 2)}\n`;
}
