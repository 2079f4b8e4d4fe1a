import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { DagSpec } from '../dag/spec.ts';
import { FerryError } from '../errors/ferry-error.ts';
import { didYouMean, shown } from '../sync/problems.ts';
import { importTypeScript, thrownText } from './import-type-script.ts';

const SCRIPTS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

export type DagFile = { readonly file: string } & (
  | { readonly dags: readonly DagSpec[] }
  /** The file is of no use: it cannot be run, or what it exports is no DAG. */
  | { readonly error: string }
);

/**
 * The DAGs of a folder, file by file: a file's default export is a DAG or a list of them. Files are run afresh at each
 * call, so that an edited one counts from the next run on; a broken one does not take the others with it. `check` is
 * what a thing has to pass to be a DAG. Files of folders below, declarations and tests (`x.test.ts`) are left out.
 */
export async function loadDagFiles(
  folder: string,
  check: (candidate: unknown) => DagSpec,
): Promise<readonly DagFile[]> {
  const files: DagFile[] = [];
  for (const name of namesIn(folder)) files.push(await loadDagFile(join(folder, name), check));
  return files;
}

/** The DAGs of one file, as loadDagFiles reads them. */
export async function loadDagFile(file: string, check: (candidate: unknown) => DagSpec): Promise<DagFile> {
  try {
    const { default: exported } = await importTypeScript(file);
    if (exported === undefined) throw new Error('it exports no DAG. Its last words must be: export default dag(...)');
    return { file, dags: (Array.isArray(exported) ? exported : [exported]).map(check) };
  } catch (error) {
    return { file, error: thrownText(error) };
  }
}

/** The DAG of this name, as its file has it now; else as dagNamed. */
export async function loadDag(dagId: string, folder: string, check: (candidate: unknown) => DagSpec): Promise<DagSpec> {
  return dagNamed(dagId, folder, await loadDagFiles(folder, check));
}

/** The DAG of this name. SPEC_INVALID: there is none, or two; the message names what there is, and the files that are broken. */
export function dagNamed(dagId: string, folder: string, files: readonly DagFile[]): DagSpec {
  const named = files.flatMap((file) =>
    'dags' in file ? file.dags.filter((each) => each.dagId === dagId).map((spec) => ({ file: file.file, spec })) : [],
  );
  const [first, second] = named;
  if (first !== undefined && second === undefined) return first.spec;
  if (first !== undefined) {
    const where = named.map(({ file }) => basename(file)).join(' and ');
    throw new FerryError('SPEC_INVALID', `dag: ${shown(dagId)} stands more than once in ${folder}: ${where}`);
  }
  const known = files.flatMap((file) => ('dags' in file ? file.dags.map((each) => each.dagId) : [])).sort();
  const broken = files.flatMap((file) => ('error' in file ? [`\n${file.file} cannot be used: ${file.error}`] : []));
  const there = known.length === 0 ? 'which holds none' : `which holds ${known.join(', ')}`;
  throw new FerryError(
    'SPEC_INVALID',
    `dag: ${shown(dagId)} is not a DAG of ${folder}, ${there}${didYouMean(dagId, known)}${broken.join('')}`,
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && SCRIPTS.includes(extname(entry.name)))
      .map(({ name }) => name)
      .filter((name) => !/\.(d|test|spec)\.[cm]?[jt]s$/.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
