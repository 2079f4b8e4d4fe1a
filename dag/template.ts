import {
  Context,
  type Filter,
  type FilterImplOptions,
  Liquid,
  Output,
  type Template,
  type Token,
  TokenKind,
  toValueSync,
  type Value,
} from 'liquidjs';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { shown } from '../sync/problems.ts';
import { FILTERS } from './filters.ts';
import { isJson } from './json.ts';
import type { Json } from './spec.ts';

/** A text with `{{ expressions }}` in it, read once; nothing else of Liquid is known. */
export type Compiled = readonly Part[];

export type Part = { readonly kind: 'text'; readonly text: string } | Expression;

/** One `{{ expression }}`: what it reads, and how it comes to its value. */
export type Expression = {
  readonly kind: 'expression';
  /** As it is written, braces included. */
  readonly written: string;
  readonly reads: readonly VariablePath[];
  /** The texts that stand in it. */
  readonly literals: readonly string[];
  /** The names of its filters, in order. */
  readonly filters: readonly string[];
  readonly value: Value;
};

/** `params.x[item]` is ['params', 'x', undefined]: a segment that is known only when it is rendered is undefined. */
export type VariablePath = readonly (string | undefined)[];

/** Liquid's filters of numbers, which take 0 for what is none; here it is an error. */
const OF_NUMBERS = [
  ...['plus', 'minus', 'times', 'divided_by', 'modulo', 'abs', 'floor', 'ceil', 'round', 'at_least', 'at_most'],
] as const;

/** Of Liquid's other filters those that make small values of small values. */
const OF_VALUES = [
  ...['append', 'prepend', 'upcase', 'downcase', 'capitalize', 'strip', 'replace', 'remove', 'slice', 'split'],
  ...['join', 'first', 'last', 'size', 'sort', 'uniq', 'compact', 'reverse', 'map', 'default', 'json'],
] as const;

/** Every filter a template may use. */
export const FILTER_NAMES: readonly string[] = [...Object.keys(FILTERS), ...OF_NUMBERS, ...OF_VALUES].sort();

const TEXT_LIMIT = 1_000_000;

/**
 * Reads a text as a template.
 * @throws FerryError SPEC_INVALID for anything that is no plain expression: tags, ranges, calls, unknown filters, words
 * that Liquid would pass over in silence.
 */
export function compile(text: string): Compiled {
  try {
    return ENGINE.parse(text).map((template) => partOf(text, template));
  } catch (error) {
    if (error instanceof FerryError) throw error;
    throw new FerryError('SPEC_INVALID', `${shown(text)} is no template: ${reasonOf(error)}`, { cause: error });
  }
}

/** True for a text that compile() would find an expression, or something that it refuses, in. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/**
 * What an expression comes to. `scope` is plain JSON; only its own properties are seen.
 * @throws FerryError SPEC_INVALID for a variable that is not there, a value that a filter does not take, and a result that
 * is no JSON (such as the first item of an empty list).
 */
export function evaluate(expression: Expression, scope: Readonly<Record<string, Json>>): Json {
  const context = new Context(scope, ENGINE.options, { sync: true });
  const result = attempt(expression, () => toValueSync(expression.value.value(context, false)));
  if (!isJson(result)) throw wrong(expression, `has no value${typeof result === 'number' ? ' that is a number' : ''}`);
  return result;
}

const ENGINE = engine();

/** No files, no tags, own properties only; a variable or a filter that is not there is an error. */
function engine(): Liquid {
  const made = new Liquid({
    templates: {},
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // `x | default: y` is for the variable that may be missing.
    lenientIf: true,
    memoryLimit: 10 * TEXT_LIMIT,
    parseLimit: TEXT_LIMIT,
  });
  for (const tag of Object.keys(made.tags)) delete made.tags[tag];
  for (const filter of Object.keys(made.filters)) if (!FILTER_NAMES.includes(filter)) delete made.filters[filter];
  for (const name of OF_NUMBERS) made.registerFilter(name, onNumbers(name, made.filters[name]));
  for (const [name, filter] of Object.entries(FILTERS)) made.registerFilter(name, filter);
  return made;
}

type Handler = (...values: readonly unknown[]) => unknown;

function onNumbers(name: string, filter: FilterImplOptions | undefined): Handler {
  return (...values) => {
    const odd = values.find((value) => typeof value !== 'number');
    if (odd !== undefined) throw new FerryError('SPEC_INVALID', `${name}: ${shown(odd)} is no number`);
    return (filter as Handler)(...values);
  };
}

function partOf(text: string, template: Template): Part {
  if (!(template instanceof Output)) {
    const { token } = template as { readonly token: Token & { getContent?: () => string } };
    return { kind: 'text', text: token.getContent?.() ?? token.getText() };
  }
  const { value } = template;
  const written = text.slice(template.token.begin, template.token.end);
  const expression = { kind: 'expression', written, value, filters: value.filters.map(({ name }) => name) } as const;
  const tokens = [...value.initial.postfix, ...value.filters.flatMap(argumentsOf(written))];
  checkWhole(written, value);
  const found = tokens.map((token) => contentsOf(written, token));
  return {
    ...expression,
    reads: found.flatMap(({ reads }) => reads),
    literals: found.flatMap(({ literals }) => literals),
  };
}

const argumentsOf =
  (written: string) =>
  (filter: Filter): readonly Token[] =>
    filter.args.map((argument) => {
      if (Array.isArray(argument)) throw wrong({ written }, `has a named argument of ${filter.name}, which takes none`);
      return argument as Token;
    });

/** Liquid passes over what follows a value ("ds ds", "ds, 5"); here it is an error. */
function checkWhole(written: string, { initial, filters }: Value): void {
  const operators = initial.postfix.filter(({ kind }) => kind === TokenKind.Operator);
  const arity = operators.reduce((sum, operator) => sum + (operator.getText() === 'not' ? 0 : 1), 0);
  const operands = initial.postfix.length - operators.length;
  const end = Math.max(...initial.postfix.map((token) => token.end));
  const input = initial.postfix[0]?.input ?? '';
  const rest = input.slice(end).replace(/-?\}\}[\s\S]*$/, '');
  const ended = filters.length > 0 ? /^\s*\|/.test(rest) : rest.trim() === '';
  if (operands !== arity + 1 || !ended)
    throw wrong({ written }, 'is not one value with filters, such as {{ ds | ds_add: -7 }}');
}

type Contents = { readonly reads: readonly VariablePath[]; readonly literals: readonly string[] };

function contentsOf(written: string, token: Token): Contents {
  switch (token.kind) {
    case TokenKind.Quoted:
      return { reads: [], literals: [(token as unknown as { readonly content: string }).content] };
    case TokenKind.PropertyAccess:
      return pathOf(written, token as unknown as AccessToken);
    case TokenKind.Range:
      throw wrong({ written }, 'has a range; write a list into params, or expand over one');
    default:
      return { reads: [], literals: [] };
  }
}

type AccessToken = { readonly variable?: Token; readonly props: readonly (Token & { readonly content?: unknown })[] };

function pathOf(written: string, { variable, props }: AccessToken): Contents {
  const [root] = props;
  if (variable !== undefined || root === undefined || root.kind !== TokenKind.Word)
    throw wrong({ written }, 'does not begin with the name of a variable');
  const inner = props.filter(({ kind }) => kind === TokenKind.PropertyAccess).map((prop) => contentsOf(written, prop));
  const path = props.map(({ kind, content }) => (kind === TokenKind.PropertyAccess ? undefined : String(content)));
  return { reads: [path, ...inner.flatMap(({ reads }) => reads)], literals: [] };
}

function attempt<T>(expression: Expression, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw wrong(expression, `cannot be rendered: ${reasonOf(error)}`, error);
  }
}

/** Liquid's message without the place and the excerpt, which are of one field's text. */
function reasonOf(error: unknown): string {
  const line = messageOf(error).split('\n')[0] ?? '';
  const reason = line.replace(/, line:\d+, col:\d+$/, '');
  if (/^tag ".*" not found/.test(reason))
    return `${reason.replace(' not found', '')} is not known: a template has {{ expressions }} only (a "{%" that is meant is {{ "{%" }})`;
  return reason.startsWith('undefined filter') ? `${reason}; the filters are ${FILTER_NAMES.join(', ')}` : reason;
}

function wrong({ written }: Pick<Expression, 'written'>, what: string, cause?: unknown): FerryError {
  return new FerryError('SPEC_INVALID', `${written} ${what}`, cause === undefined ? {} : { cause });
}
