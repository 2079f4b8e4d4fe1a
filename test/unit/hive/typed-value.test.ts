import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareTyped, typedValue } from '../../../hive/typed-value.ts';
import { KEYS, valuesOf } from '../sync/any-selection.ts';

describe('a value of a type, as Hive 4 reads it', () => {
  it.each([
    ['int', '01', '1'],
    ['int', '-0', '0'],
    ['int', '2147483647', '2147483647'],
    ['int', '2147483648', undefined],
    ['tinyint', '-128', '-128'],
    ['tinyint', '-129', undefined],
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['bigint', '9223372036854775808', undefined],
    ['int', ' 7', undefined],
    ['int', '5.7', undefined],
    ['int', 'abc', undefined],
    ['decimal(10,2)', '+01.50', '1.5'],
    ['decimal(10,2)', '1,5', undefined],
    ['float', '0.1', '0.10000000149011612'],
    ['double', '1E3', '1000'],
    ['double', 'NaN', 'NaN'],
    ['double', '-Infinity', '-Infinity'],
    ['double', '1e999', 'Infinity'],
    ['double', 'x', undefined],
    ['boolean', 'TRUE', 'true'],
    ['boolean', 'yes', 'true'],
    ['boolean', 'NO', 'false'],
    ['boolean', '0', 'false'],
    ['date', '2026-1-2', '2026-01-02'],
    ['date', '2026-01-02 10:00:00', '2026-01-02'],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '1900-02-29', undefined],
    ['date', '2000-02-29', '2000-02-29'],
    ['date', '2026-04-31', undefined],
    ['date', '2026-00-01', undefined],
    ['timestamp', '2026-01-02', '2026-01-02 00:00:00'],
    ['timestamp', '2026-01-02T03:04:05.500', '2026-01-02 03:04:05.5'],
    ['timestamp', '2026-02-30 00:00:00', undefined],
    ['timestamp', '2026-01-02 24:00:00', undefined],
    ['char(4)', 'a  ', 'a'],
    ['varchar(4)', 'a  ', 'a  '],
    ['string', '', ''],
  ])('%s %j is %j', (type, value, expected) => {
    expect(typedValue(type, value)).toBe(expected);
  });
});

describe('the order of typed values', () => {
  it.each([
    ['int', ['-10', '-9', '0', '9', '10']],
    ['decimal(38,20)', ['-10.5', '-10.45', '-10', '-0.5', '0', '0.45', '0.5', '10', '12345678901234567890.1']],
    ['double', ['-Infinity', '-1', '0', '1e-7', '2', '10', '1e+21', 'Infinity', 'NaN']],
    ['boolean', ['false', 'true']],
    ['date', ['0001-01-01', '1969-12-31', '2026-01-02', '2026-01-10', '10000-01-01']],
    [
      'timestamp',
      [
        '2026-01-02 00:00:00',
        '2026-01-02 00:00:00.000000001',
        '2026-01-02 00:00:00.45',
        '2026-01-02 00:00:00.5',
        '2026-01-02 00:00:01',
        '10000-01-01 00:00:00',
      ],
    ],
    ['string', ['', '10', '9', 'Z', 'a', 'ab', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '😁']],
  ])('%s', (type, sorted) => {
    expect([...sorted].reverse().sort((a, b) => compareTyped(type, a, b))).toEqual(sorted);
  });

  it('is total: antisymmetric, transitive, and 0 for equal texts only', () => {
    for (const { type } of KEYS) {
      const value = valuesOf(type).map((text) => typedValue(type, text) ?? '');
      fc.assert(
        fc.property(value, value, value, (a, b, c) => {
          const order = (x: string, y: string) => Math.sign(compareTyped(type, x, y));
          expect(order(a, b) === 0).toBe(a === b);
          expect(order(a, b) + order(b, a)).toBe(0);
          const [x, y, z] = [a, b, c].sort((left, right) => compareTyped(type, left, right)) as [
            string,
            string,
            string,
          ];
          expect([order(x, y), order(y, z), order(x, z)].every((each) => each <= 0)).toBe(true);
        }),
      );
    }
  });

  it('is of texts the order of their UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareTyped('string', a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
