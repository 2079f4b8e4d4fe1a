import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeCluster, refuse } from './fake-cluster.ts';
import { fileStatus, json, remoteException, type Seen } from './fake-web-server.ts';

const cluster = new FakeCluster();
afterEach(() => cluster.stop());

const CONTENT = 'eleven byte';
/** The words of a namenode. */
const NO_SUCH_OPERATION = 'Invalid value for webhdfs parameter "op": HIVE_FERRY is not a valid GET operation.';

/** As a gateway writes it that tells no inodes. */
function statusOfHttpFs(over: Readonly<Record<string, unknown>> = {}): unknown {
  const { fileId: _, ...rest } = fileStatus({ length: CONTENT.length, accessTime: 0, ...over }) as Record<
    string,
    unknown
  >;
  return rest;
}

/** The answer of a real HttpFS 3.4.1. */
function refusesUnknown(response: ServerResponse): void {
  const message =
    'java.lang.IllegalArgumentException: No enum constant org.apache.hadoop.fs.http.client.HttpFSFileSystem.Operation.HIVE_FERRY';
  remoteException(response, 500, 'QueryParamException', message);
}

const folder = { type: 'DIRECTORY', length: 0, blockSize: 0, replication: 0, permission: '755' };

/** A gateway that answers as HttpFS does; `bytesAt`: where it sends readers, left out where it serves the bytes itself. */
async function gateway(bytesAt?: string) {
  const server = await cluster.serve((seen, response) => {
    const { op, path } = seen;
    if (op === 'HIVE_FERRY') return refusesUnknown(response);
    if (op === 'GETFILESTATUS')
      return json(response, 200, { FileStatus: statusOfHttpFs(path.endsWith('/f') ? {} : folder) });
    if (op === 'LISTSTATUS_BATCH') {
      const FileStatus = [statusOfHttpFs({ pathSuffix: 'f' })];
      const DirectoryListing = { partialListing: { FileStatuses: { FileStatus } }, remainingEntries: 0 };
      return json(response, 200, { DirectoryListing });
    }
    if (bytesAt === undefined) return response.writeHead(200).end(bytesOf(seen)) && undefined;
    response.writeHead(307, { location: `${bytesAt}${path}?${seen.query}` }).end();
  });
  return cluster.connect([server.url]);
}

function bytesOf({ query }: Seen): string {
  return CONTENT.slice(Number(query.get('offset') ?? 0));
}

describe('case 12: HttpFS as a source', () => {
  it('a file and a folder have no identity, and none is invented', async () => {
    const files = await gateway();
    const file = await files.status('/t/f');
    expect(file).toMatchObject({ kind: 'file', length: CONTENT.length, fileId: undefined });
    expect(await files.status('/t')).toMatchObject({ kind: 'folder', fileId: undefined });
    const listed = [];
    for await (const page of (await files.list('/t')) ?? []) listed.push(...page);
    expect(listed).toEqual([{ ...file, name: 'f' }]);
  });

  it.each(['itself', 'redirected'])('its bytes are read, served by it %s', async (way) => {
    const datanode = await cluster.serve((seen, response) => {
      response.writeHead(200, { 'content-length': bytesOf(seen).length }).end(bytesOf(seen));
    });
    const files = await gateway(way === 'itself' ? undefined : datanode.url);
    const chunks: Buffer[] = [];
    for await (const chunk of await files.open('/t/f', { offset: 7, length: 4 })) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('byte');
    expect(datanode.ops).toEqual(way === 'itself' ? [] : ['OPEN']);
  });
});

describe('what cannot be a target', () => {
  it('is HttpFS, by name and with the way out', async () => {
    const files = await gateway();
    expect(await files.unfitAsTarget?.()).toMatch(/HttpFS.*rename2.*createparent.*source.*namenodes' own WebHDFS/);
  });

  it('is not a namenode', async () => {
    const namenode = await cluster.serve(refuse(400, 'IllegalArgumentException', NO_SUCH_OPERATION));
    expect(await cluster.connect([namenode.url]).unfitAsTarget?.()).toBeUndefined();
  });

  it('is a list of which one is HttpFS, whichever answers first, and whether or not the other one does', async () => {
    const namenode = await cluster.serve(refuse(400, 'IllegalArgumentException', NO_SUCH_OPERATION));
    const httpFs = await cluster.serve((_, response) => refusesUnknown(response));
    const gone = 'http://127.0.0.1:9';
    for (const urls of [
      [namenode.url, httpFs.url],
      [httpFs.url, namenode.url],
      [gone, httpFs.url],
    ]) {
      expect(await cluster.connect(urls).unfitAsTarget?.()).toMatch(/HttpFS/);
    }
    expect(await cluster.connect([gone, namenode.url]).unfitAsTarget?.()).toBeUndefined();
  });

  it('is told by a server that answers only when it is asked again', async () => {
    let asked = 0;
    const httpFs = await cluster.serve(({ request }, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else refusesUnknown(response);
    });
    expect(await cluster.connect([httpFs.url]).unfitAsTarget?.()).toMatch(/HttpFS/);
  });

  it('is not told by a server that gives no answer to that', async () => {
    const denied = await cluster.serve(refuse(403, 'AccessControlException', 'Permission denied'));
    await expect(cluster.connect([denied.url]).unfitAsTarget?.()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});
