import { unlistedActivities } from '../dag/config-problems.ts';
import { parseDagSpec } from '../dag/parse-spec.ts';
import { isSigned } from '../dag/signature.ts';
import type { DagSpec } from '../dag/spec.ts';
import { FerryError } from '../errors/ferry-error.ts';
import { problemsError } from '../sync/problems.ts';

/** What the configuration of the worker says about every run of a DAG. */
export type DagSettings = {
  /** The DAG of this name as its file has it now; SPEC_INVALID names those that there are. */
  readonly load: (dagId: string) => Promise<DagSpec>;
  /** The key that specs are signed with; left out: none can be checked. */
  readonly signingKey?: () => string;
  /** A spec may come without a signature. */
  readonly unsignedSpecs: boolean;
  /** The cluster that remembers runs. */
  readonly home?: string;
  /** How long it remembers them after their end. */
  readonly historyMs: number;
  /** The user's activities that DAGs may start. */
  readonly activities: readonly string[];
};

/** The DAG that an input means: one of the worker's own files, or the spec that came with it, if that may run here. */
export async function dagOf(
  input: { readonly dag?: string; readonly spec?: unknown; readonly signature?: string },
  settings: DagSettings,
): Promise<DagSpec> {
  if (input.spec !== undefined) assertTrusted(input.spec as DagSpec, input.signature, settings);
  const spec = input.spec === undefined ? await settings.load(input.dag ?? '') : parseDagSpec(input.spec);
  assertListed(spec, settings);
  return spec;
}

/**
 * A schedule carries the spec that was deployed; anybody else who may start workflows could bring one of their own. The
 * signature is of the spec as it came: a later release may fill in more when it parses it.
 */
function assertTrusted(spec: DagSpec, signature: string | undefined, { signingKey, unsignedSpecs }: DagSettings): void {
  if (unsignedSpecs) return;
  const wayOut =
    'Deploy it with "ferry dag deploy", start the DAG by its name, or allow dags.unsignedSpecs in temporal.config.ts';
  if (signature === undefined) throw new FerryError('SPEC_INVALID', `spec: it comes without a signature. ${wayOut}.`);
  if (signingKey === undefined)
    throw new FerryError('SPEC_INVALID', `signature: this worker has no dags.signingKey to check it by. ${wayOut}.`);
  if (!isSigned(spec, signature, signingKey()))
    throw new FerryError('SPEC_INVALID', `signature: it is not that of this spec under this worker's key. ${wayOut}.`);
}

function assertListed(spec: DagSpec, { activities }: DagSettings): void {
  const problems = unlistedActivities(spec, activities);
  if (problems.length > 0) throw problemsError('SPEC_INVALID', 'This worker does not run the DAG', problems);
}
