import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { parse } from 'yaml';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { importTypeScript, thrownText } from './import-type-script.ts';

const SCRIPTS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * The spec of a sync from a file: YAML (JSON is YAML too), or TypeScript whose default export it is. Not checked yet:
 * it goes through the same check as the input of the Temporal UI. Throws SPEC_INVALID, its message naming the file.
 */
export async function loadSpec(file: string, cwd: string = process.cwd()): Promise<unknown> {
  const path = resolve(cwd, file);
  return SCRIPTS.includes(extname(path)) ? fromScript(path) : fromYaml(path);
}

async function fromScript(path: string): Promise<unknown> {
  let loaded: { readonly default?: unknown };
  try {
    loaded = await importTypeScript(path);
  } catch (error) {
    throw inFile(path, thrownText(error), error);
  }
  if (loaded.default === undefined)
    throw inFile(path, 'it exports no spec. Its last words must be: export default { table: ... }');
  return loaded.default;
}

function fromYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw inFile(path, messageOf(error), error);
  }
  try {
    return parse(text, { strict: true, uniqueKeys: true, version: '1.2' });
  } catch (error) {
    // The parser names line and column, and shows the line with a caret.
    throw inFile(path, messageOf(error).trim(), error);
  }
}

function inFile(path: string, text: string, cause?: unknown): FerryError {
  return new FerryError('SPEC_INVALID', text.includes(path) ? text : `${path}: ${text}`, { cause });
}
