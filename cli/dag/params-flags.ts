import { loadSpec } from '../../config/load-spec.ts';
import { runParams } from '../../dag/params.ts';
import type { DagSpec, Json } from '../../dag/spec.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { shown } from '../../sync/problems.ts';

export type ParamsFlags = { readonly params?: readonly string[]; readonly paramsFile?: string };

/**
 * The params that a command line gives a run: those of the file, and over them those of `--params name=value`. Left out
 * when it gives none. Each has to be one of the DAG's.
 */
export async function paramsOfFlags(
  spec: Pick<DagSpec, 'dagId' | 'params'>,
  { params = [], paramsFile }: ParamsFlags,
): Promise<Readonly<Record<string, Json>> | undefined> {
  if (params.length === 0 && paramsFile === undefined) return undefined;
  const file = paramsFile === undefined ? {} : await fromFile(paramsFile);
  const given = { ...file, ...Object.fromEntries(params.map((pair) => paramOf(pair, spec.params))) };
  runParams(spec, given);
  return given;
}

async function fromFile(file: string): Promise<Readonly<Record<string, Json>>> {
  const loaded = await loadSpec(file);
  if (typeof loaded === 'object' && loaded !== null && !Array.isArray(loaded))
    return loaded as Readonly<Record<string, Json>>;
  throw new FerryError('SPEC_INVALID', `${file}: params must be an object, such as {"region": "eu"}`);
}

/** A param whose default is a text takes the value as it stands; any other reads it as JSON where it is some. */
function paramOf(pair: string, defaults: DagSpec['params']): readonly [string, Json] {
  const at = pair.indexOf('=');
  if (at < 1) throw new FerryError('SPEC_INVALID', `--params: ${shown(pair)} is not name=value`);
  const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
  if (typeof defaults[name] === 'string') return [name, text];
  try {
    return [name, JSON.parse(text) as Json];
  } catch {
    return [name, text];
  }
}
