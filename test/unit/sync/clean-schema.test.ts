import { describe, expect, it } from '@jest/globals';
import { isFerryError } from '../../../errors/ferry-error.ts';
import { checkClean, checkRestore } from '../../../sync/clean-schema.ts';
import type { SpecLimits } from '../../../sync/spec.ts';

const limits: SpecLimits = {
  clusters: { prod: { access: 'read' }, lake: { access: 'write' } },
  defaults: { target: 'lake', nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
  minNodeMemoryBytes: 2 ** 26,
  maxNodeMemoryBytes: 2 ** 29,
};

function refusal(check: () => unknown): readonly [string, unknown] {
  try {
    return ['accepted', check()];
  } catch (error) {
    if (isFerryError(error)) return [error.code, error.details.problems];
    throw error;
  }
}

describe('what cleaning is asked for', () => {
  it('is a table of the default target, or all of one', () => {
    expect(checkClean({ table: 'Sales.Orders' }, limits)).toEqual({
      target: 'lake',
      of: { database: 'sales', table: 'orders' },
      dryRun: false,
    });
    expect(checkClean({ target: 'lake', dryRun: true }, limits)).toEqual({ target: 'lake', dryRun: true });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a cluster that is only read', { target: 'prod' }, 'ACCESS_READ_ONLY', /access: "read"/],
    ['no cluster of the config', { target: 'lak' }, 'SPEC_INVALID', /did you mean "lake"/],
    ['no table name', { table: 'orders' }, 'SPEC_INVALID', /^table: "orders" is not a table name/],
    ['a field that is none', { tabel: 'a.b' }, 'SPEC_INVALID', /^tabel: is not a known key; did you mean "table"/],
  ])('is refused: %s', (_, input, code, problem) => {
    const [found, problems] = refusal(() => checkClean(input, limits));
    expect([found, problems]).toEqual([code, [expect.stringMatching(problem)]]);
  });
});

describe('what a restore is asked for', () => {
  it('is a partition, or a whole table, and perhaps a run', () => {
    const of = { database: 'sales', table: 'orders' };
    expect(checkRestore({ table: 'sales.orders' }, limits)).toEqual({ target: 'lake', of, partition: '' });
    expect(checkRestore({ table: 'sales.orders', partition: 'dt=1/r=eu', run: 'k-1' }, limits)).toEqual({
      target: 'lake',
      of,
      partition: 'dt=1/r=eu',
      run: 'k-1',
    });
  });

  it('is refused with all of its problems', () => {
    expect(refusal(() => checkRestore({ partition: '../x', run: 'a/b' }, limits))).toEqual([
      'SPEC_INVALID',
      [
        expect.stringMatching(/^table: is missing/),
        expect.stringMatching(/^partition: "..\/x" is not a Hive partition name/),
        expect.stringMatching(/^run: "a\/b" is not the run key/),
      ],
    ]);
  });
});
