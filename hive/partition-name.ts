/**
 * A partition in four forms, each with its own conversions here:
 * - the value, unescaped, as the catalog holds it ('2026-01-01 00:00:00');
 * - the folder, Hive's escaped form of key and value ('ts=2026-01-01 00%3A00%3A00'), which is a literal name on HDFS:
 *   its '%' is a character like any other;
 * - the name, the folders of all keys joined by '/' ('dt=2026-01-01/region=eu'), as the metastore lists partitions;
 * - the statement literal, quoted for HiveQL (quoteValue).
 */
import { FerryError } from '../errors/ferry-error.ts';
import type { Column } from './table.ts';

/** Hive's name for a null or empty value, unless `hive.exec.default.partition.name` says otherwise. */
export const DEFAULT_PARTITION_NAME = '__HIVE_DEFAULT_PARTITION__';

/** FileUtils.escapePathName of Hive 4: 0x00-0x1F, 0x7F and these. A blank, a comma or an umlaut stays as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Hive escapes control characters.
const ESCAPED = /[\u0000-\u001F\u007F"#%'*/:=?\\{[\]^]/g;

/** One value (or key) as a path component; what is not in Hive's table, a blank or an umlaut, stays as it is. */
export function escapePathName(value: string): string {
  return value.replace(ESCAPED, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Undoes escapePathName. As in Hive, a '%' without two hex digits behind it stands for itself. */
export function unescapePathName(folder: string): string {
  return folder.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The name of a partition, as Warehouse.makePartName writes it: keys lower-case, an empty value as the default partition.
 * @throws FerryError CATALOG_REFUSED when there are not as many values as keys.
 */
export function formatPartitionName(
  keys: readonly string[],
  values: readonly (string | null)[],
  defaultPartitionName: string = DEFAULT_PARTITION_NAME,
): string {
  if (keys.length !== values.length) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `${values.length} partition values for ${keys.length} partition keys (${keys.join(', ')})`,
    );
  }
  return keys
    .map((key, i) => `${escapePathName(key.toLowerCase())}=${escapePathName(values[i] ?? '') || defaultPartitionName}`)
    .join('/');
}

export type PartitionPair = { readonly key: string; readonly value: string };

/**
 * The pairs of a partition name or of a path of partition folders; keys lower-case, values unescaped (the default
 * partition's name stays as it is).
 * @throws FerryError CATALOG_REFUSED for a component that is not key=value.
 */
export function parsePartitionName(name: string): readonly PartitionPair[] {
  return name.split('/').map((component) => {
    const at = component.indexOf('=');
    if (at <= 0)
      throw new FerryError('CATALOG_REFUSED', `'${component}' in the partition name '${name}' is not key=value`);
    return {
      key: unescapePathName(component.slice(0, at)).toLowerCase(),
      value: unescapePathName(component.slice(at + 1)),
    };
  });
}

/**
 * A text that is equal for two values exactly when Hive takes them for the same value of that column type, so that two
 * folders for one typed value are found. A value that is none of its type ('abc' under int, the default partition) is
 * equal to itself only.
 */
export function canonicalValue(type: string, value: string): string {
  switch (baseType(type)) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'integer':
    case 'bigint':
      return /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')).toString() : value;
    case 'decimal':
    case 'numeric':
      return canonicalDecimal(value);
    case 'float':
      return canonicalNumber(value, Math.fround);
    case 'double':
      return canonicalNumber(value, (n) => n);
    case 'boolean':
      return value.toLowerCase();
    case 'date':
      return canonicalDate(value);
    case 'timestamp':
      return canonicalTimestamp(value);
    case 'char':
      return value.replace(/ +$/, '');
    default:
      return value;
  }
}

/** canonicalValue of all values of a partition, as one text: equal for two partitions that Hive cannot tell apart. */
export function canonicalPartition(keys: readonly Column[], values: readonly string[]): string {
  return JSON.stringify(keys.map((key, i) => canonicalValue(key.type, values[i] ?? '')));
}

/**
 * A value as a HiveQL literal for a column of that type, for PARTITION (...) and for WHERE. Whole numbers stand bare;
 * all else is a string literal, which Hive converts by the column's type.
 */
export function quoteValue(type: string, value: string): string {
  const bare = ['tinyint', 'smallint', 'int', 'integer', 'bigint'].includes(baseType(type)) && /^\d+$/.test(value);
  return bare ? value : quoteString(value);
}

const STRING_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\u001A': '\\Z',
  '\u0000': '\\0',
  $: '\\u0024',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
const IN_STRING = /[\\'\n\r\t\b\u001A\u0000]|\$(?=\{)/g;

/**
 * A HiveQL string literal (BaseSemanticAnalyzer.unescapeSQLString undoes it). '$' before '{' is written as a code, for
 * HiveServer2 would put a variable in its place.
 */
export function quoteString(text: string): string {
  return `'${text.replace(IN_STRING, (c) => STRING_ESCAPES[c] ?? c)}'`;
}

/** 'decimal(10,2)' -> 'decimal'; 'timestamp with local time zone' stays whole. */
export function baseType(type: string): string {
  return type
    .trim()
    .toLowerCase()
    .replace(/\s*\(.*$/, '');
}

function canonicalDecimal(value: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(value);
  if (match === null || `${match[2]}${match[3] ?? ''}` === '') return value;
  const whole = (match[2] ?? '').replace(/^0+/, '') || '0';
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

function canonicalNumber(value: string, round: (n: number) => number): string {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? String(round(Number(value)) + 0) : value;
}

function canonicalDate(value: string): string {
  const match = /^(\d{1,9})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$/.exec(value);
  return match === null ? value : isoDate(match);
}

function canonicalTimestamp(value: string): string {
  const match = /^(\d{1,9})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?$/.exec(value);
  if (match === null) return value;
  const [hour, minute, second] = [match[4], match[5], match[6]].map((part) => (part ?? '').padStart(2, '0'));
  const fraction = (match[7] ?? '').replace(/0+$/, '');
  return `${isoDate(match)} ${hour}:${minute}:${second}${fraction === '' ? '' : `.${fraction}`}`;
}

function isoDate(match: RegExpExecArray): string {
  const [year = '', month = '', day = ''] = match.slice(1, 4);
  return `${year.replace(/^0+/, '').padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
