import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FerryError } from '../../../errors/ferry-error.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { foldLedger, type LedgerEntry, type LedgerEvent, openLedger, readLedger } from '../../../sync/ledger.ts';
import { memoryFiles, risingClock, SIGNAL } from './two-clusters.ts';

const NONE = { filesCopied: 0, filesReused: 0, bytesCopied: 0 };

function landed(digest = 'd', counts = NONE): LedgerEvent {
  return { event: 'landed', digest, to: '/t/dt=1', ...counts };
}
function publishing(stagedId: string, counts = NONE): LedgerEvent {
  return { event: 'publishing', k: 'k', to: '/t/dt=1', stagedId, digest: 'd', ...counts };
}
function failed(message: string, counts = NONE): LedgerEvent {
  return { event: 'failed', code: 'SOURCE_OPEN', message, ...counts };
}
const present: LedgerEvent = { event: 'present', digest: 'd', ...NONE };
const registered: LedgerEvent = { event: 'registered' };
const unregistered: LedgerEvent = { event: 'unregistered', message: 'it is elsewhere' };

/** Entries of one partition as told one after the other, each by an attempt of its own unless it names one. */
function told(...events: readonly (LedgerEvent & { round?: number; attempt?: string })[]): LedgerEntry[] {
  return events.map((event, place) => ({
    at: new Date(place).toISOString(),
    node: 1,
    round: 1,
    attempt: `u${place}`,
    partition: 'dt=1',
    ...event,
  }));
}

function storyOf(entries: readonly LedgerEntry[]) {
  return foldLedger(entries).get('dt=1');
}

/** What a story says, without the entries it says it with. */
function gist(entries: readonly LedgerEntry[]) {
  const {
    landed: landing,
    present: found,
    failed: failure,
    unregistered: why,
    publishing: all,
  } = storyOf(entries) ?? {};
  return {
    landed: landing?.digest,
    present: found && true,
    failed: failure?.message,
    unregistered: why,
    publishing: all?.map(({ stagedId }) => stagedId),
  };
}

describe('the story of a partition', () => {
  it.each<[string, LedgerEntry[], Partial<ReturnType<typeof gist>>]>([
    ['a landing ends it', told(failed('f'), landed('x')), { landed: 'x' }],
    ['a landing outweighs a later failure', told(landed('x'), failed('late')), { landed: 'x' }],
    ['so does what was found in place', told(present, failed('late')), { present: true }],
    ['a failure before counts no more', told(failed('f'), present), { present: true }],
    ['of two landings the first counts', told(landed('x'), landed('y')), { landed: 'x' }],
    ['found in place after a landing', told(landed('x'), present), { landed: 'x', present: true }],
    ['of two failures the later counts', told(failed('one'), failed('two')), { failed: 'two' }],
    [
      'of two failures that of the later round counts, whatever the clocks say',
      told({ ...failed('second round'), round: 2 }, failed('first round')),
      { failed: 'second round' },
    ],
    [
      'what the catalog did not show',
      told(landed('x'), unregistered),
      { landed: 'x', unregistered: 'it is elsewhere' },
    ],
    ['what the catalog shows now', told(landed('x'), unregistered, registered), { landed: 'x' }],
    [
      'what the catalog showed once',
      told(landed('x'), registered, unregistered),
      { landed: 'x', unregistered: 'it is elsewhere' },
    ],
    [
      'every landing that was announced, in order',
      told(publishing('1'), failed('f'), publishing('2')),
      { failed: 'f', publishing: ['1', '2'] },
    ],
  ])('%s', (_, entries, story) => {
    expect(gist(entries)).toEqual({ publishing: [], ...story });
  });

  it('adds up what its attempts did, each by its last word', () => {
    const [one, two] = [
      { filesCopied: 3, filesReused: 0, bytesCopied: 30 },
      { filesCopied: 1, filesReused: 3, bytesCopied: 10 },
    ];
    const entries = told(
      { ...publishing('1', { filesCopied: 2, filesReused: 0, bytesCopied: 20 }), attempt: 'a' },
      { ...failed('f', one), attempt: 'a' },
      { ...publishing('2', two), attempt: 'b' },
      { ...landed('d', two), attempt: 'b' },
      { ...publishing('3', { filesCopied: 1, filesReused: 0, bytesCopied: 5 }), attempt: 'killed' },
    );
    expect(storyOf(entries)).toMatchObject({ filesCopied: 5, filesReused: 3, bytesCopied: 45 });
  });

  it('is one a partition', () => {
    const other = told(failed('f')).map((entry) => ({ ...entry, partition: 'dt=2' }));
    const stories = foldLedger([...told(landed()), ...other]);
    expect([...stories.keys()]).toEqual(['dt=1', 'dt=2']);
    expect(stories.get('dt=2')).toMatchObject({ partition: 'dt=2', failed: { message: 'f' } });
  });
});

describe('folding', () => {
  const counts = fc.record({ filesCopied: fc.nat(9), filesReused: fc.nat(9), bytesCopied: fc.nat(999) });
  const event: fc.Arbitrary<LedgerEvent> = fc.oneof(
    counts.map((of) => landed('d', of)),
    fc.tuple(fc.constantFrom('1', '2', '3'), counts).map(([id, of]) => publishing(id, of)),
    fc.tuple(fc.constantFrom('f', 'g'), counts).map(([message, of]) => failed(message, of)),
    counts.map((of): LedgerEvent => ({ ...present, ...of })),
    fc.constantFrom(registered, unregistered),
  );
  /** What one attempt tells, its times never going back; many attempts share a millisecond. */
  const attempts = fc
    .array(
      fc.record({
        round: fc.integer({ min: 1, max: 3 }),
        told: fc.array(fc.record({ event, pause: fc.nat(2), partition: fc.constantFrom('dt=1', 'dt=2') }), {
          maxLength: 5,
        }),
      }),
      { maxLength: 5 },
    )
    .map((all) =>
      all.map(({ round, told: events }, number): LedgerEntry[] => {
        let time = 0;
        return events.map(({ event: one, pause, partition }) => {
          time += pause;
          return { at: new Date(time).toISOString(), node: 1, round, attempt: `u${number}`, partition, ...one };
        });
      }),
    );

  /** Takes from the attempts in turn as `turns` say, so that each attempt's own order stays. */
  function interleave(all: readonly (readonly LedgerEntry[])[], turns: readonly number[]): LedgerEntry[] {
    const left = all.map((entries) => [...entries]);
    const merged: LedgerEntry[] = [];
    for (const turn of turns) {
      const open = left.filter((entries) => entries.length > 0);
      const next = open[turn % Math.max(1, open.length)]?.shift();
      if (next) merged.push(next);
    }
    return [...merged, ...left.flat()];
  }

  it('does not depend on the order in which the attempts’ parts are read', () => {
    fc.assert(
      fc.property(attempts, fc.array(fc.nat(), { minLength: 25, maxLength: 25 }), (all, turns) => {
        const sorted = (entries: LedgerEntry[]) => new Map([...foldLedger(entries)].sort());
        expect(sorted(interleave(all, turns))).toEqual(sorted(all.flat()));
      }),
      { numRuns: 200 },
    );
  });

  it('never tells of a failure and a landing at once, and counts nothing twice', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const entries = all.flat();
        for (const [name, story] of foldLedger(entries)) {
          if (story.landed || story.present) expect(story.failed).toBeUndefined();
          const words = all.map((one) => one.filter((entry) => entry.partition === name && 'filesCopied' in entry));
          const bytes = words.map((one) => (one.at(-1) as { bytesCopied?: number } | undefined)?.bytesCopied ?? 0);
          expect(story.bytesCopied).toBe(bytes.reduce((sum, each) => sum + each, 0));
        }
      }),
    );
  });
});

describe('an open ledger', () => {
  const FOLDER = '/user/root/hive-ferry/run-1/ledger';

  function open(files: MemoryFileSystem, attempt = 'u1') {
    const now = risingClock();
    let ids = 0;
    const uuid = () => {
      ids += 1;
      return `t${ids}`;
    };
    const identity = { node: 3, round: 2, attempt };
    return openLedger(files, FOLDER, identity, () => new Date(now()), { signal: SIGNAL, uuid });
  }

  it('writes whole numbered parts; what comes in meanwhile shares the next one', async () => {
    const files = memoryFiles('b');
    const ledger = open(files);
    await Promise.all(Array.from({ length: 100 }, (_, place) => ledger.write(`dt=${place}`, registered)));
    await ledger.write('dt=100', landed());
    expect(files.tree(FOLDER).map((line) => line.replace(/ \(\d+\)$/, ''))).toEqual([
      `${FOLDER}/`,
      `${FOLDER}/3-u1-000001.jsonl`,
      `${FOLDER}/3-u1-000002.jsonl`,
      `${FOLDER}/3-u1-000003.jsonl`,
    ]);
    const lines = (part: number) => files.readFile(`${FOLDER}/3-u1-00000${part}.jsonl`)?.toString().trim().split('\n');
    expect([1, 2, 3].map((part) => lines(part)?.length)).toEqual([1, 99, 1]);
    expect(JSON.parse(lines(3)?.[0] ?? '')).toEqual({
      at: '2026-11-01T00:00:00.101Z',
      node: 3,
      round: 2,
      attempt: 'u1',
      partition: 'dt=100',
      ...landed(),
    });
  });

  it('returns only when the entry lies on the target, whole', async () => {
    const files = memoryFiles('b');
    const ledger = open(files);
    await Promise.all(
      Array.from({ length: 20 }, async (_, place) => {
        await ledger.write(`dt=${place}`, registered);
        const there = await readLedger(files, FOLDER, SIGNAL);
        expect(there.map(({ partition }) => partition)).toContain(`dt=${place}`);
      }),
    );
  });

  it('is read back with all attempts, without what is half written or not its own', async () => {
    const files = memoryFiles('b', { pageSize: 2 });
    await open(files, 'u1').write('dt=1', failed('zu früh\n"'));
    await open(files, 'u2').write('dt=1', landed());
    files.writeFile(`${FOLDER}/.3-u3-000001.jsonl.t1`, '{"half');
    files.writeFile(`${FOLDER}/notes.txt`, 'mine');
    files.writeFile(`${FOLDER}/3-u4-000001.jsonl`, '');
    await files.mkdirs(`${FOLDER}/folder.jsonl`);
    const entries = await readLedger(files, FOLDER, SIGNAL);
    expect(entries).toMatchObject([
      { attempt: 'u1', event: 'failed', message: 'zu früh\n"' },
      { attempt: 'u2', event: 'landed' },
    ]);
  });

  it('is empty where no folder is', async () => {
    expect(await readLedger(memoryFiles('b'), FOLDER, SIGNAL)).toEqual([]);
  });

  it('tells a failed write to those who wait for it, and goes on with the next', async () => {
    class Failing extends MemoryFileSystem {
      broken = 0;
      meanwhile: () => void = () => {};
      override async create(...call: Parameters<MemoryFileSystem['create']>) {
        this.broken -= 1;
        if (this.broken !== 0) return super.create(...call);
        this.meanwhile();
        throw new FerryError('CONNECTION_LOST', 'the line broke');
      }
    }
    const files = new Failing();
    files.broken = 2; // The part with the second and third entry.
    const ledger = open(files);
    const meanwhile = new Promise<void>((resolve, reject) => {
      files.meanwhile = () => ledger.write('dt=meanwhile', registered).then(resolve, reject);
    });
    const writes = ['dt=1', 'dt=2', 'dt=3'].map((name) => ledger.write(name, registered));
    const late = writes[1]?.catch(() => ledger.write('dt=4', registered));
    const settled = await Promise.allSettled(writes);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(settled[1]).toMatchObject({ reason: { code: 'CONNECTION_LOST' } });
    await Promise.all([meanwhile, late]);
    await ledger.write('dt=5', registered);
    const there = await readLedger(files, FOLDER, SIGNAL);
    expect(there.map(({ partition }) => partition)).toEqual(['dt=1', 'dt=meanwhile', 'dt=4', 'dt=5']);
  });

  it('passes an abort through untouched', async () => {
    const why = new Error('stopped');
    const identity = { node: 1, round: 1, attempt: 'u1' };
    const writing = { signal: AbortSignal.abort(why), uuid: () => 't' };
    const ledger = openLedger(memoryFiles('b'), FOLDER, identity, () => new Date(0), writing);
    await expect(ledger.write('dt=1', registered)).rejects.toBe(why);
  });
});
