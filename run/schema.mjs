// npm run schema: writes schema/ anew from the zod schemas in the sources.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root } from './install.mjs';

const { specSchemaText } = await tsImport('../sync/spec-json-schema.ts', import.meta.url);
const file = join(root, 'schema', 'sync-spec.schema.json');
mkdirSync(join(root, 'schema'), { recursive: true });
writeFileSync(file, specSchemaText());
console.log(`wrote ${file}`);
