/** A value as HiveServer2 returns it; cast to string in the statement what may not fit (bigint beyond 2^53, decimal). */
export type SqlValue = string | number | boolean | null;
export type Row = Readonly<Record<string, SqlValue>>;

export type SqlCallOptions = { readonly signal?: AbortSignal; readonly deadlineMs?: number };

/**
 * The port to one HiveServer2. Every call has a deadline and rejects when the connection closes; the server's own error
 * text is in the message (SQL_FAILED). A session that the server no longer knows is opened again; the statement is
 * repeated only by query(), which must be free of effects.
 */
export interface Sql {
  readonly cluster: string;
  /** Rows in pages of at most 10,000, columns by their bare lower-case names. */
  query(statement: string, options?: SqlCallOptions): AsyncIterable<readonly Row[]>;
  execute(statement: string, options?: SqlCallOptions): Promise<void>;
  close(): Promise<void>;
}
