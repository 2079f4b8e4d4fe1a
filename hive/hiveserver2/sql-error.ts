import type { Code } from '../../errors/codes.ts';
import { FerryError, isFerryError } from '../../errors/ferry-error.ts';

/** hive-driver's StatusError is no Error; its OperationStateError has the server's words in `response.errorMessage`. */
type Thrown = {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly response?: { readonly errorMessage?: string };
};

const NOT_REACHED: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
];

const BY_TEXT: readonly (readonly [RegExp, Code])[] = [
  [/Invalid (Session|Operation)Handle/i, 'CONNECTION_LOST'],
  [
    /permission denied|AccessControlException|HiveAccessControlException|not authorized|No privilege|does not have .*privilege/i,
    'PERMISSION_DENIED',
  ],
  [/(NS|DS)QuotaExceededException/, 'QUOTA_EXCEEDED'],
  [/SafeModeException/, 'SAFE_MODE'],
];

/** The FerryError of what the driver threw for a statement; FerryErrors pass as they are. */
export function sqlError(error: unknown, cluster: string, statement: string): unknown {
  if (isFerryError(error) || !isFromServer(error)) return error;
  const text = textOf(error);
  const code = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? 'SQL_FAILED';
  return new FerryError(code, `HiveServer2 of cluster ${cluster}: ${text}\nstatement: ${shortened(statement, 500)}`, {
    cause: error,
  });
}

/** The FerryError of what went wrong while a session was opened. */
export function openError(error: unknown, address: string): unknown {
  if (isFerryError(error)) return error;
  const { name, code } = error as Thrown;
  const text = textOf(error);
  if (NOT_REACHED.includes(code))
    return new FerryError('UNREACHABLE', `HiveServer2 at ${address}: ${text}`, { cause: error });
  if (/^Authentication error/.test(text)) {
    return new FerryError('AUTH_REQUIRED', `HiveServer2 at ${address} refused the login: ${text}`, { cause: error });
  }
  const refused =
    BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ??
    (/proxy/i.test(text) ? 'PERMISSION_DENIED' : 'SERVER_ERROR');
  const ours = name === 'Status Error' ? refused : 'CONNECTION_LOST';
  return new FerryError(ours, `HiveServer2 at ${address}: ${text}`, { cause: error });
}

function isFromServer(error: unknown): boolean {
  const { name, response } = (error ?? {}) as Thrown;
  return name === 'Status Error' || response !== undefined;
}

/** The server's words without the frames of its stack traces, which may be many pages. */
function textOf(error: unknown): string {
  const { message, code, response } = error as Thrown;
  const text =
    response?.errorMessage ?? (typeof message === 'string' && message !== '' ? message : String(code ?? error));
  return shortened(text.replace(/\n\s+at [^\n]*|\n\s*\.\.\. \d+ more/g, ''), 4_000);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)} ...` : text;
}
