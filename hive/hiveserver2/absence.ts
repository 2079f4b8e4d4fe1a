import { codeOf, isFerryError } from '../../errors/ferry-error.ts';

/** Codes of org.apache.hadoop.hive.ql.ErrorMsg, which are the same in every version since Hive 0.7. */
const INVALID_TABLE = 10_001;
const INVALID_PARTITION = 10_006;
const DATABASE_NOT_EXISTS = 10_072;
const TABLE_NOT_PARTITIONED = 10_241;

/** The server's own proof that there is no such table, or not even its database. */
export function provesNoTable(error: unknown): boolean {
  return isOneOf(error, [INVALID_TABLE, DATABASE_NOT_EXISTS]);
}

export function provesNoDatabase(error: unknown): boolean {
  return isOneOf(error, [DATABASE_NOT_EXISTS]);
}

export function provesNoPartition(error: unknown): boolean {
  return isOneOf(error, [INVALID_PARTITION]);
}

export function provesUnpartitioned(error: unknown): boolean {
  return isOneOf(error, [TABLE_NOT_PARTITIONED]);
}

/** By the number that came with the error; where none came, by the one in its text. */
function isOneOf(error: unknown, codes: readonly number[]): boolean {
  if (!isFerryError(error) || codeOf(error) !== 'SQL_FAILED') return false;
  const { code, response } = (error.cause ?? {}) as { code?: unknown; response?: { errorCode?: unknown } };
  const number = typeof code === 'number' && code > 0 ? code : response?.errorCode;
  if (typeof number === 'number' && codes.includes(number)) return true;
  const named = /\[Error (\d+)\]|return code (\d+) from/.exec(error.message.split('\nstatement: ')[0] ?? '');
  return named !== null && codes.includes(Number(named[1] ?? named[2]));
}
