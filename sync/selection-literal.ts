import type { Column } from '../hive/table.ts';
import { kindOf, typedValue, type ValueKind } from '../hive/typed-value.ts';
import type { Literal } from './selection-syntax.ts';

type Rule = {
  /** The ways in which a value of this kind may be written. */
  readonly literals: readonly Literal['kind'][];
  /** What a text of it looks like, where Hive would read more as a value than a person means. */
  readonly looks?: RegExp;
  readonly noun: string;
};

const RULES: Readonly<Record<Exclude<ValueKind, 'other'>, Rule>> = {
  whole: { literals: ['number', 'text'], noun: 'a whole number such as 7' },
  decimal: { literals: ['number', 'text'], noun: 'a number such as 1.50' },
  float: { literals: ['number', 'text'], noun: 'a number such as 1.5' },
  boolean: { literals: ['boolean', 'text'], looks: /^(true|false)$/i, noun: 'true or false' },
  date: { literals: ['date', 'text'], looks: /^\d+-\d+-\d+$/, noun: "a date such as '2026-01-31'" },
  timestamp: { literals: ['timestamp', 'date', 'text'], noun: "a timestamp such as '2026-01-31 10:00:00'" },
  text: { literals: ['text'], noun: "a quoted text such as 'eu'" },
};

/** The kinds whose values Hive's LIKE matches as the texts that are kept here. */
const LIKEABLE: readonly ValueKind[] = ['whole', 'date', 'timestamp', 'text'];

export type TypedLiteral = { readonly value: string } | { readonly problem: string };

/** The literal as a value of the column, in the canonical form of hive/typed-value.ts; else what is wrong with it. */
export function typedLiteral(literal: Literal, { name, type }: Column): TypedLiteral {
  const kind = kindOf(type);
  if (kind === 'other') return { problem: `${name} is of type ${type}, which can only be asked for "is null"` };
  const { literals, looks, noun } = RULES[kind];
  const own = /^(date|timestamp)$/.test(literal.kind) && typedValue(literal.kind, literal.text) === undefined;
  const value =
    !own && literals.includes(literal.kind) && (looks?.test(literal.text) ?? true)
      ? typedValue(type, literal.text)
      : undefined;
  if (value !== undefined) return { value };
  const beyond = kind === 'whole' && typedValue('decimal', literal.text)?.includes('.') === false;
  return {
    problem: `${name} is of type ${type}, and ${shortened(literal.written)} is ${beyond ? 'beyond its range' : `not ${noun}`}`,
  };
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** The pattern of a LIKE over the column; else what is wrong with it. */
export function likePattern(literal: Literal, { name, type }: Column): TypedLiteral {
  if (LIKEABLE.includes(kindOf(type))) return { value: literal.text };
  return { problem: `${name} is of type ${type}, which is no text to be matched with "like"` };
}

/**
 * Hive's LIKE (UDFLike): '%' is any text, '_' one character, a backslash makes the one that follows plain, and stands
 * for itself before anything else.
 */
export function matchesLike(text: string, pattern: string): boolean {
  const [characters, tokens] = [[...text], likeTokens(pattern)];
  let [at, token, star, resume] = [0, 0, -1, 0];
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === ANY_TEXT) {
      star = token;
      resume = at;
      token += 1;
    } else if (wanted !== undefined && (wanted === ANY_CHARACTER || wanted === characters[at])) {
      at += 1;
      token += 1;
    } else if (star >= 0) {
      // The last '%' takes one character more; earlier ones never need to.
      resume += 1;
      at = resume;
      token = star + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === ANY_TEXT);
}

const ANY_TEXT = Symbol('%');
const ANY_CHARACTER = Symbol('_');

function likeTokens(pattern: string): readonly (string | symbol)[] {
  return [...pattern.matchAll(/\\[%_]|[\s\S]/gu)].map(([written]) => {
    if (written === '%') return ANY_TEXT;
    if (written === '_') return ANY_CHARACTER;
    return written.length > 1 && written.startsWith('\\') ? written.slice(1) : written;
  });
}
