import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FerryError, isFerryError } from '../errors/ferry-error.ts';
import type { Config } from './config.ts';
import { defineConfig } from './define-config.ts';
import { importTypeScript, thrownText } from './import-type-script.ts';
import { type ConfigOverrides, type ResolvedConfig, resolveConfig, withOverrides } from './resolved.ts';

const FILE = 'temporal.config.ts';

export type LoadOptions = {
  /** The file named on the command line. */
  readonly file?: string;
  readonly overrides?: ConfigOverrides;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
};

/**
 * Finds the config (`file`, else FERRY_CONFIG, else temporal.config.ts in the current folder or the nearest one above),
 * loads it as TypeScript without a build, and checks it. Throws CONFIG_INVALID, its message naming the file; SPEC_INVALID
 * when it is the overrides that are wrong.
 */
export async function loadConfig(
  options: LoadOptions = {},
): Promise<{ readonly path: string; readonly config: ResolvedConfig }> {
  const path = findConfig(options);
  const config = checked(await importConfig(path), (error) => inFile(path, error));
  const overridden = checked(withOverrides(config, options.overrides ?? {}), (error) => overFile(path, error));
  return { path, config: resolveConfig(overridden, dirname(path)) };
}

function checked(config: Config, explain: (error: unknown) => FerryError): Config {
  try {
    return defineConfig(config);
  } catch (error) {
    throw explain(error);
  }
}

/** The absolute path of the config that these options mean. */
export function findConfig({ file, env = process.env, cwd = process.cwd() }: LoadOptions): string {
  const named = file ?? (env.FERRY_CONFIG === '' ? undefined : env.FERRY_CONFIG);
  if (named !== undefined) {
    const path = resolve(cwd, named);
    if (isFile(path)) return path;
    throw new FerryError(
      'CONFIG_INVALID',
      `There is no config at ${path} (named by ${file === undefined ? 'FERRY_CONFIG' : '--config'}).`,
    );
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, FILE);
    if (isFile(path)) return path;
    if (folder === dirname(folder)) break;
  }
  throw new FerryError(
    'CONFIG_INVALID',
    `There is no ${FILE} in ${resolve(cwd)} or a folder above it. Write one, or name one with --config or FERRY_CONFIG.`,
  );
}

async function importConfig(path: string): Promise<Config> {
  let loaded: { readonly default?: unknown };
  try {
    loaded = await importTypeScript(path);
  } catch (error) {
    throw inFile(path, error);
  }
  if (typeof loaded.default !== 'object' || loaded.default === null) {
    throw new FerryError(
      'CONFIG_INVALID',
      `${path} does not export a config. Its last words must be: export default defineConfig({ ... })`,
    );
  }
  return loaded.default as Config;
}

function inFile(path: string, error: unknown): FerryError {
  const details = isFerryError(error) ? error.details : {};
  const text = thrownText(error);
  return new FerryError('CONFIG_INVALID', text.includes(path) ? text : `${path}: ${text}`, { cause: error, details });
}

/** The file is right by itself. */
function overFile(path: string, error: unknown): FerryError {
  const problems = isFerryError(error) ? (error.details.problems as readonly string[]) : [String(error)];
  const message = `The command line, or FERRY_* in the environment, does not go with ${path}: ${problems.join('; ')}`;
  return new FerryError('SPEC_INVALID', message, { cause: error, details: { problems } });
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
