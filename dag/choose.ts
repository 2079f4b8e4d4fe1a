import { branchInput } from './operators/branch.ts';
import { checkedInput } from './operators/operator.ts';
import { shortCircuitInput } from './operators/short-circuit.ts';
import type { Action, Json } from './spec.ts';

/** What a choose action comes to: the tasks that go on, or whether any does. */
export type Choice =
  | { readonly kind: 'branch'; readonly chosen: readonly string[] }
  | { readonly kind: 'short-circuit'; readonly go: boolean };

/**
 * What a choose action chooses, by its rendered input. A branch takes the tasks of the first condition that holds.
 * @throws FerryError SPEC_INVALID when a condition came to anything but true or false.
 */
export function choose({ operator }: Extract<Action, { readonly kind: 'choose' }>, rendered: Json): Choice {
  if (operator === 'shortCircuit')
    return { kind: 'short-circuit', go: checkedInput(operator, shortCircuitInput, rendered).if };
  const { when, else: otherwise } = checkedInput(operator, branchInput, rendered);
  const chosen = when.find((each) => each.if)?.then ?? otherwise;
  return { kind: 'branch', chosen: [...new Set(chosen)].sort() };
}
