// npm run schema: writes schema/ anew from the zod schemas in the sources.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root } from './install.mjs';

const { specSchemaText } = await tsImport('../sync/spec-json-schema.ts', import.meta.url);
const { outcomeSchemaText } = await tsImport('../sync/outcome-schema.ts', import.meta.url);
const { planSchemaText } = await tsImport('../cli/plan-schema.ts', import.meta.url);
const { dagSpecSchemaText } = await tsImport('../dag/spec-json-schema.ts', import.meta.url);
mkdirSync(join(root, 'schema'), { recursive: true });
for (const [name, text] of [
  ['sync-spec', specSchemaText()],
  ['plan', planSchemaText()],
  ['outcome', outcomeSchemaText()],
  ['dag-spec', dagSpecSchemaText()],
]) {
  const file = join(root, 'schema', `${name}.schema.json`);
  writeFileSync(file, text);
  console.log(`wrote ${file}`);
}
