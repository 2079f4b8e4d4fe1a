import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FileSystem, OpenOptions } from '../../../storage/file-system.ts';
import { FakeCluster, failure } from './fake-cluster.ts';
import { closedUrl, type FakeWebServer, json, received, remoteException } from './fake-web-server.ts';

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

function connect(namenode: FakeWebServer): FileSystem {
  return cluster.connect([namenode.url]);
}

describe('reading', () => {
  const CONTENT = Array.from({ length: 300_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');

  /** What a datanode sends for the asked offset and length: the head for all of it, then at most `most` bytes of it. */
  function send(query: URLSearchParams, response: ServerResponse, most = Number.POSITIVE_INFINITY): void {
    const offset = Number(query.get('offset') ?? 0);
    const length = Number(query.get('length') ?? CONTENT.length);
    const body = CONTENT.slice(offset, offset + length);
    response.writeHead(200, { 'content-length': body.length, connection: 'close' });
    if (body.length <= most) response.end(body);
    else response.write(body.slice(0, most), () => response.socket?.end());
  }

  async function read(from: FileSystem, options: OpenOptions = {}): Promise<string> {
    return received(await from.open('/f', options));
  }

  it('case 11: a body that breaks off is taken up where it stopped', async () => {
    const datanode = await cluster.serve(({ query }, response) =>
      send(query, response, datanode.seen.length < 3 ? 100_000 : undefined),
    );
    expect(await read(connect(await cluster.namenodeOf(datanode.url)))).toBe(CONTENT);
    expect(datanode.seen.map(({ query }) => [query.get('offset'), query.get('length')])).toEqual([
      ['0', null],
      ['100000', '200000'],
      ['200000', '100000'],
    ]);
  });

  it('case 11: with an offset and a length too', async () => {
    const datanode = await cluster.serve(({ query }, response) =>
      send(query, response, datanode.seen.length < 2 ? 5 : undefined),
    );
    const from = connect(await cluster.namenodeOf(datanode.url));
    expect(await read(from, { offset: 1000, length: 20 })).toBe(CONTENT.slice(1000, 1020));
  });

  it('case 11: a body that stays short ends with an error, a bounded number of times later', async () => {
    const datanode = await cluster.serve(({ query }, response) => send(query, response, 10));
    const { code, message } = await failure(read(connect(await cluster.namenodeOf(datanode.url))));
    expect(code).toBe('CONNECTION_LOST');
    expect(message).toMatch(/^OPEN \/f on c: reading from .* broke off at byte 60: /);
    expect(datanode.seen).toHaveLength(6);
  });

  it('case 11: a file that has another length by then is not patched together', async () => {
    const datanode = await cluster.serve(({ query }, response) => {
      if (datanode.seen.length === 1) send(query, response, 1000);
      else response.writeHead(200, { 'content-length': 3 }).end('new');
    });
    const { code, message } = await failure(read(connect(await cluster.namenodeOf(datanode.url))));
    expect([code, message]).toEqual(['CONNECTION_LOST', expect.stringContaining('another length')]);
  });

  it('a file that is gone by then is PATH_ABSENT', async () => {
    const datanode = await cluster.serve(({ query }, response) => {
      if (datanode.seen.length === 1) send(query, response, 1000);
      else remoteException(response, 404, 'FileNotFoundException', 'File does not exist: /f');
    });
    expect((await failure(read(connect(await cluster.namenodeOf(datanode.url))))).code).toBe('PATH_ABSENT');
  });

  it('a datanode that falls silent counts as broken off', async () => {
    const datanode = await cluster.serve(({ query }, response) => {
      if (datanode.seen.length > 1) send(query, response);
      else response.writeHead(200, { 'content-length': CONTENT.length }).write(CONTENT.slice(0, 1000));
    });
    expect(await read(connect(await cluster.namenodeOf(datanode.url)))).toBe(CONTENT);
  });

  it('a slow reader is not the datanode’s fault, and holds it back', async () => {
    let sent = 0;
    const size = 64 * 1024 * 1024;
    const datanode = await cluster.serve(async (_, response) => {
      response.writeHead(200, { 'content-length': size });
      const chunk = Buffer.alloc(64 * 1024);
      const closed = once(response, 'close');
      while (sent < size && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
      }
    });
    const stream = await connect(await cluster.namenodeOf(datanode.url)).open('/f');
    const chunks = stream[Symbol.asyncIterator]();
    await chunks.next();
    await sleep(2 * cluster.idle);
    expect(sent).toBeLessThan(size / 2);
    expect((await chunks.next()).done).toBe(false);
    expect(datanode.seen).toHaveLength(1);
    stream.destroy();
  });

  it('case 10: another datanode is asked for when the first cannot be reached', async () => {
    const [dead, datanode] = [await closedUrl(), await cluster.serve(({ query }, response) => send(query, response))];
    const namenode = await cluster.namenodeOf(dead, datanode.url);
    expect(await read(connect(namenode))).toBe(CONTENT);
    expect(namenode.seen.map(({ query }) => query.get('excludedatanodes'))).toEqual([null, new URL(dead).host]);
  });

  it('when no datanode is left, the one that was not reached is named', async () => {
    const dead = await closedUrl();
    const namenode = await cluster.serve(({ query, request }, response) => {
      if (!query.has('excludedatanodes')) response.writeHead(307, { location: `${dead}${request.url}` }).end();
      else remoteException(response, 403, 'IOException', 'Failed to find datanode, suggest to check cluster health.');
    });
    const { code, message } = await failure(read(connect(namenode)));
    expect([code, message]).toEqual(['UNREACHABLE', expect.stringContaining(new URL(dead).host)]);
  });

  it.each([429, 502, 503])('HTTP %i is repeated, and is never taken for the file', async (status) => {
    const datanode = await cluster.serve(({ query }, response) => {
      if (datanode.seen.length < 3) response.writeHead(status).end('Bad gateway');
      else send(query, response);
    });
    expect(await read(connect(await cluster.namenodeOf(datanode.url)))).toBe(CONTENT);
  });

  it('case 12: a gateway that streams from the first request is understood', async () => {
    const gateway = await cluster.serve(({ query }, response) => {
      const offset = Number(query.get('offset') ?? 0);
      // No length: chunked, and cut off once.
      response.write(CONTENT.slice(offset, offset + 150_000), () =>
        gateway.seen.length === 1 ? response.socket?.destroy() : response.end(CONTENT.slice(offset + 150_000)),
      );
    });
    expect(await read(connect(gateway))).toBe(CONTENT);
    expect(gateway.seen.map(({ query }) => query.get('offset'))).toEqual(['0', '150000']);
  });

  it('a body of unknown length that only ends is not trusted', async () => {
    const datanode = await cluster.serve((_, response) => {
      response.socket?.end('HTTP/1.0 200 OK\r\n\r\nhalf of it');
    });
    expect((await failure(read(connect(await cluster.namenodeOf(datanode.url))))).code).toBe('BAD_ANSWER');
  });

  it('case 52: an abort ends a stream that waits, with its reason', async () => {
    const abort = new AbortController();
    const reason = new Error('stop');
    const datanode = await cluster.serve(
      (_, response) => void response.writeHead(200, { 'content-length': 10 }).write('12345'),
    );
    const stream = await connect(await cluster.namenodeOf(datanode.url)).open('/f', { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 30);
    await expect(received(stream)).rejects.toBe(reason);
  });
});

describe('checksum', () => {
  const FileChecksum = { algorithm: 'MD5-of-0MD5-of-512CRC32C', bytes: '00', length: 28 };

  it('comes from the datanode, and is repeated when the datanode fails', async () => {
    const datanode = await cluster.serve((_, response) => {
      if (datanode.seen.length === 1) response.writeHead(503).end();
      else json(response, 200, { FileChecksum });
    });
    expect(await connect(await cluster.namenodeOf(datanode.url)).checksum('/f')).toEqual(FileChecksum);
  });

  it('comes from a gateway at once', async () => {
    const gateway = await cluster.serve((_, response) => json(response, 200, { FileChecksum }));
    expect(await connect(gateway).checksum('/f')).toEqual(FileChecksum);
  });

  it('case 50: is open for a file under construction', async () => {
    const message = 'Fail to get checksum, since file /f is under construction.';
    const datanode = await cluster.serve((_, response) => remoteException(response, 403, 'IOException', message));
    expect(await connect(await cluster.namenodeOf(datanode.url)).checksum('/f')).toBe('open');
  });
});
