import { FerryError } from '../errors/ferry-error.ts';
import { escapePathName } from '../hive/partition-name.ts';
import { shown } from '../sync/problems.ts';
import { hqlLiteral } from './hql.ts';
import type { Json } from './spec.ts';

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

type Filter = (value: Json, ...args: readonly Json[]) => Json;

/**
 * The filters of Airflow, and those that bring a value into HiveQL and into a partition's name. Dates are
 * 'YYYY-MM-DD', moments RFC 3339 texts; both are read as they are written, in their own offset. What a filter cannot
 * take is SPEC_INVALID.
 */
export const FILTERS: Readonly<Record<string, Filter>> = {
  ds: (value) => dateOf('ds', value),
  ds_nodash: (value) => dateOf('ds_nodash', value).replaceAll('-', ''),
  ds_add: (value, days) => addDays(dateOf('ds_add', value), days),
  ds_format: (value, format) => formatted(value, format),
  ts: (value) => momentOf('ts', value),
  ts_nodash: (value) => momentOf('ts_nodash', value).slice(0, 19).replace(/[-:]/g, ''),
  hql: (value) => hqlLiteral(value),
  partition_value: (value) => partitionValue(value),
};

function dateOf(filter: string, value: Json): string {
  if (typeof value === 'string' && (DATE.test(value) || MOMENT.test(value))) {
    const date = value.slice(0, 10);
    if (isDay(date)) return date;
  }
  throw refused(filter, value, 'no date such as "2026-11-24" and no moment such as "2026-11-24T03:00:00+00:00"');
}

function momentOf(filter: string, value: Json): string {
  if (typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value)))
    return value.replace(/Z$/, '+00:00');
  throw refused(filter, value, 'no moment such as "2026-11-24T03:00:00+00:00"');
}

function addDays(date: string, days: Json | undefined): string {
  if (typeof days !== 'number' || !Number.isInteger(days) || Math.abs(days) > 1_000_000)
    throw refused('ds_add', days ?? null, 'no whole number of days, as in "ds_add: -7"');
  const moved = new Date(Date.parse(date) + days * DAY_MS).toISOString();
  if (!/^\d{4}-/.test(moved)) throw refused('ds_add', days, 'too many days');
  return moved.slice(0, 10);
}

/** The directives of strftime that are the same in every language. */
const DIRECTIVES: Readonly<Record<string, (parts: readonly string[]) => string>> = {
  Y: ([year = '']) => year,
  y: ([year = '']) => year.slice(2),
  m: ([, month = '']) => month,
  d: ([, , day = '']) => day,
  j: ([year = '', month, day]) =>
    String((Date.parse(`${year}-${month}-${day}`) - Date.parse(`${year}-01-01`)) / DAY_MS + 1).padStart(3, '0'),
  H: ([, , , hour = '00']) => hour,
  M: ([, , , , minute = '00']) => minute,
  S: ([, , , , , second = '00']) => second,
  '%': () => '%',
};

function formatted(value: Json, format: Json | undefined): string {
  const parts = typeof value === 'string' ? (MOMENT.exec(value) ?? DATE.exec(value)) : null;
  if (parts === null || !isDay(dateOf('ds_format', value))) throw refused('ds_format', value, 'no date and no moment');
  if (typeof format !== 'string') throw refused('ds_format', format ?? null, 'no format such as "%Y/%m/%d"');
  return format.replace(/%(-?)([\s\S]|$)/g, (written, bare: string, letter: string) => {
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (directive === undefined)
      throw refused(
        'ds_format',
        written,
        `none of ${Object.keys(DIRECTIVES)
          .map((each) => `%${each}`)
          .join(' ')}, nor one of these without leading zeros, such as %-H`,
      );
    const text = directive(parts.slice(1));
    return bare === '' ? text : text.replace(/^0+(?=\d)/, '');
  });
}

function partitionValue(value: Json): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return escapePathName(String(value));
  throw refused('partition_value', value, 'no text, number, true or false');
}

function isDay(date: string): boolean {
  const epochMs = Date.parse(date);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(date);
}

function refused(filter: string, value: Json, what: string): FerryError {
  return new FerryError('SPEC_INVALID', `${filter}: ${shown(value)} is ${what}`);
}
