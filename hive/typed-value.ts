/**
 * Partition values by the type of their column: what Hive reads a value as, and which of two comes first. Tried on
 * Hive 4.0.1: a value that is none of its type ('abc' or '3000000000' under int, '2026-02-30' under date) reads as null.
 */
import { baseType, canonicalValue } from './partition-name.ts';

/** Types of one kind have the same values and the same order. 'other': Hive takes them as keys, but nothing here reads them. */
export type ValueKind = 'whole' | 'decimal' | 'float' | 'boolean' | 'date' | 'timestamp' | 'text' | 'other';

const KINDS: Readonly<Record<string, ValueKind>> = {
  tinyint: 'whole',
  smallint: 'whole',
  int: 'whole',
  integer: 'whole',
  bigint: 'whole',
  decimal: 'decimal',
  numeric: 'decimal',
  float: 'float',
  double: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  string: 'text',
  varchar: 'text',
  char: 'text',
};

const BITS: Readonly<Record<string, bigint>> = { tinyint: 8n, smallint: 16n, int: 32n, integer: 32n, bigint: 64n };

/** PrimitiveObjectInspectorUtils.getBoolean: these are false, and everything else is true. */
const FALSE = ['false', 'no', 'off', '0'];

export function kindOf(type: string): ValueKind {
  return KINDS[baseType(type)] ?? 'other';
}

/**
 * The value as Hive reads it from a column of that type, in canonical form (hive/partition-name.ts): equal texts are
 * equal values. undefined: it reads as null.
 */
export function typedValue(type: string, value: string): string | undefined {
  const canonical = canonicalValue(type, value);
  switch (kindOf(type)) {
    case 'whole':
      return /^-?\d+$/.test(canonical) && inRange(baseType(type), BigInt(canonical)) ? canonical : undefined;
    case 'decimal':
      return /^-?\d+(\.\d+)?$/.test(canonical) ? canonical : undefined;
    case 'float':
      return /^(-?\d+(\.\d+)?(e[+-]\d+)?|-?Infinity|NaN)$/.test(canonical) ? canonical : undefined;
    case 'boolean':
      return FALSE.includes(canonical) ? 'false' : 'true';
    case 'date':
      return isDate(canonical) ? canonical : undefined;
    case 'timestamp':
      return isTimestamp(canonical) ? canonical : undefined;
    default:
      return canonical;
  }
}

/** The order of two typed values: negative, 0 (exactly when they are equal texts) or positive. As Hive sorts: NaN is the largest number. */
export function compareTyped(type: string, a: string, b: string): number {
  if (a === b) return 0;
  switch (kindOf(type)) {
    case 'whole':
    case 'decimal':
      return compareDecimals(a, b);
    case 'float':
      return compareFloats(Number(a), Number(b));
    case 'date':
    case 'timestamp':
      // Years beyond 9999 are longer; the rest has the same width up to the fraction, which ends without zeros.
      return a.indexOf('-') - b.indexOf('-') || (a < b ? -1 : 1);
    default:
      return compareCodePoints(a, b);
  }
}

function inRange(type: string, value: bigint): boolean {
  return BigInt.asIntN(Number(BITS[type] ?? 64n), value) === value;
}

function isDate(text: string): boolean {
  const match = /^(\d{4,9})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isTimestamp(text: string): boolean {
  const match = /^(\S+) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?$/.exec(text);
  return match !== null && isDate(match[1] ?? '');
}

/** Two decimals without needless zeros, of any number of digits. */
function compareDecimals(a: string, b: string): number {
  const [minusA, minusB] = [a.startsWith('-'), b.startsWith('-')];
  if (minusA !== minusB) return minusA ? -1 : 1;
  return minusA ? compareMagnitudes(b.slice(1), a.slice(1)) : compareMagnitudes(a, b);
}

function compareMagnitudes(a: string, b: string): number {
  const [wholeA = '', wholeB = ''] = [a.split('.')[0], b.split('.')[0]];
  return wholeA.length - wholeB.length || (a < b ? -1 : a > b ? 1 : 0);
}

function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) || a < b ? -1 : a > b ? 1 : 0;
}

/** By code point, which is the order of the UTF-8 bytes that Hive compares; UTF-16 puts '😀' before '\uffff'. */
function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return aboveSurrogates(left) - aboveSurrogates(right);
  }
  return a.length - b.length;
}

function aboveSurrogates(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
