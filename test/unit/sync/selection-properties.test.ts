import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../../errors/ferry-error.ts';
import { parseSelection, type Selection, type SelectionKey, selects } from '../../../sync/selection.ts';
import { selectionText } from '../../../sync/selection-text.ts';
import { anySelection, anyValues, KEYS, NULL_NAME } from './any-selection.ts';

// Three-valued logic as numbers: false 0, unknown 1/2, true 1 (Kleene): and = min, or = max, not x = 1 - x.
function kleene(selection: Selection, values: readonly string[]): number {
  switch (selection.kind) {
    case 'and':
      return Math.min(...selection.of.map((each) => kleene(each, values)));
    case 'or':
      return Math.max(...selection.of.map((each) => kleene(each, values)));
    case 'not':
      return 1 - kleene(selection.of, values);
    default: {
      const held = values[selection.key.index] ?? '';
      const value = held === '' || held === NULL_NAME ? undefined : ordinal(selection.key, held);
      if (selection.kind === 'is-null') return Number(value === undefined);
      return value === undefined ? 0.5 : Number(holds(selection, value));
    }
  }
}

type Condition = Exclude<Selection, { kind: 'and' | 'or' | 'not' | 'is-null' }>;
type Ordinal = { readonly order: bigint | number | Buffer; readonly text: string };

function holds(condition: Condition, value: Ordinal): boolean {
  if (condition.kind === 'like') return likeExpression(condition.pattern).test(value.text);
  const to = (other: string) => compare(value, ordinal(condition.key, other) as Ordinal);
  if (condition.kind === 'in') return condition.values.some((other) => to(other) === 0);
  if (condition.kind === 'between') return to(condition.low) >= 0 && to(condition.high) <= 0;
  const order = to(condition.value);
  return { '=': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
    condition.operator
  ];
}

function compare({ order: a }: Ordinal, { order: b }: Ordinal): number {
  if (Buffer.isBuffer(a)) return Buffer.compare(a, b as Buffer);
  if (Object.is(a, b)) return 0;
  if (Number.isNaN(a)) return 1;
  const other = b as bigint | number;
  return Number.isNaN(other) || a < other ? -1 : a > other ? 1 : 0;
}

/** A value as something JavaScript orders by itself, made another way than the engine does it. */
function ordinal({ type }: SelectionKey, value: string): Ordinal | undefined {
  if (type === 'boolean') return { order: Number(!/^(false|no)$/i.test(value)), text: '' };
  if (/^(string|varchar)/.test(type)) return { order: Buffer.from(value), text: value };
  if (type.startsWith('char')) return { order: Buffer.from(value.replace(/ +$/, '')), text: value.replace(/ +$/, '') };
  if (value === 'no such value') return undefined;
  if (type === 'smallint') return { order: Number(value), text: String(Number(value)) };
  if (type === 'double') return { order: Number(value) + 0, text: '' };
  if (type === 'float') return { order: Math.fround(Number(value)) + 0, text: '' };
  if (type.startsWith('decimal')) {
    const [whole = '', fraction = ''] = value.replace(/^[+-]/, '').split('.');
    const scaled = BigInt(whole + fraction.padEnd(10, '0'));
    return { order: value.startsWith('-') ? -scaled : scaled, text: '' };
  }
  const [year = '', month = '', day = '', hour = '0', , second = '0', fraction = ''] = value.split(/[- :.]/);
  const seconds = BigInt(Date.UTC(2000, Number(month) - 1, Number(day), Number(hour), 0, Number(second)) / 1000);
  const nanoseconds = (BigInt(year) * 10n ** 11n + seconds) * 10n ** 9n + BigInt(fraction.padEnd(9, '0'));
  return { order: nanoseconds, text: type === 'timestamp' && !value.includes(' ') ? `${value} 00:00:00` : value };
}

function likeExpression(pattern: string): RegExp {
  const plain = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const parts = [...pattern.matchAll(/\\([%_])|([\s\S])/gu)].map(([, escaped, one = '']) => {
    if (escaped !== undefined) return escaped;
    return one === '%' ? '[\\s\\S]*' : one === '_' ? '[\\s\\S]' : plain(one);
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

describe('any selection', () => {
  it('is read back from its text as the same', () => {
    fc.assert(
      fc.property(anySelection, (selection) => {
        expect(parseSelection(selectionText(selection), KEYS)).toEqual(selection);
      }),
      { numRuns: 200 },
    );
  });

  it('selects what three-valued logic makes true, and nothing that is unknown', () => {
    fc.assert(
      fc.property(anySelection, anyValues, (selection, values) => {
        expect(selects(selection, values, NULL_NAME)).toBe(kleene(selection, values) === 1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any text', () => {
  const words = [
    'dt',
    'and',
    'or',
    'not',
    'in',
    'is',
    'null',
    'like',
    'between',
    '(',
    ')',
    ',',
    '=',
    '<>',
    '<',
    "'a'",
    '"',
    "'",
    '`',
    '`or`',
    'hour',
    '7',
    '-1.5e3',
    'date',
    "'2026-01-01'",
    'true',
    '\\',
    '\n',
    '😀',
    '%',
    '--',
    ';',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(' ')),
    fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join('')),
    fc
      .tuple(anySelection.map(selectionText), fc.nat(), fc.nat(3))
      .map(
        ([whole, at, gone]) => whole.slice(0, at % (whole.length + 1)) + whole.slice((at % (whole.length + 1)) + gone),
      ),
  );

  it('is a selection or SPEC_INVALID', () => {
    fc.assert(
      fc.property(text, (where) => {
        try {
          selectionText(parseSelection(where, KEYS));
        } catch (error) {
          expect(codeOf(error)).toBe('SPEC_INVALID');
          expect(String(error)).toMatch(/where: .+\n {2}.*\n {2} *\^$/);
        }
      }),
      { numRuns: 600 },
    );
  });
});
