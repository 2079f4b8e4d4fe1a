import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DagSpec, Json } from './spec.ts';

/**
 * Signs a spec with a key that only those have who deploy DAGs, so that a worker runs no spec of a stranger who may
 * start workflows. HMAC-SHA256 in hex over the spec's JSON with sorted keys: an equal spec has an equal signature.
 */
export function signSpec(spec: DagSpec, key: string): string {
  return createHmac('sha256', key).update(canonical(spec)).digest('hex');
}

export function isSigned(spec: DagSpec, signature: string, key: string): boolean {
  const [given, wanted] = [Buffer.from(signature, 'utf8'), Buffer.from(signSpec(spec, key), 'utf8')];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** JSON whose text does not depend on the order in which keys were written. */
function canonical(value: Json | object | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field as Json)}`);
  return `{${fields.join(',')}}`;
}
