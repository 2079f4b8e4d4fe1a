import { afterEach, describe, expect, it } from '@jest/globals';
import { thrift } from 'hive-driver';
import type { FerryError } from '../../../errors/ferry-error.ts';
import { createHiveServer2, type HiveServer2Options } from '../../../hive/hiveserver2/hiveserver2.ts';
import type { Row, Sql } from '../../../hive/sql.ts';
import { closedPort, type FakeServer, fakeHiveServer2, fakePlainHiveServer2, fakeServer } from './fake-server.ts';

const { TStatusCode, TOperationState } = thrift.TCLIService_types;
const DEADLINES = { connectMs: 300, callMs: 300, statementMs: 1_000 };
const OK = { statusCode: TStatusCode.SUCCESS_STATUS };
const ID = { guid: Buffer.alloc(16, 1), secret: Buffer.alloc(16, 2) };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function sqlAt(port: number, over: Partial<HiveServer2Options> = {}): Sql {
  const sql = createHiveServer2({
    cluster: 'b',
    host: '127.0.0.1',
    port,
    auth: 'nosasl',
    deadlines: DEADLINES,
    ...over,
  });
  open.push(sql);
  return sql;
}
async function serving(server: Promise<FakeServer>): Promise<FakeServer> {
  const made = await server;
  open.push(made);
  return made;
}
async function failure(call: Promise<unknown>): Promise<FerryError> {
  const started = Date.now();
  const error = await call.then(
    () => new Error('was answered'),
    (thrown: unknown) => thrown,
  );
  expect(Date.now() - started).toBeLessThan(2_000);
  return error as FerryError;
}
async function rowsOf(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

type Answers = Readonly<Record<string, (request: never) => unknown>>;

/** A HiveServer2 that runs every statement; `over` replaces single answers. It keeps what was asked of it. */
async function hiveServer2(over: Answers = {}): Promise<FakeServer & { asked: string[] }> {
  const { handler, asked } = answering(over);
  return Object.assign(await serving(fakeHiveServer2(handler)), { asked });
}
function answering(over: Answers = {}): {
  handler: Record<string, (request: never) => Promise<unknown>>;
  asked: string[];
} {
  const asked: string[] = [];
  let page = 0;
  const answers: Record<string, (request: never) => unknown> = {
    OpenSession: () => ({ status: OK, serverProtocolVersion: 7, sessionHandle: { sessionId: ID } }),
    CloseSession: () => ({ status: OK }),
    ExecuteStatement: () => {
      page = 0;
      return { status: OK, operationHandle: { operationId: ID, operationType: 0, hasResultSet: true } };
    },
    GetOperationStatus: () => ({ status: OK, operationState: TOperationState.FINISHED_STATE, hasResultSet: true }),
    GetResultSetMetadata: () => ({
      status: OK,
      schema: { columns: [{ columnName: 'T.N', position: 1, typeDesc: { types: [{ primitiveEntry: { type: 3 } }] } }] },
    }),
    FetchResults: () => {
      page += 1;
      return { status: OK, hasMoreRows: false, results: rowSet(page <= 3 ? [page, 10 * page] : []) };
    },
    CancelOperation: () => ({ status: OK }),
    CloseOperation: () => ({ status: OK }),
    ...over,
  };
  const handler = Object.fromEntries(
    Object.entries(answers).map(([method, answer]) => [
      method,
      async (request: { statement?: string }) => {
        asked.push(request.statement === undefined ? method : `${method} ${request.statement}`);
        return answer(request as never);
      },
    ]),
  );
  return { handler, asked };
}
function rowSet(values: readonly number[]): unknown {
  return { startRowOffset: zero(), rows: [], columns: [{ i32Val: { values, nulls: Buffer.alloc(1) } }] };
}
function zero(): { buffer: Buffer } {
  return { buffer: Buffer.alloc(8) };
}

describe('case 16: a HiveServer2 that gives no answer', () => {
  it('closed port: UNREACHABLE', async () => {
    const port = await closedPort();
    expect(await failure(sqlAt(port).execute('SELECT 1'))).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining(String(port)),
    });
    expect((await failure(sqlAt(port, { auth: 'plain', user: 'x' }).execute('SELECT 1'))).code).toBe('UNREACHABLE');
  });

  it('unknown host: UNREACHABLE', async () => {
    expect((await failure(sqlAt(1, { host: 'no-such-host.invalid' }).execute('SELECT 1'))).code).toBe('UNREACHABLE');
  });

  it.each(['nosasl', 'plain'] as const)(
    'a black hole, %s: DEADLINE, with a hint at the authentication',
    async (auth) => {
      const hole = await serving(fakeServer(() => {}));
      expect(await failure(sqlAt(hole.port, { auth }).execute('SELECT 1'))).toMatchObject({
        code: 'DEADLINE',
        message: expect.stringContaining('hive.server2.authentication'),
      });
    },
  );

  it.each(['nosasl', 'plain'] as const)('closed at once, %s: CONNECTION_LOST', async (auth) => {
    const server = await serving(fakeServer((socket) => socket.on('data', () => socket.end())));
    expect((await failure(sqlAt(server.port, { auth }).execute('SELECT 1'))).code).toBe('CONNECTION_LOST');
  });

  it('gone in mid-statement: CONNECTION_LOST; the next statement has a new session', async () => {
    let first = true;
    const server = await hiveServer2({
      GetOperationStatus: () => {
        if (first) setImmediate(() => server.hangUp());
        const state = first ? TOperationState.RUNNING_STATE : TOperationState.FINISHED_STATE;
        return { status: OK, operationState: state, hasResultSet: true };
      },
    });
    const sql = sqlAt(server.port);
    expect((await failure(sql.execute('INSERT 1'))).code).toBe('CONNECTION_LOST');
    first = false;
    await sql.execute('INSERT 2');
    expect(server.taken()).toBe(2);
    expect(server.asked.filter((one) => one.startsWith('Execute'))).toEqual([
      'ExecuteStatement INSERT 1',
      'ExecuteStatement INSERT 2',
    ]);
  });

  it('silent in mid-statement: DEADLINE', async () => {
    const server = await hiveServer2({ GetOperationStatus: () => new Promise(() => {}) });
    expect((await failure(sqlAt(server.port).execute('SELECT 1'))).code).toBe('DEADLINE');
  });

  it('a statement that runs on: DEADLINE, and it is cancelled', async () => {
    const running = { status: OK, operationState: TOperationState.RUNNING_STATE, hasResultSet: true };
    const server = await hiveServer2({ GetOperationStatus: () => running });
    const sql = sqlAt(server.port);
    expect((await failure(sql.execute('SELECT 1', { deadlineMs: 200 }))).code).toBe('DEADLINE');
    await sql.close();
    expect(server.asked).toEqual(expect.arrayContaining(['CancelOperation', 'CloseOperation']));
  });
});

describe('a login by user and password', () => {
  const logins: string[] = [];
  const guarded = (): Promise<FakeServer> =>
    serving(fakePlainHiveServer2(answering().handler, (login) => logins.push(login) > 0 && login.endsWith('\0right')));

  it('sends what the password is when the session is opened', async () => {
    const server = await guarded();
    let password = 'wrong';
    const sql = sqlAt(server.port, { auth: 'plain', user: 'ferry', password: () => password });
    expect(await failure(sql.execute('SELECT 1'))).toMatchObject({
      code: 'AUTH_REQUIRED',
      message: expect.stringContaining('Error validating the login'),
    });
    password = 'right';
    expect(await rowsOf(sql.query('SELECT n FROM t'))).toHaveLength(6);
    expect(logins).toEqual(['ferry\0ferry\0wrong', 'ferry\0ferry\0right']);
  });
});

describe('case 18: a session that the server does not know', () => {
  const forgetful = (times: number): Promise<FakeServer & { asked: string[] }> => {
    let left = times;
    return hiveServer2({
      ExecuteStatement: () => {
        left -= 1;
        return left >= 0
          ? {
              status: {
                statusCode: TStatusCode.ERROR_STATUS,
                errorMessage: 'Invalid SessionHandle: SessionHandle [1]',
              },
            }
          : { status: OK, operationHandle: { operationId: ID, operationType: 0, hasResultSet: true } };
      },
    });
  };
  const opened = (asked: readonly string[]): number => asked.filter((one) => one === 'OpenSession').length;

  it('is opened again, and a query is repeated', async () => {
    const server = await forgetful(1);
    expect(await rowsOf(sqlAt(server.port).query('SELECT n FROM t'))).toHaveLength(6);
    expect(opened(server.asked)).toBe(2);
  });

  it('is opened again, but a statement with effects is not repeated', async () => {
    const server = await forgetful(1);
    const sql = sqlAt(server.port);
    expect((await failure(sql.execute('INSERT 1'))).code).toBe('CONNECTION_LOST');
    await sql.execute('INSERT 2');
    expect(server.asked.filter((one) => one.startsWith('Execute'))).toEqual([
      'ExecuteStatement INSERT 1',
      'ExecuteStatement INSERT 2',
    ]);
    expect(opened(server.asked)).toBe(2);
  });

  it('is not opened for ever', async () => {
    const server = await forgetful(9);
    expect((await failure(rowsOf(sqlAt(server.port).query('SELECT 1')))).code).toBe('CONNECTION_LOST');
    expect(opened(server.asked)).toBe(2);
  });

  it('is not asked again once rows were handed out', async () => {
    let page = 0;
    const server = await hiveServer2({
      FetchResults: () => {
        page += 1;
        return page === 1
          ? { status: OK, hasMoreRows: true, results: rowSet([1]) }
          : {
              status: {
                statusCode: TStatusCode.ERROR_STATUS,
                errorMessage: 'Invalid OperationHandle: OperationHandle [1]',
              },
            };
      },
    });
    expect((await failure(rowsOf(sqlAt(server.port).query('SELECT 1')))).code).toBe('CONNECTION_LOST');
    expect(opened(server.asked)).toBe(1);
  });
});

describe('statements', () => {
  it('case 17: are read until a page is empty, whatever hasMoreRows says', async () => {
    const server = await hiveServer2();
    expect(await rowsOf(sqlAt(server.port).query('SELECT n FROM t'))).toEqual(
      [1, 10, 2, 20, 3, 30].map((n) => ({ n })),
    );
  });

  it('run one at a time, in the order they came', async () => {
    const server = await hiveServer2();
    const sql = sqlAt(server.port);
    await Promise.all([rowsOf(sql.query('SELECT 1')), sql.execute('SET a=1;'), rowsOf(sql.query('SELECT 2'))]);
    await sql.close();
    const turns = server.asked.filter((one) => /^(Execute|CloseOperation)/.test(one));
    expect(turns).toEqual([
      'ExecuteStatement SELECT 1',
      'CloseOperation',
      'ExecuteStatement SET a=1',
      'CloseOperation',
      'ExecuteStatement SELECT 2',
      'CloseOperation',
    ]);
    expect(server.taken()).toBe(1);
  });

  it('give their turn on when they are left before their end', async () => {
    const server = await hiveServer2();
    const sql = sqlAt(server.port);
    for await (const page of sql.query('SELECT 1')) {
      expect(page).toEqual([{ n: 1 }, { n: 10 }]);
      break;
    }
    expect(await rowsOf(sql.query('SELECT 2'))).toHaveLength(6);
  });

  it('are refused in the words of the server, compiling and running', async () => {
    const compile = await hiveServer2({
      ExecuteStatement: () => ({
        status: { statusCode: TStatusCode.ERROR_STATUS, errorMessage: 'FAILED: SemanticException [Error 10001]' },
      }),
    });
    const run = await hiveServer2({
      GetOperationStatus: () => ({
        status: OK,
        operationState: TOperationState.ERROR_STATE,
        errorMessage: 'FAILED: Execution Error, return code 2\n\tat a.b.C(D.java:1)\nCaused by: x',
      }),
    });
    expect(await failure(sqlAt(compile.port).execute('SELEC'))).toMatchObject({
      code: 'SQL_FAILED',
      message: 'HiveServer2 of cluster b: FAILED: SemanticException [Error 10001]\nstatement: SELEC',
    });
    expect(await failure(sqlAt(run.port).execute('SELECT 1'))).toMatchObject({
      code: 'SQL_FAILED',
      message: 'HiveServer2 of cluster b: FAILED: Execution Error, return code 2\nCaused by: x\nstatement: SELECT 1',
    });
  });

  it('case 52: end with the reason of an abort, untouched, and are cancelled on the server', async () => {
    const running = { status: OK, operationState: TOperationState.RUNNING_STATE, hasResultSet: true };
    const server = await hiveServer2({ GetOperationStatus: () => running });
    const sql = sqlAt(server.port, { deadlines: { ...DEADLINES, statementMs: 60_000 } });
    const abort = new AbortController();
    const first = sql.execute('SELECT 1', { signal: abort.signal });
    const waiting = sql.execute('SELECT 2', { signal: abort.signal });
    setTimeout(() => abort.abort('enough'), 50);
    await expect(waiting).rejects.toBe('enough');
    await expect(first).rejects.toBe('enough');
    await sql.close();
    expect(server.asked).toEqual(expect.arrayContaining(['CancelOperation', 'CloseOperation']));
    expect(server.asked).not.toContain('ExecuteStatement SELECT 2');
  });

  it('are refused after close', async () => {
    const server = await hiveServer2();
    const sql = sqlAt(server.port);
    await sql.execute('SELECT 1');
    await sql.close();
    expect((await failure(sql.execute('SELECT 1'))).code).toBe('CONNECTION_LOST');
    expect(server.asked).toContain('CloseSession');
  });
});
