import fc from 'fast-check';
import type { Column } from '../../../hive/table.ts';
import { compareTyped, typedValue } from '../../../hive/typed-value.ts';
import { joined, negated, type Selection, type SelectionKey } from '../../../sync/selection.ts';

export const NULL_NAME = '__HIVE_DEFAULT_PARTITION__';

export const KEYS: readonly Column[] = [
  { name: 'hour', type: 'smallint' },
  { name: 'price', type: 'decimal(38,10)' },
  { name: 'ratio', type: 'double' },
  { name: 'single', type: 'float' },
  { name: 'live', type: 'boolean' },
  { name: 'date', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'region', type: 'string' },
  { name: 'or', type: 'varchar(20)' },
  { name: 'odd `ünï` \\name', type: 'char(8)' },
];

const two = (n: number) => String(n).padStart(2, '0');
const day = fc
  .tuple(
    fc.constantFrom('0001', '1970', '2026', '9999', '10000'),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, date]) => `${year}-${two(month)}-${two(date)}`);
const time = fc
  .tuple(
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom('', '.5', '.45', '.000000001'),
  )
  .map(([hour, second, fraction]) => `${two(hour)}:00:${two(second)}${fraction}`);
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab%_\\\'"` é\uffff😀\n0('), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const decimals = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.bigInt({ min: 0n, max: 10n ** 12n }),
    fc.constantFrom('', '.0', '.5', '.50', '.45'),
  )
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction}`);
const doubles = fc.double().map(String);

/** Texts that a catalog may hold for a key of that type, all of them values of it. */
export function valuesOf(type: string): fc.Arbitrary<string> {
  if (type === 'smallint')
    return fc
      .integer({ min: -32768, max: 32767 })
      .chain((n) => fc.constantFrom(String(n), `${n % 5}`, `0${Math.abs(n % 5)}`));
  if (type.startsWith('decimal')) return decimals;
  if (type === 'double' || type === 'float')
    return fc.oneof(doubles, fc.constantFrom('NaN', 'Infinity', '-Infinity', '0.1', '1e3', '-0'));
  if (type === 'boolean') return fc.constantFrom('true', 'FALSE', 'yes', 'no');
  if (type === 'date') return day;
  if (type === 'timestamp')
    return fc.oneof(
      day,
      fc.tuple(day, time).map((parts) => parts.join(' ')),
    );
  return texts.filter((text) => text !== '');
}

/** What a catalog may hold: values, null, and what is none of the type. */
export const anyValues: fc.Arbitrary<readonly string[]> = fc.tuple(
  ...KEYS.map(({ type }) =>
    fc.oneof({ weight: 6, arbitrary: valuesOf(type) }, fc.constantFrom(NULL_NAME, '', 'no such value')),
  ),
);

const anyKey: fc.Arbitrary<SelectionKey> = fc.constantFrom(
  ...KEYS.map(({ name, type }, index) => ({ index, name, type })),
);
const literalOf = (type: string) => valuesOf(type).map((text) => typedValue(type, text) ?? '');
const isText = ({ type }: SelectionKey) => /^(string|varchar|char|smallint|date|timestamp)/.test(type);

const anyCondition: fc.Arbitrary<Selection> = anyKey.chain((key) => {
  const literal = literalOf(key.type);
  const conditions: fc.Arbitrary<Selection>[] = [
    fc.record({
      kind: fc.constant('compare'),
      key: fc.constant(key),
      operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      value: literal,
    }),
    fc.uniqueArray(literal, { minLength: 1, maxLength: 4 }).map((values) => ({
      kind: 'in',
      key,
      values: values.sort((a, b) => compareTyped(key.type, a, b)),
    })),
    fc.record({ kind: fc.constant('between'), key: fc.constant(key), low: literal, high: literal }),
    fc.constant({ kind: 'is-null', key }),
    ...(isText(key) ? [texts.map((pattern): Selection => ({ kind: 'like', key, pattern }))] : []),
  ];
  return fc.oneof(...conditions);
});

/** Any selection in the form in which parseSelection makes them. */
export const anySelection: fc.Arbitrary<Selection> = fc.letrec<{ tree: Selection }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyCondition,
    tie('tree').map(negated),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
      .map(([kind, of]) => joined(kind, of)),
  ),
})).tree;
