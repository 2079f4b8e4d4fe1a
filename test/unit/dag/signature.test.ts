import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSigned, signSpec } from '../../../dag/signature.ts';
import type { DagSpec, Json } from '../../../dag/spec.ts';

const spec = (params: Readonly<Record<string, Json>>): DagSpec => ({
  schemaVersion: 1,
  dagId: 'orders_daily',
  timezone: 'UTC',
  catchup: false,
  maxActiveRuns: 1,
  maxActiveTasks: 4,
  params,
  tags: [],
  onFailure: 'fail',
  tasks: [],
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, reversed(field)]),
  );
}

describe('a signature', () => {
  it('holds for the spec it was made for, whatever way its JSON went', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<Json>), (params) => {
        const signature = signSpec(spec(params), 'key');
        expect(signature).toMatch(/^[0-9a-f]{64}$/);
        expect(isSigned(JSON.parse(JSON.stringify(reversed(spec(params)))), signature, 'key')).toBe(true);
      }),
    );
  });

  it.each([
    ['another spec', spec({ day: 2 }), 'key'],
    ['another order of a list', spec({ day: 1, list: [2, 1] }), 'key'],
    ['another key', spec({ day: 1, list: [1, 2] }), 'another'],
  ])('does not hold for %s', (_what, other, key) => {
    expect(isSigned(other, signSpec(spec({ day: 1, list: [1, 2] }), 'key'), key)).toBe(false);
  });

  it.each(['', 'zz', `${signSpec(spec({}), 'key')}0`])('is not %j', (signature) => {
    expect(isSigned(spec({}), signature, 'key')).toBe(false);
  });
});
