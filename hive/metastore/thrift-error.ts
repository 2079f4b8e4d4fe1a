import type { Code } from '../../errors/codes.ts';
import { FerryError, isFerryError } from '../../errors/ferry-error.ts';

/** What the metastore threw, by the names of its IDL; TApplicationException is Thrift's own, from before any handler ran. */
type Thrown = { readonly name?: unknown; readonly message?: unknown; readonly type?: unknown };

const UNKNOWN_METHOD = 1;

/** The metastore hands on what HDFS and the authorizer said as the text of a MetaException. */
const BY_TEXT: readonly (readonly [RegExp, Code])[] = [
  [
    /permission denied|AccessControlException|not authorized|does not have .*privilege|no privilege/i,
    'PERMISSION_DENIED',
  ],
  [/(NS|DS)QuotaExceededException|quota .* is exceeded/i, 'QUOTA_EXCEEDED'],
  [/SafeModeException|in safe mode/i, 'SAFE_MODE'],
  [/StandbyException|not supported in state standby/i, 'STANDBY'],
];

const BY_NAME: Readonly<Record<string, Code>> = {
  MetaException: 'SERVER_ERROR',
  AlreadyExistsException: 'CATALOG_REFUSED',
  InvalidObjectException: 'CATALOG_REFUSED',
  InvalidOperationException: 'CATALOG_REFUSED',
  NoSuchObjectException: 'CATALOG_CONFLICT',
  TApplicationException: 'SERVER_ERROR',
};

export function isNoSuchObject(error: unknown): boolean {
  return nameOf(error) === 'NoSuchObjectException';
}

export function isInvalidObject(error: unknown): boolean {
  return nameOf(error) === 'InvalidObjectException';
}

export function isAlreadyExists(error: unknown): boolean {
  return nameOf(error) === 'AlreadyExistsException';
}

/** True when the server is of a version that does not know the method. */
export function isUnknownMethod(error: unknown): boolean {
  return nameOf(error) === 'TApplicationException' && (error as Thrown).type === UNKNOWN_METHOD;
}

/**
 * The FerryError of what a metastore call threw; `doing` says what was asked ('create table db.t'). FerryErrors and what
 * is no answer of the server (an abort's reason) pass as they are.
 */
export function metastoreError(error: unknown, cluster: string, doing: string): unknown {
  const name = nameOf(error);
  const code = name === undefined ? undefined : BY_NAME[name];
  if (isFerryError(error) || name === undefined || code === undefined) return error;
  const text = String((error as Thrown).message ?? '');
  const byText = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  return new FerryError(byText ?? code, `${doing} on cluster ${cluster}: ${name}: ${text}`, { cause: error });
}

function nameOf(error: unknown): string | undefined {
  const name = typeof error === 'object' && error !== null ? (error as Thrown).name : undefined;
  return typeof name === 'string' ? name : undefined;
}
