import type { IncomingHttpHeaders } from 'node:http';
import type { Code } from '../../errors/codes.ts';
import { FerryError, isFerryError } from '../../errors/ferry-error.ts';

/** One whole HTTP answer. */
export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

type RemoteException = { readonly exception: string; readonly text: string };

/** Exception classes (without package) that mean one thing wherever they come from. Everything else is SERVER_ERROR. */
const CODE_OF_EXCEPTION: Readonly<Record<string, Code>> = {
  FileNotFoundException: 'PATH_ABSENT',
  FileAlreadyExistsException: 'PATH_EXISTS',
  // A writer that died still holds the lease of the file at this path: the path is taken.
  AlreadyBeingCreatedException: 'PATH_EXISTS',
  ParentNotDirectoryException: 'NOT_A_FOLDER',
  PathIsNotDirectoryException: 'NOT_A_FOLDER',
  AccessControlException: 'PERMISSION_DENIED',
  SnapshotAccessControlException: 'PERMISSION_DENIED',
  SnapshotException: 'PERMISSION_DENIED',
  AuthorizationException: 'PERMISSION_DENIED',
  SecurityException: 'PERMISSION_DENIED',
  AuthenticationException: 'AUTH_REQUIRED',
  InvalidToken: 'AUTH_REQUIRED',
  StandbyException: 'STANDBY',
  ObserverRetryOnActiveException: 'STANDBY',
  SafeModeException: 'SAFE_MODE',
  QuotaExceededException: 'QUOTA_EXCEEDED',
  NSQuotaExceededException: 'QUOTA_EXCEEDED',
  DSQuotaExceededException: 'QUOTA_EXCEEDED',
  QuotaByStorageTypeExceededException: 'QUOTA_EXCEEDED',
};

/** The namenode did nothing and says that another one, or the same one later, will. */
const ELSEWHERE = new Set(['StandbyException', 'ObserverRetryOnActiveException', 'RetriableException']);

/**
 * What an answer that is not the hoped-for one means; `what` names the call for the message: 'MKDIRS /a on b'. The
 * details hold the server's exception class and its own text, for the operations that tell refusals apart by it.
 */
export function refusalOf(answer: Answer, what: string): FerryError {
  const { status, headers } = answer;
  if (status === 401) return authRequired(headers['www-authenticate'], what);
  const remote = remoteExceptionOf(answer.body);
  if (remote === undefined) return withoutException(answer, what);
  const { exception, text } = remote;
  return new FerryError(codeOfException(remote), `${what}: ${exception}: ${text}`, {
    details: { exception, text: text.slice(0, 1000), status, elsewhere: ELSEWHERE.has(exception) },
  });
}

/** True when the server said that it did nothing and another namenode, or this one later, is to be asked. */
export function isElsewhere(error: FerryError): boolean {
  return error.details.elsewhere === true;
}

/** True when the server refused with a text of this form; never to be asked of the message, which holds paths of the caller's. */
export function isSaid(error: unknown, form: RegExp): error is FerryError {
  return isFerryError(error) && typeof error.details.text === 'string' && form.test(error.details.text);
}

/** The JSON of a successful answer; BAD_ANSWER when it is none (a proxy's page, a port that is not WebHDFS). */
export function jsonOf(answer: Answer, what: string): Readonly<Record<string, unknown>> {
  const json = parse(answer.body);
  if (json === undefined) throw badAnswer(answer, what);
  return json;
}

export function badAnswer(answer: Answer, what: string): FerryError {
  const { status, headers, body } = answer;
  const type = headers['content-type'] ?? 'no content type';
  return new FerryError('BAD_ANSWER', `${what}: HTTP ${status}, ${type}: ${excerpt(body)}`, { details: { status } });
}

function codeOfException({ exception, text }: RemoteException): Code {
  // HDFS's own words (FSPermissionChecker.checkIsDirectory) for a path that leads through a file, also from operations
  // that cannot throw ParentNotDirectoryException. A refusal for want of rights ends with the inode's mode instead.
  if (exception === 'AccessControlException' && /\(is not a directory\)$/.test(text)) return 'NOT_A_FOLDER';
  if (/\bInvalidToken\b|Client cannot authenticate via/.test(text)) return 'AUTH_REQUIRED';
  // Both come when a file was deleted under its writer; the class differs between Hadoop 2 and 3.
  if (exception === 'LeaseExpiredException' && /File does not exist/.test(text)) return 'PATH_ABSENT';
  // BlockManager.chooseTarget4NewBlock: datanodes are alive, and none has room for the block. Of none alive it says 0.
  if (/^File .* could only be .* There are [1-9]\d* datanode\(s\) running/.test(text)) return 'NO_SPACE';
  if (exception === 'RetriableException' && /safe ?mode/i.test(text)) return 'SAFE_MODE';
  return CODE_OF_EXCEPTION[exception] ?? 'SERVER_ERROR';
}

function withoutException(answer: Answer, what: string): FerryError {
  const { status, body } = answer;
  if (status !== 429 && status < 500) return badAnswer(answer, what);
  return new FerryError('SERVER_ERROR', `${what}: HTTP ${status}: ${excerpt(body)}`, { details: { status } });
}

function authRequired(header: string | undefined, what: string): FerryError {
  const scheme = header?.split(/[\s,]/)[0] ?? 'none named';
  return new FerryError('AUTH_REQUIRED', `${what}: HTTP 401, the server asks for authentication by: ${scheme}`, {
    details: { status: 401, scheme },
  });
}

function remoteExceptionOf(body: string): RemoteException | undefined {
  const remote = parse(body)?.RemoteException;
  if (typeof remote !== 'object' || remote === null || !('exception' in remote)) return undefined;
  const message = 'message' in remote && typeof remote.message === 'string' ? remote.message : '';
  // Some come with the namenode's stack trace behind the text.
  const [said = ''] = message.split(/\n\s*at /);
  return { exception: String(remote.exception), text: said.trim().replace(/\s*\n\s*/g, ' ') };
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The readable start of a body that is not JSON, an HTML page without its tags. */
function excerpt(body: string): string {
  const text = body
    .slice(0, 4096)
    .replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gis, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? 'an empty body' : text.slice(0, 200);
}
