import { afterEach, describe, expect, it } from '@jest/globals';
import { TokenBucket } from '../../../storage/token-bucket.ts';
import { answer, cut, FakeCluster, failure, inTurn, page, refuse } from './fake-cluster.ts';
import { closedUrl, fileStatus, json } from './fake-web-server.ts';

const cluster = new FakeCluster();
afterEach(() => cluster.stop());

const here = answer({ FileStatus: fileStatus() });
const yes = answer({ boolean: true });
const no = answer({ boolean: false });
const standby = refuse(403, 'StandbyException', 'Operation category READ is not supported in state standby');

describe('which namenode is asked', () => {
  it('case 7, 10: the active one, when the first is on standby, and from then on', async () => {
    const [first, second] = [await cluster.serve(standby), await cluster.serve(here)];
    const files = cluster.connect([first.url, second.url]);
    expect(await files.status('/f')).toMatchObject({ length: 5 });
    expect(await files.status('/f')).toMatchObject({ length: 5 });
    expect([first.seen.length, second.seen.length]).toEqual([1, 2]);
  });

  it('case 7: a standby is never an absence; when all are on standby the code is STANDBY', async () => {
    const [first, second] = [await cluster.serve(standby), await cluster.serve(standby)];
    const { code, message } = await failure(cluster.connect([first.url, second.url]).status('/f'));
    expect(code).toBe('STANDBY');
    expect(message).toContain(first.url);
    expect(message).toContain(second.url);
    expect([first.seen.length, second.seen.length]).toEqual([3, 3]);
  });

  it('case 10: the living one, when the first is dead, also for a call that changes something', async () => {
    const second = await cluster.serve(yes);
    await cluster.connect([await closedUrl(), second.url]).mkdirs('/d');
    expect(second.ops).toEqual(['MKDIRS']);
  });

  it('case 30: every attempt is one call of the budget, also the first half of a read', async () => {
    const [first, second] = [await cluster.serve(standby), await cluster.serve(here)];
    const taken: number[] = [];
    const stop = new AbortController();
    const calls = { take: async (amount: number) => void taken.push(amount) };
    const files = cluster.connect([first.url, second.url], { calls });
    await files.status('/f', { signal: stop.signal });
    expect(taken).toEqual([1, 1]);
    (await files.open('/f')).destroy();
    expect(taken.length).toBe(first.seen.length + second.seen.length);
  });

  it('case 30: a call that waits for its budget is not sent, and ends when it is aborted', async () => {
    const namenode = await cluster.serve(here);
    const calls = new TokenBucket(1);
    await calls.take(1000);
    const stop = new AbortController();
    const waiting = cluster.connect([namenode.url], { calls }).status('/f', { signal: stop.signal });
    const reason = new Error('cancelled');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(namenode.seen).toEqual([]);
  });

  it('case 10: an unknown host leads on', async () => {
    const second = await cluster.serve(here);
    expect(await cluster.connect(['http://nowhere.invalid:9870', second.url]).status('/f')).toMatchObject({
      length: 5,
    });
  });

  it('case 2: a dead one alone is UNREACHABLE, and its address is named', async () => {
    const url = await closedUrl();
    const { code, message } = await failure(cluster.connect([url]).mkdirs('/d'));
    expect(code).toBe('UNREACHABLE');
    expect(message).toMatch(/MKDIRS \/d on c: .*ECONNREFUSED/);
  });

  it('after a failover it goes back to the first one', async () => {
    const first = await cluster.serve(inTurn(here, standby, here));
    const second = await cluster.serve(inTurn(here, standby));
    const files = cluster.connect([first.url, second.url]);
    for (let i = 0; i < 4; i += 1) expect(await files.status('/f')).toMatchObject({ length: 5 });
    expect([first.seen.length, second.seen.length]).toEqual([4, 2]);
  });

  it('a RetriableException is asked again, for a call that changes something too', async () => {
    const namenode = await cluster.serve(inTurn(refuse(403, 'RetriableException', 'NameNode still not started'), yes));
    await cluster.connect([namenode.url]).mkdirs('/d');
    expect(namenode.seen).toHaveLength(2);
  });
});

describe('an answer that is lost', () => {
  it('case 48: a call that changes something is sent once', async () => {
    const namenode = await cluster.serve(cut);
    const files = cluster.connect([namenode.url]);
    for (const call of [
      files.mkdirs('/d'),
      files.rename('/a', '/b'),
      files.delete('/a'),
      files.setModificationTime('/a', 1),
    ]) {
      expect((await failure(call)).code).toBe('CONNECTION_LOST');
    }
    expect([...namenode.ops].sort()).toEqual(['DELETE', 'MKDIRS', 'RENAME', 'SETTIMES']);
  });

  it('a look is repeated, a bounded number of times', async () => {
    const mended = await cluster.serve(inTurn(cut, cut, here));
    expect(await cluster.connect([mended.url]).status('/f')).toMatchObject({ length: 5 });
    const broken = await cluster.serve(cut);
    expect((await failure(cluster.connect([broken.url]).status('/f'))).code).toBe('CONNECTION_LOST');
    expect(broken.seen).toHaveLength(3);
  });

  it.each([429, 502, 503, 504])('HTTP %i to a look is repeated, to a change it is not', async (status) => {
    const busy = page(status, '<html><style>x{}</style><h1>Busy &amp; gone</h1></html>');
    const namenode = await cluster.serve(inTurn(busy, here, busy));
    const files = cluster.connect([namenode.url]);
    expect(await files.status('/f')).toMatchObject({ length: 5 });
    expect(await failure(files.mkdirs('/d'))).toEqual({
      code: 'SERVER_ERROR',
      message: `MKDIRS /d on c: HTTP ${status}: Busy &amp; gone`,
    });
    expect(namenode.seen).toHaveLength(3);
  });

  it('an answer that never comes is a DEADLINE', async () => {
    const namenode = await cluster.serve(() => {});
    const files = cluster.connect([namenode.url], { deadlines: { call: 40 } });
    expect(await failure(files.rename('/a', '/b'))).toEqual({
      code: 'DEADLINE',
      message: `RENAME /a on c: ${namenode.url} did not answer within 0.04 s`,
    });
    expect(namenode.seen).toHaveLength(1);
  });

  it.each([
    ['of a known length', { 'content-length': '20' }],
    ['in chunks', {}],
  ])('an empty answer %s that is cut off is no success of a rename', async (_, headers) => {
    const namenode = await cluster.serve((_seen, response) => {
      response.writeHead(200, headers).flushHeaders();
      setTimeout(() => response.socket?.destroy(), 20);
    });
    expect((await failure(cluster.connect([namenode.url]).rename('/a', '/b'))).code).toBe('CONNECTION_LOST');
  });

  it('case 52: an abort while the answer is waited for rejects with the reason', async () => {
    const abort = new AbortController();
    const reason = new Error('stop');
    const namenode = await cluster.serve(() => abort.abort(reason));
    await expect(cluster.connect([namenode.url]).mkdirs('/d', { signal: abort.signal })).rejects.toBe(reason);
  });

  it('case 52: an abort between two tries too', async () => {
    const abort = new AbortController();
    const files = cluster.connect([await closedUrl()], { patience: { rounds: 100, repeats: 1, backOff: 60_000 } });
    setTimeout(() => abort.abort('stop'), 30);
    await expect(files.status('/f', { signal: abort.signal })).rejects.toBe('stop');
  });
});

describe('case 6: {"boolean":false}', () => {
  it('to DELETE is false only when nothing is there', async () => {
    const gone = await cluster.serve(inTurn(no, refuse(404, 'FileNotFoundException', 'File does not exist: /d')));
    expect(await cluster.connect([gone.url]).delete('/d')).toBe(false);
    const kept = await cluster.serve(inTurn(no, here));
    expect((await failure(cluster.connect([kept.url]).delete('/d'))).code).toBe('SERVER_ERROR');
    expect(kept.ops).toEqual(['DELETE', 'GETFILESTATUS']);
  });

  it('to MKDIRS is a failure unless the folder is there', async () => {
    const folder = { FileStatus: fileStatus({ type: 'DIRECTORY' }) };
    const made = await cluster.serve(inTurn(no, (_, response) => json(response, 200, folder)));
    await cluster.connect([made.url]).mkdirs('/d');
    const missing = await cluster.serve(inTurn(no, refuse(404, 'FileNotFoundException', 'File does not exist: /d')));
    expect((await failure(cluster.connect([missing.url]).mkdirs('/d'))).code).toBe('SERVER_ERROR');
  });

  it('to RENAME is an answer, true is none: the server may have moved the source into a folder', async () => {
    const files = cluster.connect([(await cluster.serve(no)).url]);
    expect(await files.rename('/a', '/b')).toMatchObject({ renamed: false });
    expect((await failure(cluster.connect([(await cluster.serve(yes)).url]).rename('/a', '/b'))).code).toBe(
      'BAD_ANSWER',
    );
  });
});
