import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FileSystem } from '../../../storage/file-system.ts';
import { SlowBody } from '../../contract/slow-body.ts';
import { answer, FakeCluster, failure, refuse } from './fake-cluster.ts';
import { closedUrl, type FakeWebServer, type Play, received, remoteException } from './fake-web-server.ts';

/** Refuses a file and closes with bytes unread, for which the kernel resets the connection; so does a datanode. */
const RESETTING_DATANODE = `
  const { parentPort } = require('node:worker_threads');
  const body = '{"RemoteException":{"exception":"DSQuotaExceededException","message":"full"}}';
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.pause();
      socket.write('HTTP/1.1 100 Continue\\r\\n\\r\\n');
      setTimeout(() => {
        socket.write('HTTP/1.1 403 Forbidden\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body);
        socket.destroySoon();
      }, 50);
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

const cluster = new FakeCluster();
const rejections: unknown[] = [];
const remember = (reason: unknown) => void rejections.push(reason);

beforeEach(() => void process.on('unhandledRejection', remember));
afterEach(async () => {
  await cluster.stop();
  await sleep(1);
  process.off('unhandledRejection', remember);
  expect(rejections.splice(0)).toEqual([]);
});

function connect(namenode: FakeWebServer, ready = 5_000): FileSystem {
  return cluster.connect([namenode.url], { deadlines: { ready } });
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1024);
}

function fixed(text: string): SlowBody {
  const source = new SlowBody();
  source.push(text);
  source.end();
  return source;
}

describe('writing', () => {
  const created: Play = async ({ request }, response) => {
    await received(request);
    response.writeHead(201).end();
  };

  it('sends every byte, and keeps the redirect as it came', async () => {
    let body = '';
    const datanode = await cluster.serve(async ({ request }, response) => {
      body = await received(request);
      response.writeHead(201).end();
    });
    const namenode = await cluster.namenodeOf(datanode.url);
    await connect(namenode).create('/a%b c/f', async function* () {
      yield Buffer.from('ab');
      yield Buffer.from('');
      yield Buffer.from('c');
    });
    expect(body).toBe('abc');
    const [asked] = namenode.seen;
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      op: 'CREATE',
      overwrite: 'false',
      createparent: 'false',
      'user.name': 'u',
    });
    const [put] = datanode.seen;
    expect(put?.path).toBe('/webhdfs/v1/a%25b%20c/f');
    expect(put?.query.get('namenoderpcaddress')).toBe('nn:8020');
    expect(put?.request.headers).toMatchObject({ 'content-type': 'application/octet-stream', expect: '100-continue' });
  });

  it.each([200, 204, 400, 403, 409, 429, 502, 503])('case 1: HTTP %i is no success, only 201 is', async (status) => {
    const datanode = await cluster.serve(async ({ request }, response) => {
      await received(request);
      response.writeHead(status, { 'content-type': 'text/html' }).end(status === 204 ? undefined : '<p>no</p>');
    });
    const { code, message } = await failure(
      connect(await cluster.namenodeOf(datanode.url)).create('/f', fixed('x').body),
    );
    expect(code).toBe(status === 429 || status >= 500 ? 'SERVER_ERROR' : 'BAD_ANSWER');
    expect(message).toContain(`CREATE /f on c: HTTP ${status}`);
    expect(datanode.seen).toHaveLength(1);
  });

  it.each([
    ['some are alive: no room', answer({ FsStatus: { used: 9, remaining: 1, capacity: 10 } }), 'NO_SPACE'],
    ['none is alive: an outage', answer({ FsStatus: { used: 9, remaining: 0, capacity: 0 } }), 'SERVER_ERROR'],
    [
      'a namenode before Hadoop 3.4 does not say',
      refuse(
        400,
        'IllegalArgumentException',
        'No enum constant org.apache.hadoop.hdfs.web.resources.GetOpParam.Op.GETSTATUS',
      ),
      'NO_SPACE',
    ],
  ] as const)('case 29: no datanode takes the file, and %s', async (_, status, code) => {
    const none = refuse(
      403,
      'IOException',
      'Failed to find datanode, suggest to check cluster health. excludeDatanodes=null',
    );
    const namenode = await cluster.serve((seen, response) =>
      (seen.query.get('op') === 'GETSTATUS' ? status : none)(seen, response),
    );
    expect((await failure(connect(namenode).create('/f', fixed('x').body))).code).toBe(code);
  });

  it('case 1: a refusal that comes while bytes are flowing ends the flow', async () => {
    const datanode = await cluster.serve((_, response) =>
      remoteException(response, 403, 'DSQuotaExceededException', 'full'),
    );
    const call = connect(await cluster.namenodeOf(datanode.url)).create('/f', endless);
    expect(await failure(call)).toEqual({
      code: 'QUOTA_EXCEEDED',
      message: 'CREATE /f on c: DSQuotaExceededException: full',
    });
  });

  it('case 1: a refusal is read although the connection was reset while more bytes were on their way', async () => {
    // In a thread of its own, so that answer and reset are both there before this thread looks again.
    const datanode = new Worker(RESETTING_DATANODE, { eval: true });
    cluster.alsoEnds(async () => void (await datanode.terminate()));
    const [port] = await once(datanode, 'message');
    const call = connect(await cluster.namenodeOf(`http://127.0.0.1:${port}`)).create('/f', async function* () {
      yield Buffer.alloc(64 * 1024);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      yield* endless();
    });
    expect(await failure(call)).toEqual({
      code: 'QUOTA_EXCEEDED',
      message: 'CREATE /f on c: DSQuotaExceededException: full',
    });
  });

  it('case 2: settles once, with an error, when the datanode cannot be reached', async () => {
    const body = fixed('x');
    const { code } = await failure(connect(await cluster.namenodeOf(await closedUrl())).create('/f', body.body));
    expect([code, body.asked]).toEqual(['UNREACHABLE', 0]);
  });

  it('case 10: another datanode is asked for when the first cannot be reached, and the body is asked for once', async () => {
    const [dead, datanode] = [await closedUrl(), await cluster.serve(created)];
    const namenode = await cluster.namenodeOf(dead, datanode.url);
    const body = fixed('x');
    await connect(namenode).create('/f', body.body);
    expect(body.asked).toBe(1);
    expect(namenode.seen.map(({ query }) => query.get('excludedatanodes'))).toEqual([null, new URL(dead).host]);
  });

  it('case 3: asks for its body only when the datanode says that it is ready', async () => {
    const body = fixed('x');
    let ready = () => {};
    const datanode = await cluster.serve(
      async ({ request }, response) => {
        await new Promise<void>((resolve) => {
          ready = resolve;
        });
        response.writeContinue();
        await received(request);
        response.writeHead(201).end();
      },
      { continues: false },
    );
    const call = connect(await cluster.namenodeOf(datanode.url)).create('/f', body.body);
    while (datanode.seen.length === 0) await sleep(2);
    await sleep(20);
    expect(body.asked).toBe(0);
    ready();
    await call;
    expect(body.asked).toBe(1);
  });

  it('case 3: a refusal before that leaves the body alone', async () => {
    const body = fixed('x');
    const refuse: Play = (_, response) => remoteException(response, 404, 'FileNotFoundException', 'Parent directory');
    const datanode = await cluster.serve(refuse, { continues: false });
    expect((await failure(connect(await cluster.namenodeOf(datanode.url)).create('/f', body.body))).code).toBe(
      'PATH_ABSENT',
    );
    expect(body.asked).toBe(0);
  });

  it('a gateway that never says so gets the bytes all the same', async () => {
    let body = '';
    const datanode = await cluster.serve(
      async ({ request }, response) => {
        body = await received(request);
        response.writeHead(201).end();
      },
      { continues: false },
    );
    await connect(await cluster.namenodeOf(datanode.url), 20).create('/f', fixed('abc').body);
    expect(body).toBe('abc');
  });

  it('case 4: a PUT that is never answered is a DEADLINE', async () => {
    const datanode = await cluster.serve(({ request }) => void request.resume());
    const { code, message } = await failure(
      connect(await cluster.namenodeOf(datanode.url)).create('/f', fixed('x').body),
    );
    expect(code).toBe('DEADLINE');
    expect(message).toBe(`CREATE /f on c: ${datanode.host} did not answer within ${cluster.idle / 1000} s`);
  });

  it('case 4: a datanode that stops taking bytes is a DEADLINE, and the source is held back', async () => {
    let bytes = 0;
    const datanode = await cluster.serve(({ request }) => void request.pause());
    const call = connect(await cluster.namenodeOf(datanode.url)).create('/f', async function* () {
      for await (const chunk of endless()) {
        bytes += chunk.length;
        yield chunk;
      }
    });
    expect((await failure(call)).message).toContain('did not take the next bytes');
    // What the two kernels buffer on the loopback, and little more.
    expect(bytes).toBeLessThan(32 * 1024 * 1024);
  });

  it('a slow source is not the datanode’s fault', async () => {
    const datanode = await cluster.serve(created);
    await connect(await cluster.namenodeOf(datanode.url)).create('/f', async function* () {
      for (let i = 0; i < 3; i += 1) {
        await sleep(cluster.idle);
        yield Buffer.from('x');
      }
    });
  });

  it('case 5: a connection that drops is CONNECTION_LOST, and the file is sent once', async () => {
    const datanode = await cluster.serve(({ request }, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 1024 * 1024) response.socket?.destroy();
      });
    });
    expect((await failure(connect(await cluster.namenodeOf(datanode.url)).create('/f', endless))).code).toBe(
      'CONNECTION_LOST',
    );
    expect(datanode.seen).toHaveLength(1);
  });

  it('case 5: a redirect, and then a connection that closes at once, is CONNECTION_LOST', async () => {
    const datanode = await cluster.serve((_, response) => void response.socket?.destroy(), { continues: false });
    const body = fixed('x');
    expect((await failure(connect(await cluster.namenodeOf(datanode.url)).create('/f', body.body))).code).toBe(
      'CONNECTION_LOST',
    );
    expect(body.asked).toBe(0);
  });

  it('an early 201 is no success', async () => {
    const datanode = await cluster.serve((_, response) => void response.writeHead(201).end());
    expect((await failure(connect(await cluster.namenodeOf(datanode.url)).create('/f', endless))).code).toBe(
      'BAD_ANSWER',
    );
  });

  it('case 12: a gateway that takes an empty file for the whole one is found out', async () => {
    const gateway = await cluster.serve((_, response) => void response.writeHead(201).end());
    const body = fixed('x');
    expect((await failure(connect(gateway).create('/f', body.body))).code).toBe('BAD_ANSWER');
    expect(body.asked).toBe(0);
  });

  it('the error of the body passes as it is, and the connection is cut', async () => {
    let whole: boolean | undefined;
    const datanode = await cluster.serve(
      ({ request }) => void request.on('close', () => (whole = request.complete)).resume(),
    );
    const source = new SlowBody();
    const error = new Error('the source broke');
    const call = connect(await cluster.namenodeOf(datanode.url)).create('/f', source.body);
    source.push('abc');
    source.fail(error);
    await expect(call).rejects.toBe(error);
    while (whole === undefined) await sleep(2);
    expect(whole).toBe(false);
  });

  it('case 52: an abort rejects with its reason while the source is stuck, and ends the source', async () => {
    const abort = new AbortController();
    const datanode = await cluster.serve(
      ({ request }) => void request.once('data', () => abort.abort('stop')).resume(),
    );
    const source = new SlowBody();
    const call = connect(await cluster.namenodeOf(datanode.url)).create('/f', source.body, { signal: abort.signal });
    source.push('abc');
    await expect(call).rejects.toBe('stop');
    source.push('more');
    while (!source.ended) await sleep(2);
  });
});
