import { describe, expect, it } from '@jest/globals';
import { codeOf, FerryError } from '../../../errors/ferry-error.ts';
import { MemoryFileSystem, type MemoryFileSystemOptions } from '../../../storage/memory-file-system.ts';
import { TokenBucket } from '../../../storage/token-bucket.ts';
import type { Bandwidth } from '../../../sync/bandwidth.ts';
import { openLedger } from '../../../sync/ledger.ts';
import { type ListedFile, listFolder } from '../../../sync/listing.ts';
import type { Lease } from '../../../sync/memory-pool.ts';
import type { AttemptContext } from '../../../sync/node-context.ts';
import type { NodeProgress, ResolvedSpec } from '../../../sync/outcome.ts';
import { nodeMeter } from '../../../sync/progress.ts';
import { attemptFolder } from '../../../sync/run-folder.ts';
import { STREAM_BYTES, Streams } from '../../../sync/streams.ts';
import { transferFile } from '../../../sync/transfer.ts';
import { SlowBody } from '../../contract/slow-body.ts';
import { memoryFiles, refusal, risingClock, SIGNAL, specOf, twoClusters } from './two-clusters.ts';

const FROM = '/t/dt=1/f';
const PART = '/stage/part/1';
const CONTENT = Buffer.from(Array.from({ length: 200_000 }, (_, place) => place % 251));

/** The source, at which something happens when a call is made: `on` names the call, `act` runs before it takes effect. */
class Source extends MemoryFileSystem {
  on = '';
  act: () => unknown = () => {};

  constructor(options: MemoryFileSystemOptions = {}) {
    super({ cluster: 'a', clock: risingClock(), ...options });
  }

  async #happen(call: string): Promise<void> {
    if (this.on !== call) return;
    this.on = '';
    await this.act();
  }

  override async checksum(...call: Parameters<MemoryFileSystem['checksum']>) {
    await this.#happen('checksum');
    return super.checksum(...call);
  }

  override async open(...call: Parameters<MemoryFileSystem['open']>) {
    await this.#happen('open');
    return super.open(...call);
  }
}

/** A target that writes something else than it is given. */
class Corrupting extends MemoryFileSystem {
  spoil: (bytes: Buffer) => Buffer = (bytes) => bytes;

  override async create(...[path, body, options]: Parameters<MemoryFileSystem['create']>) {
    const spoil = this.spoil;
    const spoiled = async function* () {
      for await (const chunk of body()) yield spoil(Buffer.from(chunk));
    };
    return super.create(path, spoiled, options);
  }
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

type Setting = {
  readonly a?: Source;
  readonly b?: MemoryFileSystem;
  readonly verify?: ResolvedSpec['verify'];
  readonly content?: Buffer;
  readonly bandwidth?: Bandwidth;
  readonly signal?: AbortSignal;
};

async function setting({ content = CONTENT, verify = 'checksum', ...options }: Setting = {}) {
  const { a = new Source(), b = memoryFiles('b') } = options;
  a.writeFile(FROM, content, { modificationTime: 1_700_000_000_123 });
  await b.mkdirs('/stage/part');
  const { source, target, engine } = twoClusters({ ...options, a, b });
  const beats: NodeProgress[] = [];
  const node = { index: 1, round: 1, of: 1, manifest: '', partitions: 1, files: 1, bytes: content.length };
  const lease: Lease = await engine.pool.take(2 ** 26);
  const writing = { signal: SIGNAL, uuid: () => engine.uuid() };
  const context: AttemptContext = {
    engine,
    spec: specOf({ verify }),
    source,
    target,
    node,
    lease,
    streams: new Streams(4 * STREAM_BYTES),
    ledger: openLedger(b, '/ledger', { node: 1, round: 1, attempt: 'u' }, () => engine.now(), writing),
    meter: nodeMeter({ heartbeat: (progress) => progress && beats.push(progress) }, node),
    serial: () => 1,
    folder: attemptFolder('/stage', 'run-1', 1, 'u'),
    taken: [],
  };
  const file = (await listFolder(a, '/t/dt=1', SIGNAL))?.files[0];
  if (!file) throw new Error('not listed');
  return {
    a,
    b,
    context,
    lease,
    beats,
    file,
    transfer: (of: ListedFile = file) => transferFile(context, FROM, of, PART),
  };
}

describe('a file', () => {
  it('arrives with its bytes, modification time and block size, verified by checksum', async () => {
    const { a, b, transfer } = await setting({ a: new Source({ blockSize: 64 * 1024 }) });
    expect(await transfer()).toEqual({ kind: 'copied', verified: 'checksum' });
    expect(b.readFile(PART)?.equals(CONTENT)).toBe(true);
    expect(await b.status(PART)).toMatchObject({ modificationTime: 1_700_000_000_123, blockSize: 64 * 1024 });
    expect(await b.checksum(PART)).toEqual(await a.checksum(FROM));
  });

  it('that is empty arrives empty', async () => {
    const { b, transfer } = await setting({ content: Buffer.of() });
    expect(await transfer()).toEqual({ kind: 'copied', verified: 'checksum' });
    expect(b.tree(PART)).toEqual([`${PART} (0)`]);
  });

  it.each<[string, ResolvedSpec['verify'], number, string]>([
    ['the same chunks', 'checksum', 512, 'checksum'],
    ['case 26: other chunks, so that no checksum is in common', 'checksum', 4096, 'stream'],
    ['the same chunks, told to read back', 'stream', 512, 'stream'],
    ['other chunks, told to read back', 'stream', 4096, 'stream'],
    ['the length only, as told', 'length', 512, 'length'],
  ])('is verified: %s', async (_, verify, bytesPerChecksum, level) => {
    const { transfer } = await setting({ verify, b: memoryFiles('b', { bytesPerChecksum }) });
    expect(await transfer()).toEqual({ kind: 'copied', verified: level });
  });

  it.each<[string, ResolvedSpec['verify'], number]>([
    ['by checksum', 'checksum', 512],
    ['case 26: by reading it back where no checksum is in common', 'checksum', 4096],
    ['by reading it back as told', 'stream', 512],
  ])('whose bytes changed on the way is found %s', async (_, verify, bytesPerChecksum) => {
    const b = new Corrupting({ cluster: 'b', bytesPerChecksum });
    b.spoil = flipped;
    const { transfer } = await setting({ verify, b });
    const error = await refusal(transfer());
    expect(codeOf(error)).toBe('CHECKSUM_MISMATCH');
    expect(error.message).toBe(`b:${PART} does not hold the bytes of a:${FROM}`);
  });

  const WRONG = /b:\/stage\/part\/1 does not hold the bytes of a:\/t\/dt=1\/f/;
  const SHORT = /b:\/stage\/part\/1 has \d+ bytes of the 200000 of a:\/t\/dt=1\/f/;
  it.each([
    ['checksum', 'CHECKSUM_MISMATCH', WRONG],
    ['stream', 'CHECKSUM_MISMATCH', WRONG],
    ['length', 'LENGTH_MISMATCH', SHORT],
  ] as const)('that arrives too short is found, at level %s', async (verify, code, message) => {
    const b = new Corrupting({ cluster: 'b' });
    b.spoil = (bytes) => bytes.subarray(1);
    const { transfer } = await setting({ verify, b });
    const error = await refusal(transfer());
    expect(codeOf(error)).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('that arrives empty is found, though an empty file has a checksum of another kind', async () => {
    const b = new Corrupting({ cluster: 'b' });
    b.spoil = () => Buffer.of();
    const { transfer } = await setting({ b });
    expect(codeOf(await refusal(transfer()))).toBe('CHECKSUM_MISMATCH');
  });

  it('is not written over what stands at the path', async () => {
    const { b, transfer } = await setting();
    b.writeFile(PART, 'another');
    expect(codeOf(await refusal(transfer()))).toBe('PATH_EXISTS');
    expect(b.readFile(PART)?.toString()).toBe('another');
  });
});

describe('a source file that is not as it was listed', () => {
  it.each<[string, Partial<ListedFile>]>([
    ['another length', { length: 1 }],
    ['another time', { modificationTime: 1 }],
  ])('before the copy (%s) is told as moved, and what was read of it is not given its time', async (_, over) => {
    const { b, file, transfer } = await setting();
    expect(await transfer({ ...file, ...over })).toEqual({ kind: 'source-moved' });
    expect((await b.status(PART))?.modificationTime).not.toBe(over.modificationTime ?? file.modificationTime);
  });

  it('and is gone, or a folder now, is not read', async () => {
    const { a, b, transfer } = await setting();
    await a.delete(FROM);
    expect(await transfer()).toEqual({ kind: 'source-moved' });
    await a.mkdirs(FROM);
    expect(await transfer()).toEqual({ kind: 'source-moved' });
    expect(b.tree(PART)).toEqual([]);
  });

  const CHANGES: readonly (readonly [string, (a: Source) => unknown])[] = [
    ['replaced by one as long', (a) => a.writeFile(FROM, flipped(CONTENT))],
    ['replaced by the same bytes, later', (a) => a.writeFile(FROM, CONTENT)],
    ['replaced by a shorter one', (a) => a.writeFile(FROM, CONTENT.subarray(5))],
    ['replaced by a longer one', (a) => a.writeFile(FROM, Buffer.concat([CONTENT, CONTENT]))],
    ['deleted', (a) => a.delete(FROM)],
  ];
  const MOMENTS = ['checksum', 'open'] as const;
  const LEVELS = ['checksum', 'stream', 'length'] as const;

  it.each(
    CHANGES.flatMap(([what, act]) => MOMENTS.flatMap((on) => LEVELS.map((level) => [what, on, level, act] as const))),
  )(
    'but %s just before it is asked (%s) is told as moved, not as a broken copy (level %s)',
    async (_, on, verify, act) => {
      const { a, transfer } = await setting({ verify });
      a.on = on;
      a.act = () => act(a);
      expect(await transfer()).toEqual({ kind: 'source-moved' });
    },
  );

  it('but changed while it is read again for its hash is told as moved', async () => {
    const b = memoryFiles('b', { bytesPerChecksum: 4096 });
    const { a, transfer } = await setting({ b });
    const checksum = b.checksum.bind(b);
    b.checksum = async (...call) => {
      a.writeFile(FROM, flipped(CONTENT));
      return checksum(...call);
    };
    expect(await transfer()).toEqual({ kind: 'source-moved' });
  });

  it('case 50: and is still being written is left alone', async () => {
    const { a, b, transfer } = await setting();
    await a.delete(FROM);
    const body = new SlowBody();
    void a.create(FROM, body.body).catch(() => {});
    body.push('half of');
    await new Promise((resolve) => setImmediate(resolve));
    const status = await a.status(FROM);
    const file = { path: 'f', length: 0, modificationTime: status?.modificationTime ?? 0, blockSize: 1024 };
    expect(await transfer(file)).toEqual({ kind: 'source-open' });
    expect(b.tree(PART)).toEqual([]);
    body.end();
  });
});

describe('the bytes on their way', () => {
  it('are counted: against the node’s memory, the worker’s bandwidth and the progress', async () => {
    const taken: number[] = [];
    const bandwidth = {
      take: async (bytes: number) => {
        taken.push(bytes);
      },
    };
    const { lease, beats, transfer } = await setting({ bandwidth });
    await transfer();
    expect(taken.reduce((sum, bytes) => sum + bytes, 0)).toBe(CONTENT.length);
    expect(beats.at(-1)?.bytes.done).toBe(CONTENT.length);
    expect(beats.length).toBeGreaterThan(2);
    expect(lease.peakBytes).toBe(Math.max(...taken));
  });

  it('are counted again when they are read back to be verified', async () => {
    let taken = 0;
    const bandwidth = {
      take: async (bytes: number) => {
        taken += bytes;
      },
    };
    const { lease, transfer } = await setting({ bandwidth, verify: 'stream' });
    await transfer();
    expect(taken).toBe(2 * CONTENT.length);
    const before = lease.peakBytes;
    lease.hold(before);
    expect(lease.peakBytes).toBe(before);
  });

  it('are held by nobody any more after a copy that failed', async () => {
    class Full extends MemoryFileSystem {
      override async create(...[path, body, options]: Parameters<MemoryFileSystem['create']>) {
        const some = async function* () {
          for await (const chunk of body()) {
            yield chunk;
            throw new FerryError('QUOTA_EXCEEDED', 'the space quota is exceeded');
          }
        };
        return super.create(path, some, options);
      }
    }
    const { lease, transfer } = await setting({ b: new Full({ cluster: 'b' }) });
    expect(codeOf(await refusal(transfer()))).toBe('QUOTA_EXCEEDED');
    const before = lease.peakBytes;
    lease.hold(before);
    expect(lease.peakBytes).toBe(before);
  });

  it('stop at an abort, with its own reason', async () => {
    const stop = new AbortController();
    const why = new Error('stopped');
    const bandwidth = {
      take: async () => {
        stop.abort(why);
      },
    };
    const { transfer } = await setting({ bandwidth, signal: stop.signal });
    await expect(transfer()).rejects.toBe(why);
  });

  it('do not wait for bandwidth any longer when they are aborted', async () => {
    const stop = new AbortController();
    const why = new Error('stopped');
    const bandwidth = new TokenBucket(1);
    const { transfer } = await setting({ bandwidth, signal: stop.signal });
    const copying = transfer();
    setTimeout(() => stop.abort(why), 50);
    await expect(copying).rejects.toBe(why);
  });
});
