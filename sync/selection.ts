import { FerryError } from '../errors/ferry-error.ts';
import type { Column } from '../hive/table.ts';
import { compareTyped, typedValue } from '../hive/typed-value.ts';
import { withCaret } from './caret.ts';
import { didYouMean } from './problems.ts';
import { likePattern, matchesLike, type TypedLiteral, typedLiteral } from './selection-literal.ts';
import {
  type ColumnUse,
  isMistake,
  type Literal,
  type Mistake,
  type Operator,
  readPredicate,
  type Syntax,
} from './selection-syntax.ts';

/** A partition key: its place among the keys, its name in lower case, and its Hive type. */
export type SelectionKey = { readonly index: number; readonly name: string; readonly type: string };

/**
 * A predicate over the values of a partition, typed by the keys of one table; plain data. Values are in the canonical
 * form of hive/typed-value.ts; those of `in` are sorted and each is there once.
 */
export type Selection =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Selection[] }
  | { readonly kind: 'not'; readonly of: Selection }
  | { readonly kind: 'compare'; readonly key: SelectionKey; readonly operator: Operator; readonly value: string }
  | { readonly kind: 'in'; readonly key: SelectionKey; readonly values: readonly string[] }
  | { readonly kind: 'between'; readonly key: SelectionKey; readonly low: string; readonly high: string }
  | { readonly kind: 'like'; readonly key: SelectionKey; readonly pattern: string }
  | { readonly kind: 'is-null'; readonly key: SelectionKey };

/**
 * Reads a predicate of HiveQL over partition keys: = == != <> < <= > >=, [not] in, [not] like, [not] between, is [not]
 * null, and, or, not, parentheses.
 * @throws FerryError SPEC_INVALID: every mistake as 'where: ...' with the text and a caret under the place.
 */
export function parseSelection(text: string, keys: readonly Column[]): Selection {
  const read = readPredicate(text);
  if (isMistake(read)) throw notSelection(text, [read]);
  const mistakes: Mistake[] = [];
  const selection = typed(read, { keys, mistakes });
  if (mistakes.length > 0) throw notSelection(text, mistakes);
  return selection;
}

/**
 * Whether a partition with these values is selected: the predicate is true, not unknown (SQL's three-valued logic). A
 * value that reads as null, the default partition among them, is unknown to everything but `is null`.
 */
export function selects(selection: Selection, values: readonly string[], defaultPartitionName: string): boolean {
  return truth(selection, (key) => readValue(key.type, values[key.index], defaultPartitionName)) === true;
}

/** The value as Hive reads it from a column of that type; undefined: null. Also under a string the default partition is null here. */
export function readValue(type: string, value: string | undefined, defaultPartitionName: string): string | undefined {
  return value === undefined || value === '' || value === defaultPartitionName ? undefined : typedValue(type, value);
}

/** Both, or either, of several; one kind directly in itself is the same list. */
export function joined(kind: 'and' | 'or', of: readonly Selection[]): Selection {
  return { kind, of: of.flatMap((each) => (each.kind === kind ? each.of : [each])) };
}

/** The opposite; twice is the thing itself, also where it is unknown. */
export function negated(selection: Selection): Selection {
  return selection.kind === 'not' ? selection.of : { kind: 'not', of: selection };
}

type Truth = boolean | undefined;
type Condition = Exclude<Selection, { readonly kind: 'and' | 'or' | 'not' }>;
type ReadOf = (key: SelectionKey) => string | undefined;

function truth(selection: Selection, readOf: ReadOf): Truth {
  switch (selection.kind) {
    case 'and':
      return decided(selection.of, false, readOf);
    case 'or':
      return decided(selection.of, true, readOf);
    case 'not': {
      const of = truth(selection.of, readOf);
      return of === undefined ? undefined : !of;
    }
    case 'is-null':
      return readOf(selection.key) === undefined;
    default: {
      const value = readOf(selection.key);
      return value === undefined ? undefined : holds(selection, value);
    }
  }
}

/** One false decides an `and`, one true an `or`; else one unknown leaves it unknown. */
function decided(of: readonly Selection[], deciding: boolean, readOf: ReadOf): Truth {
  let unknown = false;
  for (const each of of) {
    const found = truth(each, readOf);
    if (found === deciding) return deciding;
    unknown ||= found === undefined;
  }
  return unknown ? undefined : !deciding;
}

function holds(condition: Exclude<Condition, { readonly kind: 'is-null' }>, value: string): boolean {
  const order = (other: string) => compareTyped(condition.key.type, value, other);
  switch (condition.kind) {
    case 'compare':
      return HOLDS[condition.operator](order(condition.value));
    case 'in':
      return condition.values.includes(value);
    case 'between':
      return order(condition.low) >= 0 && order(condition.high) <= 0;
    case 'like':
      return matchesLike(value, condition.pattern);
  }
}

const HOLDS: Readonly<Record<Operator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** What a predicate is typed by, and the mistakes that are found on the way. */
type Typing = { readonly keys: readonly Column[]; readonly mistakes: Mistake[] };

function typed(syntax: Syntax, typing: Typing): Selection {
  switch (syntax.kind) {
    case 'and':
    case 'or':
      return joined(
        syntax.kind,
        syntax.of.map((each) => typed(each, typing)),
      );
    case 'not':
      return negated(typed(syntax.of, typing));
    default:
      return typedCondition(syntax, keyOf(syntax.column, typing), typing);
  }
}

/** `key` undefined: the column is unknown, which was said; its values are of no type. */
function typedCondition(
  syntax: Exclude<Syntax, { readonly kind: 'and' | 'or' | 'not' }>,
  known: SelectionKey | undefined,
  typing: Typing,
): Selection {
  const key = known ?? { index: -1, name: syntax.column.name, type: '' };
  const readOf = (literal: Literal, read: (literal: Literal, column: Column) => TypedLiteral): string => {
    const found = known === undefined ? { value: '' } : read(literal, known);
    if ('value' in found) return found.value;
    typing.mistakes.push({ at: literal.at, message: found.problem });
    return '';
  };
  switch (syntax.kind) {
    case 'compare':
      return { kind: 'compare', key, operator: syntax.operator, value: readOf(syntax.value, typedLiteral) };
    case 'in': {
      const values = new Set(syntax.values.map((value) => readOf(value, typedLiteral)));
      return { kind: 'in', key, values: [...values].sort((a, b) => compareTyped(key.type, a, b)) };
    }
    case 'between':
      return { kind: 'between', key, low: readOf(syntax.low, typedLiteral), high: readOf(syntax.high, typedLiteral) };
    case 'like':
      return { kind: 'like', key, pattern: readOf(syntax.pattern, likePattern) };
    case 'is-null':
      return { kind: 'is-null', key };
  }
}

function keyOf({ name, at }: ColumnUse, { keys, mistakes }: Typing): SelectionKey | undefined {
  const index = keys.findIndex((key) => key.name.toLowerCase() === name);
  const key = keys[index];
  if (key !== undefined) return { index, name, type: key.type };
  const known = keys.map((each) => each.name);
  const among = known.length === 0 ? 'the table is not partitioned' : `the partition columns are ${known.join(', ')}`;
  const guess = didYouMean(name, known);
  mistakes.push({ at, message: `${JSON.stringify(name)} is not a partition column${guess || `; ${among}`}` });
  return undefined;
}

function notSelection(text: string, mistakes: readonly Mistake[]): FerryError {
  const inOrder = [...mistakes].sort((a, b) => a.at - b.at);
  const problems = inOrder.map(({ at, message }) => `where: ${message}\n${withCaret(text, at)}`);
  return new FerryError('SPEC_INVALID', problems.join('\n'), { details: { problems } });
}
