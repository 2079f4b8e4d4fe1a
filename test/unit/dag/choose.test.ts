import { describe, expect, it } from '@jest/globals';
import { choose } from '../../../dag/choose.ts';
import { branch } from '../../../dag/operators/branch.ts';
import { shortCircuit } from '../../../dag/operators/short-circuit.ts';
import { render } from '../../../dag/render.ts';
import type { Action, Json } from '../../../dag/spec.ts';

type Choose = Extract<Action, { readonly kind: 'choose' }>;

function chosen(action: Action, count: Json) {
  return choose(action as Choose, render(action.input, { xcom: { count } }));
}

describe('a branch takes the tasks of the first condition that holds', () => {
  const { action } = branch({
    when: [
      // biome-ignore lint/suspicious/noThenProperty: the word of a condition, never awaited.
      { if: '{{ xcom.count > 100 }}', then: ['load', 'audit'] },
      // biome-ignore lint/suspicious/noThenProperty: the word of a condition, never awaited.
      { if: '{{ xcom.count > 0 }}', then: 'load' },
    ],
    else: 'warn',
  });

  it.each([
    [200, ['audit', 'load']],
    [7, ['load']],
    [0, ['warn']],
  ])('%j', (count, tasks) => {
    expect(chosen(action, count)).toEqual({ kind: 'branch', chosen: tasks });
  });

  it('and none where none holds and there is no else', () => {
    // biome-ignore lint/suspicious/noThenProperty: the word of a condition, never awaited.
    const { action: without } = branch({ when: [{ if: '{{ xcom.count > 0 }}', then: 'load' }] });
    expect(chosen(without, 0)).toEqual({ kind: 'branch', chosen: [] });
  });
});

describe('a short circuit goes on when its condition holds', () => {
  it.each([
    ['{{ xcom.count }}', true, true],
    ['{{ xcom.count }}', false, false],
    // Of a query, or of a text around the expression.
    ['{{ xcom.count }}', 'true', true],
    ['{{ xcom.count == 0 }}', 3, false],
  ])('%s of %j', (condition, count, go) => {
    expect(chosen(shortCircuit({ if: condition }).action, count)).toEqual({ kind: 'short-circuit', go });
  });

  it.each([[1], [0], [null], ['yes'], [''], [[]]])('%j is neither true nor false, and no guess is made', (count) => {
    const { action } = shortCircuit({ if: '{{ xcom.count }}' });
    expect(() => chosen(action, count)).toThrow(
      `The input of shortCircuit: if: ${JSON.stringify(count)} is not a template that comes to true or false`,
    );
  });
});
