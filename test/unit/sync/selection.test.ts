import { describe, expect, it } from '@jest/globals';
import { codeOf, type FerryError } from '../../../errors/ferry-error.ts';
import type { Column } from '../../../hive/table.ts';
import { parseSelection, selects } from '../../../sync/selection.ts';
import { selectionText } from '../../../sync/selection-text.ts';

const NULL = '__HIVE_DEFAULT_PARTITION__';
const KEYS: readonly Column[] = [
  { name: 'dt', type: 'date' },
  { name: 'hour', type: 'int' },
  { name: 'region', type: 'string' },
  { name: 'price', type: 'decimal(10,2)' },
  { name: 'ratio', type: 'float' },
  { name: 'live', type: 'boolean' },
  { name: 'at', type: 'timestamp' },
  { name: 'code', type: 'char(4)' },
  { name: 'date', type: 'string' },
  { name: 'odd `name`', type: 'string' },
  { name: 'zoned', type: 'timestamp with local time zone' },
];

/** Whether a partition with this one value is selected; the other keys are null. */
function selected(where: string, column: string, value: string): boolean {
  const values = KEYS.map(({ name }) => (name === column ? value : NULL));
  return selects(parseSelection(where, KEYS), values, NULL);
}

function refusal(where: string, keys: readonly Column[] = KEYS): string {
  try {
    parseSelection(where, keys);
  } catch (error) {
    expect(codeOf(error)).toBe('SPEC_INVALID');
    return (error as FerryError).message;
  }
  throw new Error(`was read: ${where}`);
}

describe('a predicate over one value', () => {
  it.each([
    // whole numbers by value
    ['hour = 1', 'hour', '01', true],
    ["hour = '01'", 'hour', '1', true],
    ['hour == 1', 'hour', '1', true],
    ['hour <> 1', 'hour', '1', false],
    ['hour != 1', 'hour', '2', true],
    ['hour < 10', 'hour', '9', true],
    ['hour > -2', 'hour', '-10', false],
    ['hour >= +3', 'hour', '3', true],
    ['3 <= hour', 'hour', '3', true],
    ['3 < hour', 'hour', '3', false],
    ['hour in (1, 02, 3)', 'hour', '2', true],
    ['hour not in (1, 2)', 'hour', '3', true],
    ['hour between 1 and 10', 'hour', '010', true],
    ['hour not between 1 and 10', 'hour', '10', false],
    ["hour like '1_'", 'hour', '012', true],
    // decimals by value, of any number of digits
    ['price = 1.5', 'price', '1.50', true],
    ['price > 9.99', 'price', '10', true],
    ['price < -1.5', 'price', '-1.50', false],
    ['price > 0.29999999999999999999999999999999999999', 'price', '0.3', true],
    // float: 0.1 is the float of that text
    ['ratio = 0.1', 'ratio', '0.10', true],
    ['ratio > 1e3', 'ratio', '1000.5', true],
    ['ratio > 1e3', 'ratio', 'NaN', true],
    ["ratio = 'Infinity'", 'ratio', 'Infinity', true],
    ['live = true', 'live', 'TRUE', true],
    ["live = 'False'", 'live', 'no', true],
    ['live > false', 'live', '1', true],
    ["dt >= '2026-01-02'", 'dt', '2026-01-02', true],
    ["dt = date '2026-1-2'", 'dt', '2026-01-02', true],
    ["dt < '10000-01-01'", 'dt', '9999-12-31', true],
    ["dt like '2026-01-%'", 'dt', '2026-1-31', true],
    ["at = timestamp '2026-01-02 00:00:00'", 'at', '2026-01-02 00:00:00.0', true],
    ["at > date '2026-01-02'", 'at', '2026-01-02 00:00:00.5', true],
    ["at < '2026-01-02 10:00:00.45'", 'at', '2026-01-02 10:00:00.5', false],
    ["code = 'ab'", 'code', 'ab  ', true],
    // texts: by code point, with case
    ["region = 'EU'", 'region', 'eu', false],
    ["region > '\uffff'", 'region', '😀', true],
    ["region > 'z'", 'region', 'é', true],
    ["region < '10'", 'region', '9', false],
    ['region = "it\'s"', 'region', "it's", true],
    ["region = 'it\\'s \\u0041\\101\\n\\x\\\\'", 'region', "it's AA\nx\\", true],
    ["region in ('a', 'b')", 'region', 'b', true],
    ["region like 'a%c'", 'region', 'abbc', true],
    ["region like 'a%c'", 'region', 'abcd', false],
    ["region like '_'", 'region', '😀', true],
    ["region like '%'", 'region', 'x\ny', true],
    ["region like 'a\\%b'", 'region', 'axb', false],
    ["region like 'a\\%b'", 'region', 'a%b', true],
    ["region like 'a\\_b'", 'region', 'axb', false],
    ["region not like '%b%'", 'region', 'abc', false],
    // keywords and names without case, names in backticks
    ["REGION Like 'x' Or Hour Is Not Null", 'hour', '1', true],
    ["`Region` = 'x'", 'region', 'x', true],
    ["date = 'x'", 'date', 'x', true],
    ["`odd ``name``` = 'x'", 'odd `name`', 'x', true],
    ['not hour = 1', 'hour', '2', true],
    ['not not hour = 1', 'hour', '1', true],
    ['not hour=1 and region is null', 'hour', '2', true],
    ['(hour=1)or(hour=2)', 'hour', '2', true],
    // `and` before `or`
    ['hour = 1 or hour = 2 and region is not null', 'hour', '1', true],
    ['(hour = 1 or hour = 2) and region is not null', 'hour', '1', false],
    ["\n hour\t= 1\r\n and dt is null or region = 'x'", 'hour', '1', true],
  ])('%s, %s = %j: %s', (where, column, value, expected) => {
    expect(selected(where, column, value)).toBe(expected);
  });
});

describe('null: the default partition, and a value that is none of its type', () => {
  it.each([
    ['hour = 1', false],
    ['hour != 1', false],
    ['not hour = 1', false],
    ['hour in (1)', false],
    ['hour not in (1)', false],
    ['not (hour in (1) and region is null)', false],
    ["hour like '%'", false],
    ['hour between 1 and 2 or hour not between 1 and 2', false],
    ['hour is null', true],
    ['hour is not null', false],
    ['not hour is null', false],
    ['hour = 1 or hour is null', true],
    ['hour = 1 and region is not null', false],
    ['not (hour = 1 and region is not null)', true],
    ['not (hour = 1 or region is null)', false],
  ])('%s: %s', (where, expected) => {
    for (const value of [NULL, '', 'abc', '1.5', ' 7', '3000000000'])
      expect(selected(where, 'hour', value)).toBe(expected);
  });

  it('is what this cluster calls it', () => {
    const selection = parseSelection('region is null', [{ name: 'region', type: 'string' }]);
    expect(selects(selection, ['__NONE__'], '__NONE__')).toBe(true);
    expect(selects(selection, [NULL], '__NONE__')).toBe(false);
  });

  it.each([
    ['dt', '2026-02-30'],
    ['at', '2026-01-01 25:00:00'],
    ['price', '1,5'],
    ['ratio', 'x'],
  ])('%s = %s reads as null', (column, value) => {
    expect(selected(`${column} is null`, column, value)).toBe(true);
  });
});

describe('the one form of a selection', () => {
  it.each([
    ["DT>='2026-1-1' AND((hour in(3,02,2)))", "dt >= '2026-01-01' and hour in (2, 3)"],
    ["'eu' < region", "region > 'eu'"],
    ["hour <> 1 and (region = 'a' and live = TRUE)", "hour != 1 and region = 'a' and live = true"],
    ['(hour = 1 or hour = 2) and region is null', '(hour = 1 or hour = 2) and region is null'],
    ['(hour = 1 and hour = 2) or not not region is null', 'hour = 1 and hour = 2 or region is null'],
    ['not (hour = 1 or hour = 2)', 'not (hour = 1 or hour = 2)'],
    ['not hour in (1)', 'hour not in (1)'],
    ["not region like 'a\\%'", "region not like 'a\\\\%'"],
    ["ratio in (1e3, 'NaN', .5)", "ratio in (0.5, 1000, 'NaN')"],
    ["`date` = 'x' and `odd ``name``` = \"it's\"", "`date` = 'x' and `odd ``name``` = 'it\\'s'"],
    ["price between '01.50' and 2", 'price between 1.5 and 2'],
  ])('%s is %s', (where, text) => {
    const selection = parseSelection(where, KEYS);
    expect(selectionText(selection)).toBe(text);
    expect(parseSelection(text, KEYS)).toEqual(selection);
    expect(JSON.parse(JSON.stringify(selection))).toEqual(selection);
  });
});

describe('a predicate that is none', () => {
  it.each([
    ["hour = 'x'", "where: hour is of type int, and 'x' is not a whole number such as 7", 7],
    ['hour = 1.5', 'where: hour is of type int, and 1.5 is not a whole number such as 7', 7],
    ['hour = 3000000000', 'where: hour is of type int, and 3000000000 is beyond its range', 7],
    ['region = 5', "where: region is of type string, and 5 is not a quoted text such as 'eu'", 9],
    [
      "region > date '2026-01-01'",
      "where: region is of type string, and date '2026-01-01' is not a quoted text such as 'eu'",
      9,
    ],
    ["dt = '2026-02-30'", "where: dt is of type date, and '2026-02-30' is not a date such as '2026-01-31'", 5],
    [
      "dt = '2026-01-01 10:00:00'",
      "where: dt is of type date, and '2026-01-01 10:00:00' is not a date such as '2026-01-31'",
      5,
    ],
    [
      "at = date '2026-13-01'",
      "where: at is of type timestamp, and date '2026-13-01' is not a timestamp such as '2026-01-31 10:00:00'",
      5,
    ],
    ['live = 1', 'where: live is of type boolean, and 1 is not true or false', 7],
    ["live = 'yes'", "where: live is of type boolean, and 'yes' is not true or false", 7],
    ['price = 1e2', 'where: price is of type decimal(10,2), and 1e2 is not a number such as 1.50', 8],
    ["price like '1%'", 'where: price is of type decimal(10,2), which is no text to be matched with "like"', 11],
    [
      "zoned > '2026'",
      'where: zoned is of type timestamp with local time zone, which can only be asked for "is null"',
      8,
    ],
    ["regoin = 'eu'", 'where: "regoin" is not a partition column; did you mean "region"?', 0],
    [
      "dt > '2026-01-01' and amount = 1",
      'where: "amount" is not a partition column; the partition columns are dt, hour, region, price, ratio, live, at, code, date, odd `name`, zoned',
      22,
    ],
    ["region = 'eu", "where: the ' is never closed", 9],
    ['region = "eu\'', 'where: the " is never closed', 9],
    ['`region = 1', 'where: the ` is never closed', 0],
    ["region = 'it''s'", "where: write \\' for a quote within a text", 9],
    ['hour = null', 'where: nothing equals null; use "is null" or "is not null"', 7],
    ['hour = 1)', 'where: there is no "(" to this ")"', 8],
    ['hour in ()', 'where: a value is expected here', 9],
    ['hour = 1 && live = true', 'where: end of input, "or", or "and" is expected here', 9],
    ['hour = ', 'where: it ends where a value is expected', 7],
    ['', 'where: it ends where a partition column, a value, or "(" is expected', 0],
    ['hour = dt', 'where: a value is expected here', 7],
    ['hour = 1x', 'where: a value is expected here', 7],
  ])('%s', (where, message, column) => {
    expect(refusal(where)).toBe(`${message}\n  ${where}\n  ${' '.repeat(column)}^`);
  });

  it('is told with all that is wrong with it, each in its place', () => {
    expect(refusal("dtt = 1 and (hour = 'x' or\n  region in ('eu', 5))").split('\n')).toEqual([
      'where: "dtt" is not a partition column; did you mean "dt"?',
      "  dtt = 1 and (hour = 'x' or",
      '  ^',
      "where: hour is of type int, and 'x' is not a whole number such as 7",
      "  dtt = 1 and (hour = 'x' or",
      '                      ^',
      "where: region is of type string, and 5 is not a quoted text such as 'eu'",
      "    region in ('eu', 5))",
      '                     ^',
    ]);
  });

  it('is of no use for a table without partitions', () => {
    expect(refusal('dt is null', [])).toMatch(/^where: "dt" is not a partition column; the table is not partitioned\n/);
  });

  it('may be nested, but not without end', () => {
    expect(selected(`${'('.repeat(100)}hour = 1${')'.repeat(100)}`, 'hour', '1')).toBe(true);
    expect(selected(`${'not '.repeat(4000)}hour = 1`, 'hour', '1')).toBe(true);
    expect(selected(`region = '${'('.repeat(200)}'`, 'region', '('.repeat(200))).toBe(true);
    expect(refusal('('.repeat(8000))).toMatch(/^where: more than 100 parentheses are open\n/);
  });
});
