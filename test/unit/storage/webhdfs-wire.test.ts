import { afterEach, describe, expect, it } from '@jest/globals';
import { answer, FakeCluster } from './fake-cluster.ts';
import { fileStatus, json, remoteException } from './fake-web-server.ts';

const cluster = new FakeCluster();
afterEach(() => cluster.stop());

const here = answer({ FileStatus: fileStatus() });

describe('the wire', () => {
  it('case 8, 9: every name is encoded once, in the path and as a destination', async () => {
    const namenode = await cluster.serve((_, response) => void response.writeHead(200).end());
    const [from, to] = ["/a=b c/%3A+#?{}'ü", '/x/%3A+&ü'];
    await cluster.connect([namenode.url]).rename(from, to);
    const [seen] = namenode.seen;
    expect(seen?.request.url?.split('?')[0]).toBe('/webhdfs/v1/a=b%20c/%253A%2B%23%3F%7B%7D%27%C3%BC');
    expect(Object.fromEntries(seen?.query ?? [])).toEqual({
      op: 'RENAME',
      destination: to,
      renameoptions: 'NONE',
      'user.name': 'u',
    });
  });

  it('another way to sign in takes the place of user.name', async () => {
    const namenode = await cluster.serve(here);
    const authentication = {
      credentials: async () => ({ query: { delegation: 'secret' }, headers: { 'x-who': 'me' } }),
    };
    await cluster.connect([namenode.url], { authentication }).status('/f');
    const [seen] = namenode.seen;
    expect(Object.fromEntries(seen?.query ?? [])).toEqual({ op: 'GETFILESTATUS', delegation: 'secret' });
    expect(seen?.request.headers['x-who']).toBe('me');
  });

  it('a gateway may serve below a path of its own', async () => {
    const namenode = await cluster.serve(here);
    await cluster.connect([`${namenode.url}/gateway/default/`]).status('/f');
    expect(namenode.seen[0]?.path).toBe('/gateway/default/webhdfs/v1/f');
  });

  it('a server that does not know LISTSTATUS_BATCH is listed whole, and not asked for it again', async () => {
    const unknown = 'Invalid value for webhdfs parameter "op": No enum constant GetOpParam.Op.LISTSTATUS_BATCH';
    const names = ['ä', 'b', 'a'];
    const FileStatuses = { FileStatus: names.map((pathSuffix) => fileStatus({ pathSuffix })) };
    const namenode = await cluster.serve((seen, response) =>
      seen.op === 'LISTSTATUS'
        ? json(response, 200, { FileStatuses })
        : remoteException(response, 400, 'IllegalArgumentException', unknown),
    );
    const files = cluster.connect([namenode.url]);
    for (let i = 0; i < 2; i += 1) {
      for await (const found of (await files.list('/d')) ?? []) {
        expect(found.map(({ name }) => name)).toEqual(['ä', 'a', 'b']);
      }
    }
    expect(namenode.ops).toEqual(['LISTSTATUS_BATCH', 'LISTSTATUS', 'LISTSTATUS']);
  });

  it('a listing is asked for page by page, only as it is read', async () => {
    const pages = [['a', 'b%'], ['c'], []];
    const namenode = await cluster.serve((_, response) => {
      const FileStatus = (pages[namenode.seen.length - 1] ?? []).map((pathSuffix) => fileStatus({ pathSuffix }));
      const partialListing = { FileStatuses: { FileStatus } };
      json(response, 200, { DirectoryListing: { partialListing, remainingEntries: 1 } });
    });
    const found: string[] = [];
    for await (const page of (await cluster.connect([namenode.url]).list('/d')) ?? []) {
      expect(namenode.seen.length).toBe(found.length === 0 ? 1 : 2);
      found.push(...page.map(({ name }) => name));
    }
    expect(found).toEqual(['a', 'b%', 'c']);
    expect(namenode.seen.map(({ query }) => query.get('startAfter'))).toEqual([null, 'b%', 'c']);
  });
});
