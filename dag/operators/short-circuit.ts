import { z } from 'zod';
import { plain } from '../json.ts';
import type { Operation, Operator } from './operator.ts';

export type ShortCircuitOptions = {
  /** A template that comes to true or false: '{{ xcom.count > 0 }}'. */
  readonly if: string;
};

/** Goes on when its condition holds; else everything downstream of it, directly or not, is skipped. Its XCom is the condition. */
export function shortCircuit(options: ShortCircuitOptions): Operation {
  return { action: { kind: 'choose', operator: 'shortCircuit', input: plain(options) } };
}

/** Rendered: true or false, or the text of one. */
export const conditionField = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
  .describe('a template that comes to true or false, such as "{{ xcom.count > 0 }}"');

export const shortCircuitInput = z
  .strictObject({ if: conditionField })
  .describe('an object such as {"if": "{{ xcom.count > 0 }}"}');

export const SHORT_CIRCUIT: Operator = { kind: 'choose', input: shortCircuitInput, hiveql: [] };
