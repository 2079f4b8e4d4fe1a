import { describe, expect, it } from '@jest/globals';
import { lastPartitions } from '../../../sync/selection-order.ts';

const NULL = '__HIVE_DEFAULT_PARTITION__';

function last(n: number, types: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const keys = types.map((type, place) => ({ name: `k${place}`, type }));
  const found = lastPartitions(
    rows.map((values) => ({ name: values.join('/'), values })),
    keys,
    n,
    NULL,
  );
  return found.map(({ name }) => name);
}

describe('the last partitions', () => {
  it.each([
    ['numbers by value', 2, ['int'], [['9'], ['10'], ['010000'], ['2']], ['10', '010000']],
    ['decimals by value', 2, ['decimal(5,2)'], [['9.5'], ['10'], ['-11']], ['9.5', '10']],
    ['texts by code point', 2, ['string'], [['9'], ['10'], ['é'], ['z']], ['z', 'é']],
    ['dates by time', 1, ['date'], [['2026-1-31'], ['2026-01-04']], ['2026-1-31']],
    [
      'by the first key, then the next',
      3,
      ['string', 'int'],
      [
        ['b', '2'],
        ['a', '30'],
        ['b', '10'],
        ['a', '4'],
      ],
      ['a/30', 'b/2', 'b/10'],
    ],
    ['null, and what is none of its type, before all else', 2, ['int'], [['1'], [NULL], ['x'], ['0']], ['0', '1']],
    [
      'nulls among the last keep their order',
      4,
      ['int', 'int'],
      [
        ['1', '1'],
        [NULL, '2'],
        ['1', NULL],
        [NULL, '1'],
      ],
      [`${NULL}/1`, `${NULL}/2`, `1/${NULL}`, '1/1'],
    ],
    ['all of them when there are no more', 5, ['int'], [['2'], ['1']], ['1', '2']],
    ['none of none', 1, ['int'], [], []],
    ['none when none is asked for', 0, ['int'], [['1']], []],
  ])('%s', (_, n, types, rows, expected) => {
    expect(last(n, types, rows)).toEqual(expected);
  });

  it('are found among many in no time', () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => [
      `2026-01-${String((n % 28) + 1).padStart(2, '0')}`,
      String(n),
    ]);
    const start = performance.now();
    expect(last(2, ['date', 'int'], rows)).toEqual(['2026-01-28/19963', '2026-01-28/19991']);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
