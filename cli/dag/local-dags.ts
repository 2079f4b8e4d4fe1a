import { basename } from 'node:path';
import { type DagFile, loadDagFiles } from '../../config/load-dags.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { parseDagSpec } from '../../dag/parse-spec.ts';
import type { DagSpec } from '../../dag/spec.ts';
import type { Problem } from '../../sync/problems.ts';

export type LocalDag = { readonly spec: DagSpec; readonly file: string };

/** `problems`: of files that cannot be used, and of DAGs that stand more than once; those are in `dags` all the same. */
export type LocalDags = { readonly dags: readonly LocalDag[]; readonly problems: readonly Problem[] };

/** The DAGs of the folder that the config names, by dag_id. */
export async function localDags({ dags: { folder } }: Pick<ResolvedConfig, 'dags'>): Promise<LocalDags> {
  return dagsOfFiles(await loadDagFiles(folder, (candidate) => parseDagSpec(candidate)));
}

export function dagsOfFiles(files: readonly DagFile[]): LocalDags {
  const dags = files.flatMap((each) => ('dags' in each ? each.dags.map((spec) => ({ spec, file: each.file })) : []));
  dags.sort((one, other) => (one.spec.dagId < other.spec.dagId ? -1 : 1));
  const broken = files.flatMap((each) => ('error' in each ? [{ path: each.file, message: each.error }] : []));
  const ids = dags.map(({ spec }) => spec.dagId);
  const twice = [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))].map((id) => {
    const where = dags.filter(({ spec }) => spec.dagId === id).map(({ file }) => basename(file));
    return { path: id, message: `stands more than once: in ${where.join(' and ')}` };
  });
  return { dags, problems: [...broken, ...twice] };
}
