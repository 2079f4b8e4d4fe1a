import type { Compiled, Expression, Part } from './template.ts';

/** Variables whose values come from outside of the DAG's file; the others are dates, ids and numbers made here. */
export const FROM_OUTSIDE: readonly string[] = ['params', 'xcom', 'item', 'run_id'];
/** Filters that make no quote of what has none. */
const PLAIN_FILTERS = [
  'ds',
  'ds_nodash',
  'ds_add',
  'ds_format',
  'ts',
  'ts_nodash',
  'append',
  'prepend',
  'replace',
  'remove',
];
const PLAIN_LITERAL = /^(?!.*--)[\w .:,%+/-]*$/;

type Place = 'code' | 'single' | 'double' | 'name' | 'comment' | 'block' | 'unclear';

/**
 * What is wrong with a template whose text becomes HiveQL, or a predicate of it. Values from outside reach it only as
 * literals: `hql` is the last filter, it stands outside of quotes, names and comments, and nothing joins on to it. Then
 * whatever a value holds, the statement keeps the shape that is written.
 */
export function hiveqlProblems(parts: Compiled): readonly string[] {
  const problems: string[] = [];
  let place: Place = 'code';
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'text') place = placeAfter(place, part.text);
    else problems.push(...expressionProblems(part, place, parts[index - 1], parts[index + 1]));
  }
  return problems;
}

function expressionProblems(
  expression: Expression,
  place: Place,
  before: Part | undefined,
  after: Part | undefined,
): readonly string[] {
  const { written, filters } = expression;
  const quotes = filters.indexOf('hql');
  if (quotes >= 0) {
    if (quotes < filters.length - 1) return [`${written}: hql comes last, what follows it could undo its quotes`];
    if (place !== 'code')
      return [`${written} stands in ${PLACES[place]}; hql quotes by itself, so write it outside of it`];
    return joined(before, after) ? [`${written} joins on to what is beside it; write a blank between them`] : [];
  }
  if (expression.reads.some(([root]) => FROM_OUTSIDE.includes(root ?? '')))
    return [
      `${written} would reach HiveQL as it is; write ${quoted(expression)}${place === 'code' ? '' : ', without the quotes around it'}`,
    ];
  const odd =
    filters.find((filter) => !PLAIN_FILTERS.includes(filter)) ??
    expression.literals.find((text) => !PLAIN_LITERAL.test(text));
  return odd === undefined
    ? []
    : [`${written} has ${JSON.stringify(odd)}, which may change the HiveQL around it; end it with "| hql"`];
}

const PLACES: Readonly<Record<Exclude<Place, 'code'>, string>> = {
  single: 'a quoted text',
  double: 'a quoted text',
  name: 'a quoted name',
  comment: 'a comment',
  block: 'a comment',
  unclear: 'or behind a /* comment */ with a quote or another comment in it',
};

function quoted({ written }: Expression): string {
  return written.replace(/\s*(-?)\}\}$/, ' | hql $1}}');
}

function joined(before: Part | undefined, after: Part | undefined): boolean {
  const [left, right] = [
    before?.kind === 'text' ? before.text.at(-1) : before,
    after?.kind === 'text' ? after.text[0] : after,
  ];
  // A minus before a negative number would begin a comment.
  return !beside(left, /^[\s(,=<>!+*/%|&[]$/) || !beside(right, /^[\s),;=<>!+*/%|&\]-]$/);
}

function beside(neighbour: string | Expression | undefined, allowed: RegExp): boolean {
  return neighbour === undefined || (typeof neighbour === 'string' && allowed.test(neighbour));
}

/**
 * Where a piece of HiveQL ends that begins there (HiveLexerParent.g: StringLiteral, QuotedIdentifier, LINE_COMMENT,
 * HIDDEN_HINT). Not every Hive knows block comments, so that one with a quote in it may begin a text or not.
 */
function placeAfter(begin: Place, text: string): Place {
  let place = begin;
  for (let at = 0; at < text.length; ) {
    const token = TOKENS[place].exec(text.slice(at));
    if (token === null) break;
    place = NEXT[place][token[0]] ?? place;
    at += token.index + token[0].length;
  }
  return place;
}

const TOKENS: Readonly<Record<Place, RegExp>> = {
  code: /--|\/\*|['"`]/,
  single: /\\[\s\S]|'/,
  double: /\\[\s\S]|"/,
  name: /`/,
  comment: /[\n\r]/,
  block: /\*\/|\/\*|['"`]/,
  unclear: /$^/,
};

const NEXT: Readonly<Record<Place, Readonly<Record<string, Place>>>> = {
  code: { "'": 'single', '"': 'double', '`': 'name', '--': 'comment', '/*': 'block' },
  single: { "'": 'code' },
  double: { '"': 'code' },
  name: { '`': 'code' },
  comment: { '\n': 'code', '\r': 'code' },
  block: { '*/': 'code', '/*': 'unclear', "'": 'unclear', '"': 'unclear', '`': 'unclear' },
  unclear: {},
};
