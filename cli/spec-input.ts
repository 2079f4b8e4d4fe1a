import { loadSpec } from '../config/load-spec.ts';
import { type SpecFlags, specOfFlags } from './flags.ts';
import { readPlanFile } from './plan-file.ts';

export type SpecFileFlags = Omit<SpecFlags, 'schema'> & {
  readonly spec?: string;
  readonly plan?: string;
  /** 'source', or the file of a preset table. */
  readonly schema?: string;
};

/** The spec of a command line that may name a file: not checked yet. */
export async function specInput(
  table: string | undefined,
  flags: SpecFileFlags,
  defaultTarget?: string,
): Promise<unknown> {
  const { schema, ...said } = flags;
  const preset = schema === undefined || schema === 'source' ? schema : await loadSpec(schema);
  const all = preset === undefined ? said : { ...said, schema: preset };
  return specOver(await fileOf(flags), table, all, defaultTarget);
}

async function fileOf({ spec, plan }: SpecFileFlags): Promise<unknown> {
  if (plan === undefined) return spec === undefined ? {} : loadSpec(spec);
  const document = readPlanFile(plan);
  return { ...document.spec, planDigest: document.digest };
}

/** What the command line (and FERRY_*) says, over what the file says, field by field. */
export function specOver(file: unknown, table: string | undefined, flags: SpecFlags, defaultTarget?: string): unknown {
  // The check says what is wrong with it.
  if (!isObject(file)) return file;
  const inFile = typeof file.target === 'string' ? { cluster: file.target } : file.target;
  const cluster = isObject(inFile) && typeof inFile.cluster === 'string' ? inFile.cluster : defaultTarget;
  const said = specOfFlags(table ?? '', flags, cluster) as Readonly<Record<string, unknown>>;
  return {
    ...file,
    ...said,
    ...(table === undefined && { table: file.table }),
    ...(said.nodes !== undefined && { nodes: over(file.nodes, said.nodes) }),
    ...(said.target !== undefined && { target: targetOver(file.target, said.target) }),
  };
}

/** Another cluster for an exact target leaves its table and folder as they are. */
function targetOver(file: unknown, said: unknown): unknown {
  return isObject(file) ? over(file, typeof said === 'string' ? { cluster: said } : said) : said;
}

function over(file: unknown, said: unknown): unknown {
  return isObject(file) && isObject(said) ? { ...file, ...said } : said;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
