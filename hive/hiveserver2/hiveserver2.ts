import { setTimeout as sleep } from 'node:timers/promises';
import { thrift } from 'hive-driver';
import { codeOf, FerryError } from '../../errors/ferry-error.ts';
import type { Row, Sql, SqlCallOptions } from '../sql.ts';
import { type ConnectionOptions, HiveConnection, type HiveOperation, pastDeadline } from './connection.ts';
import { type ThriftRowSet, type ThriftSchema, toRows } from './rows.ts';
import { sqlError } from './sql-error.ts';

export type HiveServer2Options = Omit<ConnectionOptions, 'connectMs'> & {
  readonly cluster: string;
  readonly deadlines?: {
    /** Connection, login and session together; 30 s unless given. */
    readonly connectMs?: number;
    /** One answer while a statement runs or is read; 60 s unless given. */
    readonly callMs?: number;
    /** A statement from its start until it has run; 1 h unless given. SqlCallOptions.deadlineMs goes before it. */
    readonly statementMs?: number;
    /** A session that was unused for so long is asked whether it still lives before a statement; 30 s unless given. */
    readonly probeAfterMs?: number;
  };
};

const PAGE_ROWS = 10_000;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 1_000;
/** For calls that any living server answers at once; where one takes longer, the session goes, and what runs in it with it. */
const TIDY_MS = 5_000;

const { TOperationState, TGetInfoType } = thrift.TCLIService_types;

/**
 * SQL over a HiveServer2 (npm hive-driver). One session, opened with the first statement; statements run one at a time,
 * in the order they came, so that a query must be read to its end, or left, before the next statement begins. An abort
 * or a passed deadline cancels the statement on the server.
 */
export function createHiveServer2(options: HiveServer2Options): Sql {
  return new HiveServer2(options);
}

class HiveServer2 implements Sql {
  readonly cluster: string;
  readonly #options: HiveServer2Options;
  readonly #connectMs: number;
  readonly #callMs: number;
  readonly #statementMs: number;
  readonly #probeAfterMs: number;
  /** When the last statement ended, milliseconds since the epoch. */
  #usedAt = 0;
  #connection: HiveConnection | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** Ends when what the last statement left on the server is cleared away. */
  #tidied: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: HiveServer2Options) {
    this.cluster = options.cluster;
    this.#options = options;
    this.#connectMs = options.deadlines?.connectMs ?? 30_000;
    this.#callMs = options.deadlines?.callMs ?? 60_000;
    this.#statementMs = options.deadlines?.statementMs ?? 3_600_000;
    this.#probeAfterMs = options.deadlines?.probeAfterMs ?? 30_000;
  }

  async *query(statement: string, options: SqlCallOptions = {}): AsyncGenerator<readonly Row[]> {
    let yielded = false;
    for (let again = true; ; again = false) {
      try {
        for await (const page of this.#run(statement, options)) {
          yielded = true;
          yield page;
        }
        return;
      } catch (error) {
        if (!again || yielded || codeOf(error) !== 'CONNECTION_LOST' || this.#closed) throw error;
      }
    }
  }

  async execute(statement: string, options: SqlCallOptions = {}): Promise<void> {
    for await (const _ of this.#run(statement, options)) {
      // A statement's own result, as SHOW has one, is read over.
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#tidied;
    await this.#connection?.close(Math.min(TIDY_MS, this.#callMs));
  }

  /** Runs a statement when its turn has come, and yields its pages. */
  async *#run(statement: string, options: SqlCallOptions): AsyncGenerator<readonly Row[]> {
    const { signal } = options;
    const free = await this.#takeTurn(signal);
    let tidied: Promise<void> | undefined;
    try {
      const connection = await this.#connect(signal);
      const until = Date.now() + (options.deadlineMs ?? this.#statementMs);
      const operation = await this.#start(connection, statement, until, signal);
      let done = false;
      try {
        await this.#finish(connection, operation, until, signal);
        yield* this.#pages(connection, operation, signal);
        done = true;
      } finally {
        tidied = this.#tidy(connection, operation, done);
        this.#tidied = tidied;
      }
    } catch (error) {
      const mapped = sqlError(error, this.cluster, statement);
      // The session is not known any more: nothing can be asked of it.
      if (codeOf(mapped) === 'CONNECTION_LOST') this.#connection?.kill(mapped);
      throw mapped;
    } finally {
      this.#usedAt = Date.now();
      if (tidied === undefined) free();
      else void tidied.finally(free);
    }
  }

  /** HiveServer2 answers only when the statement is compiled; there is nothing to cancel before, but the session. */
  async #start(
    connection: HiveConnection,
    statement: string,
    until: number,
    signal: AbortSignal | undefined,
  ): Promise<HiveOperation> {
    const text = statement.trim().replace(/;+$/, '');
    const run = (): Promise<HiveOperation> => connection.session.executeStatement(text, { runAsync: true });
    try {
      return await connection.call('executeStatement', run, { callMs: this.#statementMs, until, signal });
    } catch (error) {
      if (signal?.aborted || codeOf(error) === 'DEADLINE') connection.kill(error);
      throw error;
    }
  }

  async #finish(
    connection: HiveConnection,
    operation: HiveOperation,
    until: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const limits = { callMs: this.#callMs, until, signal };
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(1.5 * wait, LONGEST_WAIT_MS)) {
      const status = await connection.call('getOperationStatus', () => operation.status(false), limits);
      switch (status.operationState) {
        case TOperationState.FINISHED_STATE:
          return;
        case TOperationState.INITIALIZED_STATE:
        case TOperationState.PENDING_STATE:
        case TOperationState.RUNNING_STATE:
          break;
        case TOperationState.CANCELED_STATE:
          throw new FerryError(
            'SQL_FAILED',
            `HiveServer2 of cluster ${this.cluster}: the statement was cancelled on the server`,
          );
        default:
          throw Object.assign(new Error(`the statement ended in state ${status.operationState}`), { response: status });
      }
      if (Date.now() >= until) throw pastDeadline(`${this.#options.host}:${this.#options.port}`);
      await sleep(Math.max(1, Math.min(wait, until - Date.now())), undefined, { signal }).catch((error) => {
        signal?.throwIfAborted();
        throw error;
      });
    }
  }

  /** Until a page is empty: some servers always say that there are no more rows, some always that there are. */
  async *#pages(
    connection: HiveConnection,
    operation: HiveOperation,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly Row[]> {
    operation.setMaxRows(PAGE_ROWS);
    const limits = { callMs: this.#callMs, signal };
    for (;;) {
      await connection.call('fetchResults', () => operation.fetch(), limits);
      const rows = toRows(operation.getSchema() as ThriftSchema | null, operation.getData() as ThriftRowSet[]);
      operation.flush();
      if (rows.length === 0) return;
      yield rows;
    }
  }

  /** Leaves nothing behind on the server; where it does not answer, the connection is of no use any more. */
  async #tidy(connection: HiveConnection, operation: HiveOperation, done: boolean): Promise<void> {
    if (connection.ended) return;
    const limits = { callMs: Math.min(TIDY_MS, this.#callMs) };
    try {
      if (!done) await connection.call('cancelOperation', () => operation.cancel(), limits);
      await connection.call('closeOperation', () => operation.close(), limits);
    } catch (error) {
      if (!done) connection.kill(error);
    }
  }

  async #connect(signal: AbortSignal | undefined): Promise<HiveConnection> {
    if (this.#closed)
      throw new FerryError('CONNECTION_LOST', `the HiveServer2 client of cluster ${this.cluster} was closed`);
    if (this.#connection !== undefined) await this.#probe(this.#connection, signal);
    if (this.#connection === undefined || this.#connection.ended) {
      this.#connection = await HiveConnection.open({ ...this.#options, connectMs: this.#connectMs }, signal);
    }
    return this.#connection;
  }

  /**
   * Ends a connection that lost its session or its way while it was idle (a firewall forgets one in silence, a server
   * puts an old session away). Sent a statement instead, it would be waited for as long as a statement may take.
   */
  async #probe(connection: HiveConnection, signal: AbortSignal | undefined): Promise<void> {
    if (connection.ended || Date.now() - this.#usedAt < this.#probeAfterMs) return;
    const limits = { callMs: Math.min(TIDY_MS, this.#callMs), signal };
    try {
      await connection.call('getInfo', () => connection.session.getInfo(TGetInfoType.CLI_SERVER_NAME), limits);
    } catch (error) {
      signal?.throwIfAborted();
      connection.kill(error);
    }
  }

  /** Waits for the statements before; the answer gives the turn on. */
  async #takeTurn(signal: AbortSignal | undefined): Promise<() => void> {
    signal?.throwIfAborted();
    const before = this.#turn;
    let free = (): void => {};
    const mine = new Promise<void>((resolve) => {
      free = resolve;
    });
    this.#turn = before.then(() => mine);
    if (signal === undefined) {
      await before;
      return free;
    }
    let stop = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      await Promise.race([before, aborted]);
      return free;
    } catch (error) {
      free();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
