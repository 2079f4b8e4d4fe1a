import { parseDagSpec } from '../dag/parse-spec.ts';
import { isSigned } from '../dag/signature.ts';
import type { DagSpec } from '../dag/spec.ts';
import { FerryError } from '../errors/ferry-error.ts';

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
  /** The user's activities that DAGs may start. */
  readonly activities: readonly string[];
};

/** The DAG that an input means: one of the worker's own files, or the spec that came with it, if that may run here. */
export async function dagOf(
  input: { readonly dag?: string; readonly spec?: unknown; readonly signature?: string },
  settings: DagSettings,
): Promise<DagSpec> {
  const spec = input.spec === undefined ? await settings.load(input.dag ?? '') : parseDagSpec(input.spec);
  if (input.spec !== undefined) assertTrusted(spec, input.signature, settings);
  assertListed(spec, settings);
  return spec;
}

/** A schedule carries the spec that was deployed; anybody else who may start workflows could bring one of their own. */
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

/** Also hive-ferry's own activities are on the worker; a DAG reaches them only by its operators. */
function assertListed({ tasks, onEnd }: DagSpec, { activities }: DagSettings): void {
  const asked = [
    ...tasks.flatMap(({ taskId, action }) =>
      action.operator === 'activityTask' && action.kind === 'activity'
        ? [{ field: `tasks.${taskId}.activity`, name: action.activity }]
        : [],
    ),
    ...(onEnd === undefined ? [] : [{ field: 'onEnd.activity', name: onEnd.activity }]),
  ];
  const unlisted = asked.filter(({ name }) => !activities.includes(name));
  if (unlisted.length === 0) return;
  const which = unlisted.map(({ field, name }) => `${field}: ${JSON.stringify(name)}`).join(', ');
  throw new FerryError(
    'SPEC_INVALID',
    `${which} is not listed in dags.activities of this worker's temporal.config.ts (${activities.join(', ') || 'which lists none'})`,
  );
}
