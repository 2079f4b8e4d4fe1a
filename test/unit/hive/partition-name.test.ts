import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalPartition,
  canonicalValue,
  escapePathName,
  formatPartitionName,
  parsePartitionName,
  quoteString,
  quoteValue,
  unescapePathName,
} from '../../../hive/partition-name.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const nasty = fc.string({
  unit: fc.constantFrom(...'aä %/=:\'"\\{}[]^#*?.+-3AF\u0001\u001f\u007f\n0'.split('')),
  maxLength: 20,
});

describe('case 22: the escaped form of a value', () => {
  it.each([
    ['2026-01-01 00:00:00', '2026-01-01 00%3A00%3A00'],
    ['a/b', 'a%2Fb'],
    ['50%', '50%25'],
    ['%3A', '%253A'],
    ['k=v', 'k%3Dv'],
    [`it's "x"`, 'it%27s %22x%22'],
    ['a\\b', 'a%5Cb'],
    ['{[]^}', '%7B%5B%5D%5E}'],
    ['#*?', '%23%2A%3F'],
    ['\u0001\n\r\u001f\u007f', '%01%0A%0D%1F%7F'],
    ['a b,c;d&e|f<g>h(i)j@k!l~m`n$o+p', 'a b,c;d&e|f<g>h(i)j@k!l~m`n$o+p'],
    ['Zürich', 'Zürich'],
    ['日本😀', '日本😀'],
    ['\u0080\u009f', '\u0080\u009f'],
  ])('%j is written %j', (value, folder) => {
    expect(escapePathName(value)).toBe(folder);
    expect(unescapePathName(folder)).toBe(value);
  });

  it('escapes exactly the characters of Hive 4', () => {
    const escaped = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
      (c) => escapePathName(c) !== c,
    );
    const control = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code));
    expect(escaped.sort()).toEqual([...control, '\u007f', ...`"#%'*/:=?\\{[]^`].sort());
  });

  it.each([
    ['100%', '100%'],
    ['%', '%'],
    ['%4', '%4'],
    ['%zz', '%zz'],
    ['%3a', ':'],
    ['%E4', '\u00e4'],
    ['%%3A', '%:'],
  ])('a folder %j that Hive did not write stands for %j', (folder, value) => {
    expect(unescapePathName(folder)).toBe(value);
  });

  it('comes back as it was, for any text', () => {
    fc.assert(fc.property(fc.oneof(anyText, nasty), (text) => unescapePathName(escapePathName(text)) === text));
  });

  it('never holds a character that a path or a name gives a meaning', () => {
    fc.assert(fc.property(fc.oneof(anyText, nasty), (text) => !/[/=:]/.test(escapePathName(text))));
  });
});

describe('partition names', () => {
  it.each<[string, string[], (string | null)[], string]>([
    ['one key', ['dt'], ['2026-01-01'], 'dt=2026-01-01'],
    ['two keys', ['dt', 'region'], ['2026-01-01', 'eu'], 'dt=2026-01-01/region=eu'],
    ['keys in capitals', ['DT'], ['A'], 'dt=A'],
    ['an empty value', ['dt', 'region'], ['', 'eu'], 'dt=__HIVE_DEFAULT_PARTITION__/region=eu'],
    ['null', ['dt'], [null], 'dt=__HIVE_DEFAULT_PARTITION__'],
    ['a timestamp', ['ts'], ['2026-01-01 00:00:00'], 'ts=2026-01-01 00%3A00%3A00'],
    ['a slash in a value', ['a', 'b'], ['x/y', 'z'], 'a=x%2Fy/b=z'],
  ])('%s', (_, keys, values, name) => {
    expect(formatPartitionName(keys, values)).toBe(name);
  });

  it('uses the default partition name of the cluster', () => {
    expect(formatPartitionName(['dt'], [''], '__NONE__')).toBe('dt=__NONE__');
  });

  it('refuses another number of values than keys, and a component without a key', () => {
    expect(() => formatPartitionName(['dt'], ['a', 'b'])).toThrow('2 partition values for 1 partition keys');
    for (const bad of ['2026-01-01', '=x', 'dt=1/', 'dt=1//region=eu']) {
      expect(() => parsePartitionName(bad)).toThrow('is not key=value');
    }
  });

  it('takes the first = as the border, as Warehouse.makeValsFromName does', () => {
    expect(parsePartitionName('dt=a=b')).toEqual([{ key: 'dt', value: 'a=b' }]);
  });

  it('come back as they were, for any keys and values', () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((key) => key.toLowerCase());
    const pairs = fc.array(
      fc.tuple(
        keys,
        fc.oneof(nasty, anyText).filter((v) => v !== ''),
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(pairs, (all) => {
        const name = formatPartitionName(
          all.map(([key]) => key),
          all.map(([, value]) => value),
        );
        expect(parsePartitionName(name)).toEqual(all.map(([key, value]) => ({ key, value })));
      }),
    );
  });
});

describe('case 20, 51: typed values', () => {
  it.each([
    ['int', '01', '1'],
    ['bigint', '-007', '-7'],
    ['int', '+5', '5'],
    ['int', '-0', '0'],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['int', 'abc', 'abc'],
    ['int', '1.0', '1.0'],
    ['INT', '01', '1'],
    ['string', '01', '01'],
    ['string', 'A ', 'A '],
    ['varchar(10)', 'A ', 'A '],
    ['char(10)', 'A  ', 'A'],
    ['date', '2026-1-2', '2026-01-02'],
    ['date', '2026-01-02 00:00:00', '2026-01-02'],
    ['date', 'tomorrow', 'tomorrow'],
    ['timestamp', '2026-01-02 03:04:05.0', '2026-01-02 03:04:05'],
    ['timestamp', '2026-01-02 03:04:05.120', '2026-01-02 03:04:05.12'],
    ['timestamp', '2026-01-02T03:04:05', '2026-01-02 03:04:05'],
    ['timestamp', '2026-01-02', '2026-01-02 00:00:00'],
    ['decimal(10,2)', '1.50', '1.5'],
    ['decimal(10,2)', '01.5', '1.5'],
    ['decimal(10,2)', '100', '100'],
    ['decimal(10,2)', '-0.00', '0'],
    ['decimal(10,2)', '.5', '0.5'],
    ['decimal(38,0)', '12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['decimal(10,2)', '.', '.'],
    ['double', '1.0', '1'],
    ['double', '1e3', '1000'],
    ['double', '-0.0', '0'],
    ['float', '0.1', String(Math.fround(0.1))],
    ['boolean', 'TRUE', 'true'],
    ['int', '__HIVE_DEFAULT_PARTITION__', '__HIVE_DEFAULT_PARTITION__'],
    ['date', '__HIVE_DEFAULT_PARTITION__', '__HIVE_DEFAULT_PARTITION__'],
  ])('%s %j is %j', (type, value, canonical) => {
    expect(canonicalValue(type, value)).toBe(canonical);
    expect(canonicalValue(type, canonical)).toBe(canonical);
  });

  it('tells two folders of one typed value', () => {
    const keys = [
      { name: 'dt', type: 'string' },
      { name: 'hour', type: 'int' },
    ];
    expect(canonicalPartition(keys, ['a', '01'])).toBe(canonicalPartition(keys, ['a', '1']));
    expect(canonicalPartition(keys, ['a', '10'])).not.toBe(canonicalPartition(keys, ['a', '1']));
    expect(canonicalPartition(keys, ['a","1', ''])).not.toBe(canonicalPartition(keys, ['a', '1","']));
  });
});

describe('statement literals', () => {
  it.each([
    ['int', '7', '7'],
    ['int', '-7', "'-7'"],
    ['bigint', 'abc', "'abc'"],
    ['string', '7', "'7'"],
    ['date', '2026-01-01', "'2026-01-01'"],
    ['string', `it's`, `'it\\'s'`],
    ['string', 'a\\b', "'a\\\\b'"],
    ['string', 'two\nlines', "'two\\nlines'"],
    ['string', '$' + '{hiveconf:x}', "'\\u0024{hiveconf:x}'"],
    ['string', '$5', "'$5'"],
  ])('%s %j is written %s', (type, value, literal) => {
    expect(quoteValue(type, value)).toBe(literal);
  });

  it('never end early and never hold a bare line break', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nasty), (text) => {
        expect(quoteString(text)).toMatch(/^'(?:[^'\\\n\r]|\\.)*'$/su);
      }),
    );
  });
});
