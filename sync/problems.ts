import { closest, distance } from 'fastest-levenshtein';
import type { Code } from '../errors/codes.ts';
import { FerryError, redact } from '../errors/ferry-error.ts';

/** One thing wrong with an input: where, and what it is with the way out. `code` when it is more than a wrong field. */
export type Problem = { readonly path: string; readonly message: string; readonly code?: Code };

/** What zod hands to an error map: the part that explain() reads. `schema` is the one whose rule was broken. */
type RawIssue = {
  readonly code?: string;
  readonly input?: unknown;
  readonly path?: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly inst?: unknown;
  readonly schema?: unknown;
};

/** What zod returns after the error map has spoken. */
type Issue = {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly issues?: readonly Issue[];
};

const SECRET_KEY = /passw|secret|token|api_?key|credential/i;

/**
 * The error map of every schema of an input. Each schema is described by a noun phrase (`.describe('a size such as ...')`),
 * and every broken rule of it reads "<value> is not <noun>", so that the message always names the value and the way out.
 */
export function explain(issue: RawIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const known = shapeKeys(issue.inst);
    return (issue.keys ?? []).map((key) => `is not a known key${wayOut(key, known)}`).join('\n');
  }
  const noun = nounOf(issue);
  if (issue.input === undefined) return `is missing; give ${noun}`;
  const guess =
    typeof issue.input === 'string' && issue.values !== undefined
      ? didYouMean(issue.input, issue.values.map(String))
      : '';
  const secret = (issue.path ?? []).some((segment) => SECRET_KEY.test(String(segment)));
  return `${secret ? 'the value (not shown)' : shown(issue.input)} is not ${noun}${guess}`;
}

/** zod's issues, one problem a field; an object with two unknown keys gives two. */
export function problemsOf(issues: readonly Issue[]): readonly Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const keys = (issue as Issue & { readonly keys: readonly string[] }).keys;
      return issue.message
        .split('\n')
        .map((message, index) => ({ path: dotted([...issue.path, keys[index] ?? '']), message }));
    }
    const message = issue.code === 'invalid_key' ? (issue.issues?.[0]?.message ?? issue.message) : issue.message;
    return [{ path: dotted(issue.path), message }];
  });
}

/** One error that lists every problem, in its message and, line by line, in details.problems. */
export function problemsError(code: Code, what: string, problems: readonly Problem[]): FerryError {
  const lines = problems.map((problem) =>
    redact(problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`),
  );
  const head =
    lines.length === 1
      ? `${what}: ${lines[0]}`
      : [`${what}, ${lines.length} problems:`, ...lines.map((line) => `  - ${line}`)].join('\n');
  return new FerryError(code, head, { details: { problems: lines } });
}

/** '; did you mean "x"?' when one of the known words is close enough to be meant, else ''. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0 || word === '') return '';
  const best = closest(
    word.toLowerCase(),
    known.map((each) => each.toLowerCase()),
  );
  const original = known.find((each) => each.toLowerCase() === best);
  // Two letters swapped are a distance of 2; in a word of three that would be another word.
  const [shortest, longest] = [Math.min(word.length, best.length), Math.max(word.length, best.length)];
  const far = longest <= 3 ? 1 : Math.max(2, Math.floor(longest / 3));
  const apart = distance(word.toLowerCase(), best);
  return original !== undefined && apart <= far && apart < shortest
    ? `; did you mean ${JSON.stringify(original)}?`
    : '';
}

/** A value as a message shows it: short, on one line. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'bigint' || typeof value === 'function'
      ? `a ${typeof value}`
      : (JSON.stringify(value) ?? String(value));
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function wayOut(key: string, known: readonly string[]): string {
  const guess = didYouMean(key, known);
  return guess !== ''
    ? guess
    : known.length === 0
      ? '; leave it out'
      : `; leave it out, or use one of ${known.join(', ')}`;
}

function nounOf(issue: RawIssue): string {
  const description = descriptionOf(issue.schema) ?? descriptionOf(issue.inst);
  if (issue.values !== undefined) return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  return description ?? 'a value of the right kind';
}

function descriptionOf(schema: unknown): string | undefined {
  const description = (schema as { readonly description?: unknown } | undefined)?.description;
  return typeof description === 'string' ? description : undefined;
}

function shapeKeys(schema: unknown): readonly string[] {
  return Object.keys((schema as { readonly shape?: object } | undefined)?.shape ?? {});
}

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    const key = String(segment);
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
