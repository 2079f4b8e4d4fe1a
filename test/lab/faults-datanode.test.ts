import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpFault } from '../../lab/fault-proxy.ts';
import {
  answerWith,
  blackHole,
  cutAnswerAfter,
  cutUploadAfter,
  delay,
  drip,
  halfOpen,
  hangUp,
  loseAnswer,
  silentAfter,
  stallUploadAfter,
  withholdAnswer,
} from '../../lab/http-faults.ts';
import { SlowBody } from '../contract/slow-body.ts';
import { bodyOf, bytesOf, FaultyFiles, SHORT } from './faulty-files.ts';

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const MIB = 1024 * 1024;
const CONTENT = randomBytes(3 * MIB);

let hdfs: FaultyFiles;
let at: (name: string) => string;

beforeAll(async () => {
  hdfs = await FaultyFiles.start();
  at = (name) => hdfs.at(name);
  await hdfs.truth.create(at('content'), bodyOf(CONTENT));
});
afterEach(() => hdfs.reset());
afterAll(() => hdfs.close());

/** CONTENT in pieces, as a source gives it. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < CONTENT.length; from += 64 * 1024) yield CONTENT.subarray(from, from + 64 * 1024);
}

/** What the next attempt does, with the servers well again: the remains go, and the file is whole. */
async function writeAgain(path: string): Promise<void> {
  hdfs.cluster.reset();
  const files = hdfs.connect();
  await files.delete(path);
  await files.create(path, pieces);
  expect((await bytesOf(hdfs.truth, path)).equals(CONTENT)).toBe(true);
}

describe('a file that is written', () => {
  it.each([502, 503, 200])('case 1: HTTP %i of the datanode is no success, and no file', async (status) => {
    const path = at(`status-${status}`);
    const refused = hdfs.cluster.datanode.inject({ op: 'CREATE' }, answerWith(status, '<h1>Bad gateway</h1>'));
    await expect(hdfs.connect().create(path, pieces)).rejects.toMatchObject({
      code: status === 200 ? 'BAD_ANSWER' : 'SERVER_ERROR',
    });
    expect(refused.fired).toBe(1);
    expect(await hdfs.truth.status(path)).toBeUndefined();
    await writeAgain(path);
  });

  it('case 3: no byte is asked of the source before the datanode takes them', async () => {
    hdfs.cluster.namenode.inject({ op: 'CREATE' }, delay(300));
    const slow = hdfs.cluster.datanode.inject({ op: 'CREATE' }, delay(300));
    const source = new SlowBody();
    source.push('hello');
    source.end();
    const started = Date.now();
    const askedAfter: number[] = [];
    await hdfs.connect().create(at('late'), () => {
      askedAfter.push(Date.now() - started);
      return source.body();
    });
    expect(slow.fired).toBe(1);
    expect(askedAfter).toEqual([expect.any(Number)]);
    expect(askedAfter[0]).toBeGreaterThanOrEqual(590);
    expect((await bytesOf(hdfs.truth, at('late'))).toString()).toBe('hello');
  });

  it('case 2, 3: nothing is asked of the source when the datanode is not reached; settles once', async () => {
    const { port } = hdfs.cluster.datanode;
    await port.refuse();
    const source = new SlowBody();
    const files = hdfs.connect({ patience: { rounds: 2, repeats: 1, backOff: 20 } });
    await expect(files.create(at('unreached'), source.body)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await port.open();
    expect(source.asked).toBe(0);
    expect(await hdfs.truth.status(at('unreached'))).toBeUndefined();
  });

  it('case 10: a datanode that comes back meanwhile is written to', async () => {
    const { port } = hdfs.cluster.datanode;
    await port.refuse();
    const writing = hdfs.connect({ patience: { backOff: 1_000 } }).create(at('back'), bodyOf('hello'));
    await sleep(300);
    await port.open();
    await writing;
    expect((await bytesOf(hdfs.truth, at('back'))).toString()).toBe('hello');
  });

  it.each<[string, HttpFault]>([
    ['takes all and never answers', blackHole],
    ['writes the file and never answers', withholdAnswer],
    ['takes nothing', halfOpen],
  ])('case 4: a datanode that %s is given up at the idle deadline', async (what, fault) => {
    const path = at(`silent-${what.replaceAll(' ', '-')}`);
    const silent = hdfs.cluster.datanode.inject({ op: 'CREATE' }, fault);
    const files = hdfs.connect({ deadlines: { ...SHORT, ready: 500 } });
    await expect(files.create(path, pieces)).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(silent.fired).toBe(1);
    await writeAgain(path);
  });

  it.each<[string, HttpFault, number]>([
    ['before the first byte', hangUp, -1],
    ['in the middle', cutUploadAfter(MIB), MIB],
  ])(
    'case 5: a connection lost %s is an error, and the next attempt writes the whole file',
    async (what, fault, kept) => {
      const path = at(`cut ${what}`);
      hdfs.cluster.datanode.inject({ op: 'CREATE' }, fault);
      await expect(hdfs.connect().create(path, pieces)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      // HDFS closes what it got: a truncated file that looks like any other. Hence the names of parts, and the checksums.
      expect((await hdfs.truth.status(path))?.length ?? -1).toBeLessThanOrEqual(kept);
      await writeAgain(path);
    },
  );

  it('case 48: a confirmation that is lost is an error; the file is whole, and is not written over', async () => {
    hdfs.cluster.datanode.inject({ op: 'CREATE' }, loseAnswer);
    const files = hdfs.connect();
    await expect(files.create(at('lost'), pieces)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(files.create(at('lost'), bodyOf('other'))).rejects.toMatchObject({ code: 'PATH_EXISTS' });
    expect((await bytesOf(hdfs.truth, at('lost'))).equals(CONTENT)).toBe(true);
  });

  it('case 15: a writer that hangs holds the path only until the file is deleted, and can then not finish', async () => {
    let goOn = () => {};
    const wakes = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    hdfs.cluster.datanode.inject({ op: 'CREATE' }, stallUploadAfter(MIB, wakes));
    const old = hdfs.connect().create(at('leased'), pieces);
    const ended = old.then(
      () => 'written',
      (error: { code: string }) => error.code,
    );
    while ((await hdfs.truth.status(at('leased'))) === undefined) await sleep(50);
    const files = hdfs.connect();
    const refused = await files.create(at('leased'), bodyOf('new')).catch((error: { code: string }) => error.code);
    // A datanode that refuses closes at once; on its way the answer may be lost with the connection.
    expect(['PATH_EXISTS', 'CONNECTION_LOST']).toContain(refused);
    expect(await hdfs.truth.checksum(at('leased'))).toBe('open');
    expect(await files.delete(at('leased'))).toBe(true);
    await files.create(at('leased'), bodyOf('new'));
    goOn();
    expect(await ended).not.toBe('written');
    expect((await bytesOf(hdfs.truth, at('leased'))).toString()).toBe('new');
  });
});

describe('a file that is read', () => {
  const offsets = () => hdfs.cluster.datanode.calls.map(({ query }) => Number(query.get('offset')));

  it('case 11: is taken up where it broke off, each time', async () => {
    hdfs.cluster.datanode.inject({ op: 'OPEN', times: 3 }, cutAnswerAfter(700_000));
    expect((await bytesOf(hdfs.connect(), at('content'))).equals(CONTENT)).toBe(true);
    expect(offsets()).toEqual([0, 700_000, 1_400_000, 2_100_000]);
  });

  it('case 11: is taken up from a datanode that fell silent in the middle', async () => {
    const silent = hdfs.cluster.datanode.inject({ op: 'OPEN' }, silentAfter(MIB));
    expect((await bytesOf(hdfs.connect({ deadlines: SHORT }), at('content'))).equals(CONTENT)).toBe(true);
    expect(silent.fired).toBe(1);
    expect(offsets()).toEqual([0, MIB]);
  });

  it('case 11: that stays short ends with an error after a bounded number of tries, never early', async () => {
    hdfs.cluster.datanode.inject({ op: 'OPEN', ...ALWAYS }, cutAnswerAfter(1000));
    const stream = await hdfs.connect().open(at('content'));
    let read = 0;
    stream.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    const [error] = await once(stream, 'error');
    expect(error).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(read).toBe(6_000);
    expect(offsets()).toHaveLength(6);
  });

  it('comes whole over a slow connection: the deadline is for silence', async () => {
    hdfs.cluster.datanode.inject({ op: 'OPEN' }, drip(64 * 1024, 60));
    const files = hdfs.connect({ deadlines: SHORT });
    expect((await bytesOf(files, at('content'))).equals(CONTENT)).toBe(true);
    expect(offsets()).toEqual([0]);
  });

  it.each<[string, HttpFault]>([
    ['refuses with 503', answerWith(503)],
    ['hangs up', hangUp],
    ['never answers', blackHole],
  ])('is asked for again when the datanode %s at first', async (_, fault) => {
    const failed = hdfs.cluster.datanode.inject({ op: 'OPEN' }, fault);
    const files = hdfs.connect({ deadlines: SHORT });
    expect((await bytesOf(files, at('content'))).equals(CONTENT)).toBe(true);
    expect(failed.fired).toBe(1);
  });

  it('has its checksum asked for again when that answer broke off', async () => {
    const cut = hdfs.cluster.datanode.inject({ op: 'GETFILECHECKSUM' }, cutAnswerAfter(10));
    const sum = await hdfs.connect().checksum(at('content'));
    expect(cut.fired).toBe(1);
    expect(sum).toEqual(await hdfs.truth.checksum(at('content')));
  });
});
