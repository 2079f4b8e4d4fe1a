/**
 * Hive's column types as texts: read in the form of DDL ("ARRAY < Struct<a : INT> >") or of the catalog, written in the
 * catalog's. Which there are, and their limits, as Hive 4.0.1 takes them in CREATE TABLE.
 */
export type HiveType = {
  readonly kind: 'primitive' | 'array' | 'map' | 'struct' | 'uniontype';
  /** As the catalog writes it: lower case but for the fields of a struct, no blanks, synonyms replaced, all digits given. */
  readonly text: string;
  /** The types it is made of: of elements, of key and value, of fields. */
  readonly of: readonly HiveType[];
  /** The names of a struct's fields. */
  readonly fields?: readonly string[];
};

/** Why a text is no type. `unknown`: the word that should have been the name of one. */
export type TypeMistake = { readonly mistake: string; readonly unknown?: string };

const SIMPLE: Readonly<Record<string, string>> = {
  tinyint: 'tinyint',
  smallint: 'smallint',
  int: 'int',
  integer: 'int',
  bigint: 'bigint',
  float: 'float',
  double: 'double',
  boolean: 'boolean',
  string: 'string',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestamplocaltz: 'timestamp with local time zone',
};
const DECIMAL = ['decimal', 'numeric', 'dec'];
const LONGEST: Readonly<Record<string, number>> = { char: 255, varchar: 65_535 };
const DEEPEST = 50;

/** The words that a type may begin with. */
export const TYPE_NAMES: readonly string[] = [
  ...Object.keys(SIMPLE),
  ...DECIMAL,
  ...Object.keys(LONGEST),
  'array',
  'map',
  'struct',
  'uniontype',
];

export function readType(text: string): HiveType | TypeMistake {
  const tokens = tokensOf(text);
  try {
    const type = takeType(tokens, 0);
    const more = tokens.peek();
    return more === '' ? type : { mistake: `nothing can follow ${type.text}, but ${more} does` };
  } catch (error) {
    if (error instanceof NoType) return error.why;
    throw error;
  }
}

class NoType extends Error {
  readonly why: TypeMistake;
  constructor(mistake: string, unknown?: string) {
    super(mistake);
    this.why = unknown === undefined ? { mistake } : { mistake, unknown };
  }
}

/** Words (a struct's field may stand in backticks) and signs, one after the other; '' is the end. */
type Tokens = { peek(): string; take(): string };

function tokensOf(text: string): Tokens {
  const list = text.match(/`[^`]*`?|[\p{L}\p{N}_.$]+|\S/gu) ?? [];
  let next = 0;
  return {
    peek: () => list[next] ?? '',
    take() {
      next += 1;
      return list[next - 1] ?? '';
    },
  };
}

function takeType(tokens: Tokens, depth: number): HiveType {
  if (depth > DEEPEST) throw new NoType(`types are nested more than ${DEEPEST} deep`);
  const word = tokens.take();
  const name = word.toLowerCase();
  const inner = () => takeType(tokens, depth + 1);
  if (name === 'array') return bracketed(tokens, name, () => [inner()]);
  if (name === 'map') return bracketed(tokens, name, () => [mapKey(inner()), afterComma(tokens, name, inner)]);
  if (name === 'uniontype') return bracketed(tokens, name, () => commaList(tokens, inner));
  if (name === 'struct') return takeStruct(tokens, inner);
  if (DECIMAL.includes(name)) return primitive(takeDecimal(tokens));
  const longest = Object.hasOwn(LONGEST, name) ? LONGEST[name] : undefined;
  if (longest !== undefined) return primitive(takeLength(tokens, name, longest));
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (simple === undefined)
    throw word === '' ? new NoType('a type is missing') : new NoType(`${word} is unknown`, word);
  return primitive(takeWords(tokens, simple));
}

/** 'double precision' and 'timestamp with local time zone' go on. */
function takeWords(tokens: Tokens, simple: string): string {
  const next = tokens.peek().toLowerCase();
  if (simple === 'double' && next === 'precision') tokens.take();
  if (simple !== 'timestamp' || next !== 'with') return simple;
  for (const word of ['with', 'local', 'time', 'zone']) {
    if (tokens.take().toLowerCase() !== word) throw new NoType('it is written "timestamp with local time zone"');
  }
  return 'timestamp with local time zone';
}

function takeDecimal(tokens: Tokens): string {
  if (tokens.peek() !== '(') return 'decimal(10,0)';
  tokens.take();
  const precision = takeNumber(tokens, 'decimal(10,2)');
  const comma = tokens.peek() === ',' && tokens.take();
  const scale = comma ? takeNumber(tokens, 'decimal(10,2)') : 0;
  expectSign(tokens, ')', 'decimal(10,2)');
  if (precision < 1 || precision > 38) throw new NoType(`a decimal has 1 to 38 digits, not ${precision}`);
  if (scale > precision) throw new NoType(`a decimal of ${precision} digits cannot have ${scale} behind the point`);
  return `decimal(${precision},${scale})`;
}

function takeLength(tokens: Tokens, name: string, longest: number): string {
  expectSign(tokens, '(', `${name}(10)`);
  const length = takeNumber(tokens, `${name}(10)`);
  expectSign(tokens, ')', `${name}(10)`);
  if (length < 1 || length > longest) throw new NoType(`a ${name} has 1 to ${longest} characters, not ${length}`);
  return `${name}(${length})`;
}

function takeNumber(tokens: Tokens, example: string): number {
  const digits = tokens.take();
  if (!/^\d{1,9}$/.test(digits)) throw new NoType(`it is written like ${example}`);
  return Number(digits);
}

function takeStruct(tokens: Tokens, inner: () => HiveType): HiveType {
  const fields: string[] = [];
  const type = bracketed(tokens, 'struct', () =>
    commaList(tokens, () => {
      fields.push(takeField(tokens, fields));
      expectSign(tokens, ':', 'struct<a:int,b:string>');
      return inner();
    }),
  );
  const text = `struct<${fields.map((field, place) => `${field}:${type.of[place]?.text}`).join(',')}>`;
  return { ...type, text, fields };
}

/** A name that Hive can read back from the catalog, where it stands without backticks (TypeInfoUtils.isTypeChar). */
function takeField(tokens: Tokens, before: readonly string[]): string {
  let written = tokens.take();
  // The catalog writes a name with blanks as it is.
  while (/^[\p{L}\p{N}_.$]/u.test(tokens.peek())) written += ` ${tokens.take()}`;
  const name = written.replaceAll('`', '');
  if (!/^[\p{L}\p{N}_.$]([\p{L}\p{N}_.$ ]*[\p{L}\p{N}_.$])?$/u.test(name)) {
    throw new NoType(
      `a field of a struct needs a name of letters, digits and _${written === '' ? '' : `, not ${written}`}`,
    );
  }
  if (before.some((other) => other.toLowerCase() === name.toLowerCase())) {
    throw new NoType(`the struct has the field ${name} twice`);
  }
  return name;
}

function bracketed(
  tokens: Tokens,
  kind: Exclude<HiveType['kind'], 'primitive'>,
  content: () => readonly HiveType[],
): HiveType {
  expectSign(tokens, '<', EXAMPLES[kind]);
  const of = content();
  expectSign(tokens, '>', EXAMPLES[kind]);
  return { kind, text: `${kind}<${of.map(({ text }) => text).join(',')}>`, of };
}

const EXAMPLES = {
  array: 'array<int>',
  map: 'map<string,int>',
  struct: 'struct<a:int,b:string>',
  uniontype: 'uniontype<int,string>',
} as const;

function commaList<T>(tokens: Tokens, item: () => T): readonly T[] {
  const items = [item()];
  while (tokens.peek() === ',') {
    tokens.take();
    items.push(item());
  }
  return items;
}

function afterComma(tokens: Tokens, kind: 'map', item: () => HiveType): HiveType {
  expectSign(tokens, ',', EXAMPLES[kind]);
  return item();
}

function mapKey(type: HiveType): HiveType {
  if (type.kind !== 'primitive') throw new NoType(`the key of a map is a primitive type, not ${type.text}`);
  return type;
}

function expectSign(tokens: Tokens, sign: string, example: string): void {
  const found = tokens.take();
  if (found === sign) return;
  throw new NoType(`${sign} is expected ${found === '' ? 'at the end' : `where ${found} stands`}, as in ${example}`);
}

function primitive(text: string): HiveType {
  return { kind: 'primitive', text, of: [] };
}
