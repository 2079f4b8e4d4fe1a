import { afterEach, describe, expect, it } from '@jest/globals';
import type { FerryError } from '../../../errors/ferry-error.ts';
import type { Catalog } from '../../../hive/catalog.ts';
import types from '../../../hive/metastore/gen/hive-metastore_types.js';
import {
  createMetastoreCatalog,
  type MetastoreCatalogOptions,
  parseMetastoreUri,
} from '../../../hive/metastore/metastore-catalog.ts';
import { closedPort, type FakeServer, fakeMetastore, fakeServer } from './fake-server.ts';
import { answer, stringList } from './thrift-answer.ts';

const DEADLINES = { connectMs: 300, callMs: 300 };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function catalogAt(uri: string, over: Partial<MetastoreCatalogOptions> = {}): Catalog {
  const catalog = createMetastoreCatalog({ cluster: 'b', uri, deadlines: DEADLINES, ...over });
  open.push(catalog);
  return catalog;
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
describe('case 16: a metastore that gives no answer', () => {
  it('closed port: UNREACHABLE, with the address', async () => {
    const port = await closedPort();
    const error = await failure(catalogAt(`thrift://127.0.0.1:${port}`).database('x'));
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining(`127.0.0.1:${port}`) });
  });

  it('unknown host: UNREACHABLE', async () => {
    expect((await failure(catalogAt('thrift://no-such-host.invalid:9083').database('x'))).code).toBe('UNREACHABLE');
  });

  it('a black hole: DEADLINE, naming the call', async () => {
    const hole = await serving(fakeServer(() => {}));
    const error = await failure(catalogAt(hole.uri).database('x'));
    expect(error).toMatchObject({ code: 'DEADLINE', message: expect.stringContaining('get_database') });
  });

  it('a black hole at the login: DEADLINE, naming it', async () => {
    const hole = await serving(fakeServer(() => {}));
    const error = await failure(catalogAt(hole.uri, { user: 'ferry' }).database('x'));
    expect(error).toMatchObject({ code: 'DEADLINE', message: expect.stringContaining('set_ugi') });
  });

  it('closed at once: CONNECTION_LOST, with a hint at Kerberos and TLS', async () => {
    const server = await serving(fakeServer((socket) => socket.on('data', () => socket.end())));
    const error = await failure(catalogAt(server.uri).database('x'));
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', message: expect.stringContaining('Kerberos or TLS') });
  });

  it('a cut answer: CONNECTION_LOST', async () => {
    const bytes = answer('get_all_tables', 1, (output) => stringList(output, ['one', 'two', 'three']));
    const server = await serving(fakeServer((socket) => socket.on('data', () => socket.end(bytes.subarray(0, -9)))));
    expect((await failure(catalogAt(server.uri).tableNames('x'))).code).toBe('CONNECTION_LOST');
  });

  it('an answer cut where nobody hangs up: DEADLINE', async () => {
    const bytes = answer('get_all_tables', 1, (output) => stringList(output, ['one', 'two', 'three']));
    const server = await serving(fakeServer((socket) => socket.on('data', () => socket.write(bytes.subarray(0, -9)))));
    expect((await failure(catalogAt(server.uri).tableNames('x'))).code).toBe('DEADLINE');
  });

  it.each<[string, Buffer]>([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a TLS alert', Buffer.from([0x15, 3, 3, 0, 2, 2, 0x28, 0, 0, 0, 0, 0])],
    ['an answer to another method', answer('get_database_x', 1, () => {})],
    [
      'a string of 2 GB',
      Buffer.concat([answer('get_database', 1, () => {}).subarray(0, -1), Buffer.from('0b00007fffffff', 'hex')]),
    ],
    [
      'a list of negative size',
      Buffer.concat([answer('get_database', 1, () => {}).subarray(0, -1), Buffer.from('0f00000bffffffff', 'hex')]),
    ],
    [
      'a type that is none',
      Buffer.concat([answer('get_database', 1, () => {}).subarray(0, -1), Buffer.from('4d0000000000', 'hex')]),
    ],
    [
      'structs without end',
      Buffer.concat([
        answer('get_database', 1, () => {}).subarray(0, -1),
        Buffer.alloc(300, Buffer.from('0c0001', 'hex')),
      ]),
    ],
  ])('garbage (%s): BAD_ANSWER', async (_, bytes) => {
    const server = await serving(fakeServer((socket) => socket.on('data', () => socket.write(bytes))));
    expect((await failure(catalogAt(server.uri).database('x'))).code).toBe('BAD_ANSWER');
  });

  it('an answer over the cap: BAD_ANSWER', async () => {
    const server = await serving(
      fakeMetastore({ get_all_tables: async () => Array.from({ length: 5000 }, (_, i) => `table_${i}`) }),
    );
    expect(await catalogAt(server.uri, { maxAnswerBytes: 100_000 }).tableNames('x')).toHaveLength(5000);
    expect((await failure(catalogAt(server.uri, { maxAnswerBytes: 40_000 }).tableNames('x'))).code).toBe('BAD_ANSWER');
  });

  it('a server that goes away in mid-call: CONNECTION_LOST, and the next call has a new connection', async () => {
    let calls = 0;
    const server = await serving(
      fakeMetastore({
        get_all_tables: async () => {
          calls += 1;
          if (calls === 2) server.hangUp();
          return ['t'];
        },
      }),
    );
    const catalog = catalogAt(server.uri);
    expect(await catalog.tableNames('x')).toEqual(['t']);
    expect((await failure(catalog.tableNames('x'))).code).toBe('CONNECTION_LOST');
    expect(await catalog.tableNames('x')).toEqual(['t']);
    expect(server.taken()).toBe(2);
  });

  it('every pending call is rejected when the server goes away', async () => {
    const server = await serving(fakeServer((socket) => socket.on('data', () => {})));
    const catalog = catalogAt(server.uri, { deadlines: { connectMs: 300, callMs: 60_000 } });
    const calls = [catalog.database('x'), catalog.database('y'), catalog.tableNames('z')].map(failure);
    while (server.taken() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    server.hangUp();
    expect((await Promise.all(calls)).map((error) => error.code)).toEqual(Array(3).fill('CONNECTION_LOST'));
  });
});

describe('connections', () => {
  it('say who calls first, once each', async () => {
    const seen: string[] = [];
    const server = await serving(
      fakeMetastore({
        set_ugi: async (user: string) => [seen.push(`set_ugi ${user}`), user].map(String),
        get_all_tables: async (name: string) => [seen.push(`tables ${name}`), 't'].map(String),
      }),
    );
    const catalog = catalogAt(server.uri, { user: 'ferry' });
    await catalog.tableNames('One');
    await catalog.tableNames('two');
    expect(seen).toEqual(['set_ugi ferry', 'tables one', 'tables two']);
  });

  it('are tried in turn, from the last good address', async () => {
    const port = await closedPort();
    const server = await serving(fakeMetastore({ get_all_tables: async () => ['t'] }));
    const catalog = catalogAt(`thrift://127.0.0.1:${port}, ${server.uri}`);
    expect(await catalog.tableNames('x')).toEqual(['t']);
    server.hangUp();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await catalog.tableNames('x')).toEqual(['t']);
    const gone = catalogAt(`thrift://127.0.0.1:${port},thrift://127.0.0.1:${port}`);
    expect((await failure(gone.tableNames('x'))).message).toMatch(
      /no metastore answers: .*ECONNREFUSED.*; .*ECONNREFUSED/,
    );
  });

  it('are as many as allowed; a call that waits for one is not late for that', async () => {
    let [now, most] = [0, 0];
    const server = await serving(
      fakeMetastore({
        get_all_tables: async () => {
          now += 1;
          most = Math.max(most, now);
          await new Promise((resolve) => setTimeout(resolve, 100));
          now -= 1;
          return ['t'];
        },
      }),
    );
    const catalog = catalogAt(server.uri, { connections: 2, deadlines: { connectMs: 300, callMs: 250 } });
    await Promise.all(Array.from({ length: 12 }, () => catalog.tableNames('x')));
    expect(most).toBe(2);
    expect(server.taken()).toBe(2);
  });

  it('case 52: end with an aborted call, whose reason passes untouched; later calls go on', async () => {
    let first = true;
    const server = await serving(
      fakeMetastore({ get_all_tables: async () => (first ? new Promise(() => {}) : ['t']) }),
    );
    const catalog = catalogAt(server.uri, { connections: 1, deadlines: { connectMs: 300, callMs: 60_000 } });
    const abort = new AbortController();
    const call = catalog.tableNames('x', { signal: abort.signal });
    const waiting = catalog.tableNames('y', { signal: abort.signal });
    setTimeout(() => abort.abort('enough'), 50);
    await expect(waiting).rejects.toBe('enough');
    await expect(call).rejects.toBe('enough');
    first = false;
    expect(await catalog.tableNames('x')).toEqual(['t']);
  });

  it('are not opened any more after close', async () => {
    const server = await serving(fakeMetastore({ get_all_tables: async () => ['t'] }));
    const catalog = catalogAt(server.uri);
    await catalog.tableNames('x');
    await catalog.close();
    expect((await failure(catalog.tableNames('x'))).code).toBe('CONNECTION_LOST');
  });
});

describe('servers of other versions and sizes', () => {
  const table = (): unknown =>
    new types.Table({
      tableName: 't',
      dbName: 'd',
      owner: 'o',
      createTime: 5,
      lastAccessTime: 0,
      retention: 0,
      tableType: 'MANAGED_TABLE',
      sd: new types.StorageDescriptor({ cols: [], location: 'hdfs://b/t' } as never),
      partitionKeys: [{ name: 'n', type: 'int', comment: '' }],
      parameters: {},
      viewOriginalText: '',
      viewExpandedText: '',
      id: i64(9007199254740995n) as never,
    } as never);

  it('read a number beyond 2^53 whole', async () => {
    const server = await serving(
      fakeMetastore({ get_table_req: async () => new types.GetTableResult({ table: table() as never }) }),
    );
    expect((await catalogAt(server.uri).table({ database: 'd', table: 't' }))?.id).toBe('9007199254740995');
  });

  it('use get_table where get_table_req is not known', async () => {
    const server = await serving(fakeMetastore({ get_table: async () => table() }));
    const catalog = catalogAt(server.uri);
    expect((await catalog.table({ database: 'd', table: 't' }))?.name).toBe('t');
    expect((await catalog.table({ database: 'd', table: 't' }))?.createTime).toBe(5);
  });

  it('case 21: get smaller batches when they cannot take large ones', async () => {
    const sizes: number[] = [];
    const server = await serving(
      fakeMetastore({
        get_partitions_by_names: async (_d: string, _t: string, names: string[]) => {
          sizes.push(names.length);
          if (names.length > 300) throw new types.MetaException({ message: 'too many' });
          return names.map((name) => new types.Partition({ values: [name.slice(2)], sd: { location: name } } as never));
        },
      }),
    );
    const names = Array.from({ length: 1200 }, (_, i) => `n=${i}`);
    const found: string[] = [];
    for await (const batch of catalogAt(server.uri).partitions({ database: 'd', table: 't' }, names)) {
      found.push(...batch.map((one) => one.storage.location));
    }
    expect(found).toEqual(names);
    expect(sizes).toEqual([200, 1000, 500, 250, 250, 250, 250]);
  });

  it('get wide partitions in smaller batches, so that the event loop stays free', async () => {
    const sizes: number[] = [];
    const cols = Array.from({ length: 180 }, (_, i) => ({ name: `c${i}`, type: 'int', comment: '' }));
    const server = await serving(
      fakeMetastore({
        get_partitions_by_names: async (_d: string, _t: string, names: string[]) => {
          sizes.push(names.length);
          return names.map((name) => new types.Partition({ values: [name.slice(2)], sd: { cols } } as never));
        },
      }),
    );
    const names = Array.from({ length: 700 }, (_, i) => `n=${i}`);
    const catalog = catalogAt(server.uri, { deadlines: { connectMs: 300, callMs: 30_000 } });
    for await (const batch of catalog.partitions({ database: 'd', table: 't' }, names)) {
      expect(batch[0]?.storage.columns).toHaveLength(180);
    }
    expect(sizes).toEqual([200, 200, 200, 100]);
  });

  it('say in their own words what they refuse', async () => {
    const text = 'Permission denied: user=ferry, access=WRITE, inode="/warehouse":hive:hive:drwxr-xr-x';
    const server = await serving(
      fakeMetastore({
        get_config_value: async (_: string, standard: string) => standard,
        get_database: async () => {
          throw new types.NoSuchObjectException({ message: 'none' });
        },
        create_database: async () => {
          throw new types.MetaException({ message: text });
        },
      }),
    );
    const error = await failure(catalogAt(server.uri).apply({ kind: 'create-database', database: 'new' }));
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', message: expect.stringContaining(text) });
  });

  it.each(['http://x:9083', 'thrift://', 'x:9083', 'thrift://x:99999', 'thrift://x:9083/db', ''])(
    '%j is no URI',
    (uri) => {
      expect(() => parseMetastoreUri(uri)).toThrow('is not a metastore URI');
    },
  );

  it('are named by URIs with and without a port', () => {
    expect(parseMetastoreUri('thrift://a:1,thrift://b.c , thrift://[::1]:2')).toEqual([
      { host: 'a', port: 1 },
      { host: 'b.c', port: 9083 },
      { host: '::1', port: 2 },
    ]);
  });
});

function i64(value: bigint): { buffer: Buffer; offset: number } {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return { buffer, offset: 0 };
}
