import { describe, expect, it } from '@jest/globals';
import { toRows } from '../../../hive/hiveserver2/rows.ts';

const schema = (...names: string[]): Parameters<typeof toRows>[0] => ({
  columns: names.map((columnName, i) => ({ columnName, position: i + 1 })),
});
const i64 = (value: bigint): { buffer: Buffer; offset: number } => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return { buffer, offset: 0 };
};
const none = Buffer.alloc(0);

describe('rows of HiveServer2', () => {
  it('go by bare lower-case names, in the order of the columns', () => {
    const columns = [{ stringVal: { values: ['x'], nulls: none } }, { i32Val: { values: [1], nulls: none } }];
    expect(toRows(schema('o.Name', '_C1'), [{ columns }])).toEqual([{ name: 'x', _c1: 1 }]);
  });

  it('keep every digit of a bigint', () => {
    const values = [1n, -1n, 9007199254740991n, 9007199254740993n, -9223372036854775808n].map(i64);
    const rows = toRows(schema('b'), [{ columns: [{ i64Val: { values, nulls: none } }] }]);
    expect(rows.map(({ b }) => b)).toEqual([1, -1, 9007199254740991, '9007199254740993', '-9223372036854775808']);
  });

  it('tell null from an empty string, far into the bit set', () => {
    const values = Array.from({ length: 20 }, () => '');
    const nulls = Buffer.from([0b1, 0b10, 0b1000]);
    const rows = toRows(schema('s'), [{ columns: [{ stringVal: { values, nulls } }] }]);
    expect(rows.flatMap(({ s }, i) => (s === null ? [i] : []))).toEqual([0, 9, 19]);
  });

  it('are none for an empty page, a statement without a result, and columns of no rows', () => {
    expect(toRows(null, [])).toEqual([]);
    expect(toRows(schema('a'), [{}])).toEqual([]);
    expect(toRows(schema('a'), [{ columns: [{ boolVal: { values: [], nulls: none } }] }])).toEqual([]);
  });

  it('of several answers follow each other', () => {
    const page = (value: boolean) => ({ columns: [{ boolVal: { values: [value], nulls: none } }] });
    expect(toRows(schema('a'), [page(true), page(false)])).toEqual([{ a: true }, { a: false }]);
  });
});
