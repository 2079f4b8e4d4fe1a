import { describe, expect, it } from '@jest/globals';
import { checkSpec, type SpecLimits } from '../../../sync/spec.ts';

const limits: SpecLimits = {
  clusters: { prod: { access: 'read' }, lake: { access: 'write' } },
  defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
  minNodeMemoryBytes: 2 ** 26,
  maxNodeMemoryBytes: 2 ** 29,
};
const good = { table: 'sales.orders', source: 'prod', target: 'lake' };

function problems(input: unknown): unknown {
  try {
    return checkSpec(input, limits);
  } catch (error) {
    return (error as { details?: { problems?: unknown } }).details?.problems;
  }
}

describe('a selection', () => {
  it.each([
    ['the last seven', { partitions: { last: 7 } }, { partitions: { last: 7 } }],
    ['a predicate', { where: "dt > '2026'" }, { where: "dt > '2026'" }],
    ['prune as usual', { prune: true }, { prune: { percent: 10 } }],
  ])('of %s', (_, over, resolved) => {
    expect(checkSpec({ ...good, ...over }, limits)).toMatchObject(resolved);
  });

  it('is one or the other: a list goes with no predicate', () => {
    expect(problems({ ...good, partitions: ['dt=1'], where: 'dt = 1' })).toEqual([
      expect.stringContaining('where: goes with no list of partitions'),
    ]);
  });

  it.each([
    ['{last: 0}', { partitions: { last: 0 } }, 'partitions'],
    ['a duration without a unit', { minAge: '10' }, 'minAge'],
    ['a place without a file system', { locationMap: { '/schemas': 'hdfs://b/schemas' } }, 'locationMap'],
    ['more than everything', { prune: { percent: 101 } }, 'prune'],
  ])('refuses %s', (_, over, field) => {
    expect(problems({ ...good, ...over })).toEqual([expect.stringContaining(field)]);
  });
});

describe('the schema of a spec', () => {
  const preset = {
    columns: [{ name: 'id', type: 'bigint' }],
    partitionedBy: [{ name: 'dt', type: 'date' }],
    storedAs: 'ORC',
  };

  it('is the source’s own, or a preset', () => {
    expect(checkSpec({ ...good, schema: 'source' }, limits)).not.toHaveProperty('schema');
    expect(checkSpec({ ...good, schema: preset }, limits)).toMatchObject({ schema: preset });
  });

  it('says what is wrong with a preset', () => {
    expect(problems({ ...good, schema: { ...preset, columns: [{ name: 'id', type: 'long' }] } })).toEqual([
      expect.stringMatching(/^schema.*bigint/s),
    ]);
  });
});
