import { loadDag } from '../../config/load-dags.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { parseDagSpec } from '../../dag/parse-spec.ts';
import type { DagSpec } from '../../dag/spec.ts';

/** The DAG of this name as its file has it now; SPEC_INVALID names those that there are. */
export function localDag({ dags: { folder } }: Pick<ResolvedConfig, 'dags'>, dagId: string): Promise<DagSpec> {
  return loadDag(dagId, folder, (candidate) => parseDagSpec(candidate));
}
