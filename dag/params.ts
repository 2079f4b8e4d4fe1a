import { FerryError } from '../errors/ferry-error.ts';
import { didYouMean, shown } from '../sync/problems.ts';
import type { DagSpec, Json } from './spec.ts';

/**
 * The params of a run: a DAG says which there are, and what they are where the run says nothing else.
 * @throws FerryError SPEC_INVALID for one that the DAG does not have.
 */
export function runParams(
  { dagId, params }: Pick<DagSpec, 'dagId' | 'params'>,
  given: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const known = Object.keys(params);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return { ...params, ...given };
  const [first = ''] = unknown;
  throw new FerryError(
    'SPEC_INVALID',
    `This DAG run cannot start: params: ${unknown.map(shown).join(', ')} is none of ${dagId} (${known.join(', ') || 'it has none'})${didYouMean(first, known)}`,
  );
}
