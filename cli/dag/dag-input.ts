import type { ResolvedConfig } from '../../config/resolved.ts';
import type { RunDagInput } from '../../dag/run.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { isFerryError } from '../../errors/ferry-error.ts';
import { signerOf } from './signer.ts';

/** How a run or a backfill is told its DAG. */
export type DagInput = Pick<RunDagInput, 'dag' | 'spec' | 'signature'>;

/**
 * The DAG as this machine's file has it, signed as a deploy signs it, so that a worker needs no file; where this machine
 * holds no key that workers would take, its name: the worker then runs what its own file says.
 */
export function dagInput(config: Pick<ResolvedConfig, 'dags'>, spec: DagSpec): DagInput {
  try {
    const signature = signerOf(config)(spec);
    return { spec, ...(signature === undefined ? {} : { signature }) };
  } catch (error) {
    if (isFerryError(error) && error.code === 'CONFIG_INVALID') return { dag: spec.dagId };
    throw error;
  }
}
