import type { ResolvedConfig } from '../../config/resolved.ts';
import { readSecret } from '../../config/secret.ts';
import { signSpec } from '../../dag/signature.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { FerryError } from '../../errors/ferry-error.ts';

/** The signature that makes workers of this config run a spec; undefined where they ask for none. */
export type Signer = (spec: DagSpec) => string | undefined;

/** @throws FerryError CONFIG_INVALID where workers ask for a signature and there is no key, or it cannot be read. */
export function signerOf({ dags }: Pick<ResolvedConfig, 'dags'>): Signer {
  if (dags.signingKey === undefined) {
    if (dags.unsignedSpecs) return () => undefined;
    throw new FerryError(
      'CONFIG_INVALID',
      'dags.signingKey is missing: workers take a deployed DAG only with a signature. Name where the key is, such as { env: "FERRY_DAGS_KEY" }, or say dags.unsignedSpecs: true.',
    );
  }
  const key = readSecret('dags.signingKey', dags.signingKey);
  return (spec) => signSpec(spec, key);
}
