import { resolve } from 'node:path';
import { didYouMean, type Problem } from '../../sync/problems.ts';
import type { LocalDag, LocalDags } from './local-dags.ts';

/** What a deploy is about: the DAGs of the files, the dag_ids that may be on the server only, and what stands in its way. */
export type SelectedDags = {
  readonly dags: readonly LocalDag[];
  /** The dag_ids asked for; undefined: all, also those of which only the server knows. */
  readonly ids?: readonly string[];
  readonly problems: readonly Problem[];
};

/**
 * The DAGs that these names mean: dag_ids, or files of the folder as they are seen from `cwd`. Without names all; then a file
 * that cannot be used stands in the way, since what it would hold might be taken for gone.
 */
export function selectDags({ dags, problems }: LocalDags, names: readonly string[], cwd: string): SelectedDags {
  if (names.length === 0) return { dags, problems };
  const isFile = (name: string) => /[/\\]|\.[cm]?[jt]s$/.test(name);
  const files = names.filter(isFile).map((name) => resolve(cwd, name));
  const ids = names.filter((name) => !isFile(name));
  const selected = dags.filter(({ spec, file }) => ids.includes(spec.dagId) || files.includes(file));
  const blocking = problems.filter(
    ({ path }) => files.includes(path) || selected.some(({ spec }) => spec.dagId === path),
  );
  const known = new Set([...dags.map(({ file }) => file), ...blocking.map(({ path }) => path)]);
  const unknown = files
    .filter((file) => !known.has(file))
    .map((path) => ({ path, message: 'is not a DAG file of the folder that dags.folder names' }));
  return {
    dags: selected,
    ids: [...new Set([...ids, ...selected.map(({ spec }) => spec.dagId)])],
    problems: [...blocking, ...unknown],
  };
}

/** Of the dag_ids asked for those that neither a file nor the server knows; a broken file may be why. */
export function unknownIds(
  { ids = [] }: SelectedDags,
  found: readonly string[],
  { dags, problems }: LocalDags,
): readonly Problem[] {
  const known = [...dags.map(({ spec }) => spec.dagId), ...found];
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length === 0) return [];
  return [
    ...unknown.map((id) => ({
      path: id,
      message: `is neither a DAG of the files nor deployed${didYouMean(id, known)}`,
    })),
    ...problems,
  ];
}
