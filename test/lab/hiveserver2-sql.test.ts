import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, type FerryError } from '../../errors/ferry-error.ts';
import { createHiveServer2, type HiveServer2Options } from '../../hive/hiveserver2/hiveserver2.ts';
import type { Row, Sql } from '../../hive/sql.ts';
import { ThriftFaultProxy } from '../../lab/thrift-fault-proxy.ts';
import { dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

const database = scratchName();
const open: { close(): unknown }[] = [];

function sqlAt(over: Partial<HiveServer2Options> = {}): Sql {
  const sql = createHiveServer2({
    cluster: 'b',
    ...labCluster('b').hiveserver2,
    auth: 'nosasl',
    user: 'hive',
    ...over,
  });
  open.push(sql);
  return sql;
}
async function rowsOf(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}
async function failure(call: Promise<unknown>): Promise<FerryError> {
  return (await call.then(
    () => new Error('was answered'),
    (thrown: unknown) => thrown,
  )) as FerryError;
}
/** Sleeps for a minute on the server, a row at a time, when it runs (the sum keeps it from being folded at compile time). */
const slowQuery = (table: string): string =>
  `SELECT count(*) FROM ${table} WHERE reflect('java.lang.Thread', 'sleep', bigint(60000 + id * 0)) IS NULL`;

beforeAll(async () => {
  const sql = sqlAt();
  await sql.execute(`CREATE DATABASE ${database}`);
  await sql.execute(`CREATE TABLE ${database}.t (id int, s string) STORED AS ORC`);
  await sql.execute(`INSERT INTO ${database}.t VALUES (1, 'a'), (2, 'b')`);
  await sql.close();
}, 120_000);
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => dropDatabases(labCluster('b').metastore, [database]), 60_000);

describe('SQL over a real HiveServer2', () => {
  it('hands out values of every type, no digit lost', async () => {
    const [row] = await rowsOf(
      sqlAt().query(`SELECT 1 AS Eins, cast(9007199254740993 AS bigint) big, cast(9007199254740993 AS string) text,
        cast(12345678901234567.89 AS decimal(30,2)) exact, cast(0.5 AS double) d, cast('2026-01-02' AS date) day, true yes,
        cast(NULL AS int) nothing, '' empty, array(1, 2) list, cast('2026-01-02 03:04:05' AS timestamp) ts`),
    );
    expect(row).toEqual({
      eins: 1,
      big: '9007199254740993',
      text: '9007199254740993',
      exact: '12345678901234567.89',
      d: 0.5,
      day: '2026-01-02',
      yes: true,
      nothing: null,
      empty: '',
      list: '[1,2]',
      ts: expect.stringMatching(/^2026-01-02 03:04:05/),
    });
  }, 60_000);

  it('goes by bare column names', async () => {
    const rows = await rowsOf(sqlAt().query(`SELECT x.ID, x.s FROM ${database}.t x ORDER BY x.id`));
    expect(rows).toEqual([
      { id: 1, s: 'a' },
      { id: 2, s: 'b' },
    ]);
  }, 60_000);

  it('case 17: hands out 25,000 rows in pages of 10,000', async () => {
    const pages: number[] = [];
    let last: Row | undefined;
    for await (const page of sqlAt().query("SELECT posexplode(split(space(24999), ' ')) AS (n, x)")) {
      pages.push(page.length);
      last = page.at(-1);
    }
    expect(pages).toEqual([10_000, 10_000, 5_000]);
    expect(last).toEqual({ n: 24_999, x: '' });
  }, 60_000);

  it('gives none for statements without rows', async () => {
    const sql = sqlAt();
    expect(await rowsOf(sql.query(`SELECT id FROM ${database}.t WHERE id > 100`))).toEqual([]);
    await sql.execute(`ALTER TABLE ${database}.t SET TBLPROPERTIES ('a'='b');`);
  }, 60_000);

  it('keeps its session from statement to statement', async () => {
    const sql = sqlAt();
    await sql.execute(`USE ${database}`);
    expect(await rowsOf(sql.query('SELECT count(*) AS n FROM t'))).toEqual([{ n: 2 }]);
  }, 60_000);

  it('takes two statements at once', async () => {
    const sql = sqlAt();
    const answers = await Promise.all([1, 2, 3].map((n) => rowsOf(sql.query(`SELECT ${n} AS n`))));
    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  }, 60_000);

  it('says why a statement does not compile', async () => {
    const error = await failure(sqlAt().execute('SELECT * FROM no_such_database.t'));
    expect(codeOf(error)).toBe('SQL_FAILED');
    expect(error.message).toMatch(/FAILED: SemanticException .*Table not found/);
    expect(error.message).toContain('statement: SELECT * FROM no_such_database.t');
  }, 60_000);

  it('says why a statement failed as it ran, without the frames of the stack', async () => {
    const sql = sqlAt();
    const error = await failure(
      rowsOf(sql.query(`SELECT count(*) FROM ${database}.t WHERE assert_true(id > 1) IS NULL`)),
    );
    expect(codeOf(error)).toBe('SQL_FAILED');
    expect(error.message).toContain('ASSERT_TRUE(): assertion failed');
    expect(error.message).not.toMatch(/\n\s+at /);
    expect(await rowsOf(sql.query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
  }, 60_000);

  it('case 52: cancels an aborted statement on the server, and goes on', async () => {
    const sql = sqlAt();
    const abort = new AbortController();
    const reason = new Error('enough');
    const insert = (milliseconds: number): string => `INSERT INTO ${database}.slow SELECT id FROM ${database}.t
      WHERE coalesce(reflect('java.lang.Thread', 'sleep', bigint(${milliseconds} + id * 0)), 'slept') <> ''`;
    const count = async (): Promise<unknown> =>
      (await rowsOf(sql.query(`SELECT count(*) AS n FROM ${database}.slow`)))[0]?.n;
    await sql.execute(`CREATE TABLE ${database}.slow (id int)`);
    await sql.execute(insert(1));
    expect(await count()).toBe(2);
    setTimeout(() => abort.abort(reason), 3_000);
    const started = Date.now();
    expect(await failure(sql.execute(insert(6_000), { signal: abort.signal }))).toBe(reason);
    expect(Date.now() - started).toBeLessThan(4_500);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    expect(await count()).toBe(2);
  }, 90_000);

  it('gives a statement up at its deadline, and goes on', async () => {
    const sql = sqlAt();
    const started = Date.now();
    const error = await failure(rowsOf(sql.query(slowQuery(`${database}.t`), { deadlineMs: 2_000 })));
    expect(codeOf(error)).toBe('DEADLINE');
    expect(Date.now() - started).toBeLessThan(4_000);
    expect(await rowsOf(sql.query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
  }, 90_000);

  it('gives up a statement that does not even compile in time', async () => {
    const sql = sqlAt();
    const folded = "SELECT reflect('java.lang.Thread', 'sleep', bigint(20000))";
    expect(codeOf(await failure(rowsOf(sql.query(folded, { deadlineMs: 1_000 }))))).toBe('DEADLINE');
    expect(await rowsOf(sql.query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
  }, 90_000);

  it('case 16: is told at once when the server closes in mid-call, and opens a new session', async () => {
    const between = await ThriftFaultProxy.start(labCluster('b').hiveserver2);
    open.push(between);
    const sql = sqlAt({ host: '127.0.0.1', port: between.port.port });
    expect(await rowsOf(sql.query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
    setTimeout(() => between.port.hangUp(), 1_500);
    const started = Date.now();
    expect(codeOf(await failure(sql.execute(slowQuery(`${database}.t`))))).toBe('CONNECTION_LOST');
    expect(Date.now() - started).toBeLessThan(3_000);
    between.port.hangUp();
    expect(await rowsOf(sql.query('SELECT 2 AS n'))).toEqual([{ n: 2 }]);
  }, 90_000);

  it('case 16: does not wait for ever where the authentication does not agree', async () => {
    const sql = sqlAt({ auth: 'plain', deadlines: { connectMs: 2_000 } });
    const error = await failure(sql.execute('SELECT 1'));
    expect(['DEADLINE', 'CONNECTION_LOST', 'AUTH_REQUIRED']).toContain(codeOf(error));
  }, 60_000);
});
