import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHiveServer2, type HiveServer2Options } from '../../hive/hiveserver2/hiveserver2.ts';
import type { Row, Sql } from '../../hive/sql.ts';
import {
  blackHole,
  cutAnswerAfter,
  hangUp,
  loseAnswer,
  reroute,
  type ThriftFault,
  ThriftFaultProxy,
} from '../../lab/thrift-fault-proxy.ts';
import { dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const database = scratchName();
const behind = labCluster('b');

let proxy: ThriftFaultProxy;
/** The same server, asked directly: what is true whatever the faults. */
let truth: Sql;
const opened: Sql[] = [];

beforeAll(async () => {
  proxy = await ThriftFaultProxy.start(behind.hiveserver2);
  truth = createHiveServer2({ cluster: 'b', ...behind.hiveserver2, auth: 'nosasl', user: 'hive' });
  await truth.execute(`CREATE DATABASE ${database}`);
});
afterEach(async () => {
  proxy.reset();
  for (const one of opened.splice(0)) await one.close();
});
afterAll(async () => {
  await truth.close();
  await proxy.close();
  await dropDatabases(behind.metastore, [database]);
});

function connect(deadlines: HiveServer2Options['deadlines'] = {}): Sql {
  const { port } = proxy.port;
  const sql = createHiveServer2({ cluster: 'b', host: '127.0.0.1', port, auth: 'nosasl', user: 'hive', deadlines });
  opened.push(sql);
  return sql;
}

async function rowsOf(sql: Sql, statement: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of sql.query(statement)) rows.push(...page);
  return rows;
}

const ONE = 'SELECT 1 AS n';
const sessions = () => proxy.calls.filter((method) => method === 'OpenSession').length;
const started = () => proxy.calls.filter((method) => method === 'ExecuteStatement').length;

describe('case 16: a HiveServer2 that goes away or falls silent', () => {
  it.each(['OpenSession', 'ExecuteStatement', 'GetOperationStatus', 'FetchResults'])(
    'silent at %s: DEADLINE, and the next statement has a session of its own',
    async (method) => {
      const silent = proxy.inject({ method }, blackHole);
      const sql = connect({ connectMs: 5_000, callMs: 5_000 });
      const reading = async () => {
        for await (const _ of sql.query(ONE, { deadlineMs: 5_000 }));
      };
      await expect(reading()).rejects.toMatchObject({ code: 'DEADLINE' });
      expect(silent.fired).toBe(1);
      expect(await rowsOf(sql, ONE)).toEqual([{ n: 1 }]);
      expect(sessions()).toBe(2);
    },
  );

  it.each<[string, ThriftFault]>([
    ['gone before the call', hangUp],
    ['gone before the answer', loseAnswer],
    ['gone in the answer', cutAnswerAfter(12)],
  ])('%s: a statement with effects is CONNECTION_LOST at once, and is not repeated', async (_, fault) => {
    const gone = proxy.inject({ method: 'ExecuteStatement' }, fault);
    const sql = connect();
    await expect(sql.execute(ONE)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect([gone.fired, started()]).toEqual([1, 1]);
    expect(await rowsOf(sql, ONE)).toEqual([{ n: 1 }]);
    expect(sessions()).toBe(2);
  });

  it.each(['ExecuteStatement', 'GetOperationStatus', 'FetchResults'])(
    'gone at %s before a row was read: a query is repeated, once',
    async (method) => {
      proxy.inject({ method }, hangUp);
      expect(await rowsOf(connect(), ONE)).toEqual([{ n: 1 }]);
      expect([sessions(), started()]).toEqual([2, 2]);
      proxy.reset();
      proxy.inject({ method, ...ALWAYS }, hangUp);
      await expect(rowsOf(connect(), ONE)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      expect(started()).toBe(2);
    },
  );

  it('gone after the first page: an error, never fewer rows or some of them twice', async () => {
    proxy.inject({ method: 'FetchResults', nth: 2 }, hangUp);
    let read = 0;
    const reading = async () => {
      for await (const page of connect().query("SELECT posexplode(split(space(24999), ' ')) AS (n, x)"))
        read += page.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect([read, started()]).toEqual([10_000, 1]);
  });

  it('refuses connections: UNREACHABLE until it is back', async () => {
    await proxy.port.refuse();
    const sql = connect();
    const failed = await sql.execute(ONE).catch((error: unknown) => error);
    await proxy.port.open();
    expect(failed).toMatchObject({ code: 'UNREACHABLE' });
    expect(await rowsOf(sql, ONE)).toEqual([{ n: 1 }]);
  });

  it('a session that died in silence while it was idle is found out before the next statement is sent', async () => {
    const sql = connect({ callMs: 2_000, probeAfterMs: 50 });
    await sql.execute(ONE);
    await sleep(100);
    const silent = proxy.inject({ method: 'GetInfo' }, blackHole);
    await sql.execute(`CREATE TABLE ${database}.after_silence (id int)`);
    expect([silent.fired, sessions(), started()]).toEqual([1, 2, 2]);
    expect(await rowsOf(truth, `SHOW TABLES IN ${database} LIKE 'after_silence'`)).toHaveLength(1);
  });
});

describe('case 18: a session that the server does not know, as behind a load balancer', () => {
  it('is opened again, and a query is repeated', async () => {
    const sql = connect();
    await sql.execute(ONE);
    const moved = proxy.inject({ method: 'ExecuteStatement' }, reroute);
    expect(await rowsOf(sql, ONE)).toEqual([{ n: 1 }]);
    expect([moved.fired, sessions()]).toEqual([1, 2]);
  });

  it('is opened again, but a statement with effects is left to the caller', async () => {
    const sql = connect();
    await sql.execute(ONE);
    proxy.inject({ method: 'ExecuteStatement' }, reroute);
    await expect(sql.execute(ONE)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('Invalid SessionHandle'),
    });
    await sql.execute(ONE);
    expect([sessions(), started()]).toEqual([2, 3]);
  });

  it('found out before it is used where it was idle: then no statement fails', async () => {
    const sql = connect({ probeAfterMs: 50 });
    await sql.execute(ONE);
    await sleep(100);
    const moved = proxy.inject({ method: 'GetInfo' }, reroute);
    await sql.execute(ONE);
    expect([moved.fired, sessions(), started()]).toEqual([1, 2, 2]);
  });
});

describe('case 48: a statement whose end is not heard of', () => {
  it.each<[string, string, object]>([
    ['CREATE', 'CREATE TABLE IF NOT EXISTS %t (id int)', {}],
    ['ALTER', "ALTER TABLE %t SET TBLPROPERTIES ('mark'='set')", { mark: 'set' }],
    ['ANALYZE', 'ANALYZE TABLE %t COMPUTE STATISTICS', { numRows: '1' }],
  ])('%s: CONNECTION_LOST although it ran; asked again it is right', async (what, statement, properties) => {
    const table = `${database}.for_${what.toLowerCase()}`;
    if (what !== 'CREATE') await truth.execute(`CREATE TABLE ${table} (id int)`);
    if (what === 'ANALYZE') {
      await truth.execute(`INSERT INTO ${table} VALUES (1)`);
      await truth.execute(`ALTER TABLE ${table} UPDATE STATISTICS SET ('numRows'='-1')`);
    }
    const now = async () =>
      Object.fromEntries(
        (await rowsOf(truth, `SHOW TBLPROPERTIES ${table}`)).map((row) => [row.prpt_name, row.prpt_value]),
      );
    // Asked only once the statement has surely run.
    const lost = proxy.inject({ method: 'GetOperationStatus' }, async (exchange) => {
      await sleep(5_000);
      await loseAnswer(exchange);
    });
    const sql = connect();
    await expect(sql.execute(statement.replace('%t', table))).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect([lost.fired, started()]).toEqual([1, 1]);
    expect(await now()).toMatchObject(properties);
    await sql.execute(statement.replace('%t', table));
    expect(await now()).toMatchObject(properties);
  });
});
