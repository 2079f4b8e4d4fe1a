import { FerryError } from '../errors/ferry-error.ts';
import { quoteString } from '../hive/partition-name.ts';
import { shown } from '../sync/problems.ts';
import type { Json } from './spec.ts';

/**
 * A value as HiveQL: a text as one quoted literal, a number, true, false and null bare, a list of such values as its
 * literals with commas between them, for `in (...)`. No value ends its literal, whatever it holds.
 * @throws FerryError SPEC_INVALID for an object, a list within a list, and an empty list (`in ()` is no HiveQL).
 */
export function hqlLiteral(value: Json): string {
  if (!Array.isArray(value)) return scalarLiteral(value);
  if (value.length === 0) throw notLiteral(value, 'an empty list; `in ()` is no HiveQL');
  return value.map(scalarLiteral).join(', ');
}

function scalarLiteral(value: Json): string {
  if (typeof value === 'string') return quoteString(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return JSON.stringify(value);
  throw notLiteral(value, 'no text, number, true, false, null or list of these');
}

function notLiteral(value: Json, what: string): FerryError {
  return new FerryError('SPEC_INVALID', `hql: ${shown(value)} is ${what}`);
}
