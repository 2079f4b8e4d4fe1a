import { CODES, type Code } from './codes.ts';

const BRAND = Symbol.for('hive-ferry.error');

/** Values that may stand in an error's details: small, plain, free of secrets. */
export type Details = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * The one error of hive-ferry. `code` decides what may be done about it (errors/codes.ts); `message` names what, where
 * and the server's own words; secrets are taken out of both message and details when it is made.
 */
export class FerryError extends Error {
  readonly [BRAND] = true;
  override readonly name = 'FerryError';
  readonly code: Code;
  readonly details: Details;

  constructor(code: Code, message: string, options: { cause?: unknown; details?: Details } = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = redactDetails(options.details ?? {});
  }

  get hint(): string {
    return CODES[this.code].hint;
  }
}

/** True for a FerryError of this or of another copy of the package (a brand, not instanceof). */
export function isFerryError(error: unknown): error is FerryError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

/** The code of an error; anything that is not ours is INTERNAL. */
export function codeOf(error: unknown): Code {
  return isFerryError(error) ? error.code : 'INTERNAL';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const SECRET_PARAMETER = /\b(delegation|token|password|passwd|secret|apikey|api_key)=[^&\s"']+/gi;
const SECRET_USERINFO = /\b(\w+:\/\/)[^/\s:@]+:[^/\s@]+@/g;

/** Takes delegation tokens, passwords and URL credentials out of a text. */
export function redact(text: string): string {
  return text.replace(SECRET_PARAMETER, '$1=***').replace(SECRET_USERINFO, '$1***@');
}

function redactDetails(details: Details): Details {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      if (typeof value === 'string') return [name, redact(value)];
      return [name, Array.isArray(value) ? value.map((each) => redact(each)) : value];
    }),
  );
}
