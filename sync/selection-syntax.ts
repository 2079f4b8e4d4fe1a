import { type Grammar, grammar, type Node, type Semantics } from 'ohm-js';

/** A value: `text` without its quotes and escapes, `written` with them. `at`: its place in the predicate. */
export type Literal = {
  readonly kind: 'number' | 'text' | 'date' | 'timestamp' | 'boolean';
  readonly text: string;
  readonly written: string;
  readonly at: number;
};
export type ColumnUse = { readonly name: string; readonly at: number };
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A predicate as it is written: nothing of it is checked against a table. */
export type Syntax =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Syntax[] }
  | { readonly kind: 'not'; readonly of: Syntax }
  | { readonly kind: 'compare'; readonly column: ColumnUse; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'in'; readonly column: ColumnUse; readonly values: readonly Literal[] }
  | { readonly kind: 'between'; readonly column: ColumnUse; readonly low: Literal; readonly high: Literal }
  | { readonly kind: 'like'; readonly column: ColumnUse; readonly pattern: Literal }
  | { readonly kind: 'is-null'; readonly column: ColumnUse };

/** What is wrong with a predicate, and where it is. */
export type Mistake = { readonly at: number; readonly message: string };

/** Parentheses deeper than this are nobody's predicate; a parser that descends needs an end. */
const MOST_PARENTHESES = 100;

// HiveQL's rules (HiveLexer.g, IdentifiersParser.g) as far as they make predicates of one column and values.
const PREDICATES = String.raw`
  Predicates {
    Or = NonemptyListOf<And, or>
    And = NonemptyListOf<Not, and>
    Not = not* Condition
    Condition =
      | "(" Or ")"                              -- nested
      | column operator Value                   -- compare
      | Value operator column                   -- mirrored
      | column not? in "(" NonemptyListOf<Value, ","> ")"  -- in
      | column not? between Value and Value     -- between
      | column not? like text                   -- like
      | column is not? null                     -- null

    Value (a value) =
      | date text       -- date
      | timestamp text  -- timestamp
      | number
      | text
      | true
      | false

    operator (a comparison) = "==" | "=" | "!=" | "<>" | "<=" | "<" | ">=" | ">"
    column (a partition column) =
      | ~reserved ~((date | timestamp) space* quote) plainName  -- plain
      | "\u0060" ("\u0060\u0060" | ~"\u0060" any)+ "\u0060"         -- quoted
    plainName = (letter | "_") nameRest*
    nameRest = letter | digit | "_"

    number = ("+" | "-")? magnitude exponent? ~nameRest
    magnitude =
      | digit+ fraction?  -- whole
      | fraction
    fraction = "." digit+
    exponent = caseInsensitive<"e"> ("+" | "-")? digit+
    quote = "'" | "\""
    text (a quoted text) =
      | "'" (escape | ~"'" any)* "'" ~quote     -- single
      | "\"" (escape | ~"\"" any)* "\"" ~quote  -- double
    escape = "\\" any

    reserved = and | or | not | in | like | between | is | null | true | false
    and ("and") = caseInsensitive<"and"> ~nameRest
    or ("or") = caseInsensitive<"or"> ~nameRest
    not ("not") = caseInsensitive<"not"> ~nameRest
    in ("in") = caseInsensitive<"in"> ~nameRest
    like ("like") = caseInsensitive<"like"> ~nameRest
    between ("between") = caseInsensitive<"between"> ~nameRest
    is ("is") = caseInsensitive<"is"> ~nameRest
    null ("null") = caseInsensitive<"null"> ~nameRest
    true ("true") = caseInsensitive<"true"> ~nameRest
    false ("false") = caseInsensitive<"false"> ~nameRest
    date ("date") = caseInsensitive<"date"> ~nameRest
    timestamp ("timestamp") = caseInsensitive<"timestamp"> ~nameRest
  }
`;

const MIRRORED: Readonly<Record<Operator, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const at = (node: Node): number => node.source.startIdx;
const literal = (kind: Literal['kind'], text: string, node: Node): Literal => ({
  kind,
  text,
  written: node.sourceString,
  at: at(node),
});
const negated = (not: Node, of: Syntax): Syntax => (not.numChildren === 0 ? of : { kind: 'not', of });
const joined = (kind: 'and' | 'or', list: Node): Syntax => {
  const of: readonly Syntax[] = list.asIteration().children.map((child: Node) => child.syntax());
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind, of };
};

function readingOf(predicates: Grammar): Semantics {
  const reading = predicates.createSemantics();
  reading.addOperation<string>('unquoted()', {
    text_single: (_open, characters, _close) => unescapeText(characters.sourceString),
    text_double: (_open, characters, _close) => unescapeText(characters.sourceString),
  });
  reading.addOperation<ColumnUse>('columnUse()', {
    column_plain(name) {
      return { name: name.sourceString.toLowerCase(), at: at(this) };
    },
    column_quoted(_open, name, _close) {
      return { name: name.sourceString.replaceAll('``', '`').toLowerCase(), at: at(this) };
    },
  });
  reading.addOperation<Literal>('literal()', {
    Value_date(_word, text) {
      return literal('date', text.unquoted(), this);
    },
    Value_timestamp(_word, text) {
      return literal('timestamp', text.unquoted(), this);
    },
    number(_sign, _magnitude, _exponent) {
      return literal('number', this.sourceString, this);
    },
    text(quoted) {
      return literal('text', quoted.unquoted(), this);
    },
    true: (word) => literal('boolean', 'true', word),
    false: (word) => literal('boolean', 'false', word),
  });
  reading.addOperation<Syntax>('syntax()', {
    Or: (list) => joined('or', list),
    And: (list) => joined('and', list),
    Not: (nots, condition) =>
      nots.numChildren % 2 === 0 ? condition.syntax() : { kind: 'not', of: condition.syntax() },
    Condition_nested: (_open, predicate, _close) => predicate.syntax(),
    Condition_compare: (column, operator, value) => ({
      kind: 'compare',
      column: column.columnUse(),
      operator: operatorOf(operator),
      value: value.literal(),
    }),
    Condition_mirrored: (value, operator, column) => ({
      kind: 'compare',
      column: column.columnUse(),
      operator: MIRRORED[operatorOf(operator)],
      value: value.literal(),
    }),
    Condition_in: (column, not, _in, _open, values, _close) =>
      negated(not, {
        kind: 'in',
        column: column.columnUse(),
        values: values.asIteration().children.map((value: Node) => value.literal()),
      }),
    Condition_between: (column, not, _between, low, _and, high) =>
      negated(not, { kind: 'between', column: column.columnUse(), low: low.literal(), high: high.literal() }),
    Condition_like: (column, not, _like, pattern) =>
      negated(not, { kind: 'like', column: column.columnUse(), pattern: pattern.literal() }),
    Condition_null: (column, _is, not, _null) => negated(not, { kind: 'is-null', column: column.columnUse() }),
  });
  return reading;
}

type Language = { readonly predicates: Grammar; readonly reading: Semantics };
let language: Language | undefined;

/** Made when the first predicate is read; every process would start a fifth slower for it. */
function languageOf(): Language {
  if (language === undefined) {
    const predicates = grammar(PREDICATES);
    language = { predicates, reading: readingOf(predicates) };
  }
  return language;
}

/** Reads a predicate; a Mistake says where it is none. */
export function readPredicate(text: string): Syntax | Mistake {
  const deep = tooDeep(text);
  if (deep !== undefined) return deep;
  const { predicates, reading } = languageOf();
  const match = predicates.match(text);
  if (!match.failed()) return reading(match).syntax();
  const at = match.getRightmostFailurePosition();
  return { at, message: mistakeIn(text.slice(at), match.getExpectedText()) };
}

export function isMistake(read: Syntax | Mistake): read is Mistake {
  return 'message' in read;
}

/** BaseSemanticAnalyzer.unescapeSQLString: '\%' and '\_' stay as they are, for LIKE. */
export function unescapeText(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[01][0-7]{2}|[\s\S])/g, (_, code: string) => {
    if (/^u./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\u0000',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001A',
  '%': '\\%',
  _: '\\_',
};

/** Whether a column's name can stand without backticks; HiveQL keeps `date` and `timestamp` for itself, too. */
export function isBareName(name: string): boolean {
  if (!/^[a-z_]\w*$/.test(name) || /^(date|timestamp)$/.test(name)) return false;
  return languageOf().predicates.match(name, 'column').succeeded();
}

function operatorOf(node: Node): Operator {
  const written = node.sourceString;
  if (written === '==') return '=';
  return (written === '<>' ? '!=' : written) as Operator;
}

function tooDeep(text: string): Mistake | undefined {
  let depth = 0;
  for (const token of text.matchAll(/'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|`[^`]*`|[()]/g)) {
    if (token[0] === '(') depth += 1;
    if (token[0] === ')') depth -= 1;
    if (depth > MOST_PARENTHESES) {
      return { at: token.index, message: `more than ${MOST_PARENTHESES} parentheses are open` };
    }
  }
  return undefined;
}

function mistakeIn(rest: string, expected: string): string {
  const quoted = /^'[^'\\]*(?:\\[\s\S][^'\\]*)*(')?|^"[^"\\]*(?:\\[\s\S][^"\\]*)*(")?|^`[^`]*(`)?/.exec(rest);
  if (quoted !== null) {
    const closing = quoted[1] ?? quoted[2] ?? quoted[3];
    if (closing === undefined) return `the ${rest.charAt(0)} is never closed`;
    // HiveQL joins 'it''s' to its; SQL reads it as it's.
    if (/^['"]/.test(rest.slice(quoted[0].length))) return `write \\${closing} for a quote within a text`;
  }
  if (/^null\b/i.test(rest) && /\ba value\b/.test(expected))
    return 'nothing equals null; use "is null" or "is not null"';
  if (rest.startsWith(')') && expected.includes('end of input')) return 'there is no "(" to this ")"';
  return rest.trim() === '' ? `it ends where ${expected} is expected` : `${expected} is expected here`;
}
