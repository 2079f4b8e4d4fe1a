import type { Row, SqlValue } from '../sql.ts';

/** Of TCLIService.thrift: a column's values, and a bit set of those that are null. */
type ColumnValues = { readonly values: readonly unknown[]; readonly nulls?: Buffer };
type ThriftColumn = Readonly<Partial<Record<(typeof KINDS)[number], ColumnValues>>>;
type Int64 = { readonly buffer: Buffer; readonly offset: number };
export type ThriftRowSet = { readonly columns?: readonly ThriftColumn[] };
export type ThriftSchema = { readonly columns: readonly { readonly columnName: string; readonly position: number }[] };

const KINDS = ['boolVal', 'byteVal', 'i16Val', 'i32Val', 'i64Val', 'doubleVal', 'stringVal', 'binaryVal'] as const;

/**
 * The rows of one answer. Columns go by their bare lower-case names ('o.ID' -> 'id'). A bigint that a number cannot hold
 * comes as its digits; decimals, dates, timestamps and complex values as the text HiveServer2 sends; binary as base64.
 */
export function toRows(schema: ThriftSchema | null, sets: readonly ThriftRowSet[]): Row[] {
  const names = [...(schema?.columns ?? [])]
    .sort((a, b) => a.position - b.position)
    .map((one) => bareName(one.columnName));
  return sets.flatMap(({ columns = [] }) => {
    const values = names.map((_, i) => valuesOf(columns[i] ?? {}));
    const length = values[0]?.length ?? 0;
    return Array.from({ length }, (_, row) =>
      Object.fromEntries(names.map((name, i) => [name, values[i]?.[row] ?? null])),
    );
  });
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

function valuesOf(column: ThriftColumn): SqlValue[] {
  const kind = KINDS.find((one) => column[one] !== undefined && column[one] !== null);
  const found = kind === undefined ? undefined : column[kind];
  return (found?.values ?? []).map((value, i) => (isNull(found?.nulls, i) ? null : toValue(value)));
}

/** Bit i of the set; the set may end before the last null-free values. */
function isNull(nulls: Buffer | undefined, i: number): boolean {
  return (((nulls?.[i >> 3] ?? 0) >> (i & 7)) & 1) === 1;
}

function toValue(value: unknown): SqlValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  const { buffer, offset } = value as Int64;
  const whole = buffer.readBigInt64BE(offset);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole.toString();
}
