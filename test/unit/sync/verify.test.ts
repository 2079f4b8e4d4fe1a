import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../../errors/ferry-error.ts';
import type { ListedFile, Listing } from '../../../sync/listing.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import { compareListings, type Difference, verifyTable } from '../../../sync/verify.ts';
import { bothSides, give, NAME, PATH, record, T } from './orders-on-both.ts';
import {
  memoryFiles,
  ORDERS,
  partitionOn,
  refusal,
  specOf,
  type TwoClusters,
  tableOn,
  twoClusters,
} from './two-clusters.ts';

function listing(lengths: Readonly<Record<string, number>>): Listing {
  const files = Object.entries(lengths).map(
    ([path, length]): ListedFile => ({ path, length, modificationTime: 1, blockSize: 1024 }),
  );
  return { folderId: 'x', files, bytes: files.reduce((sum, file) => sum + file.length, 0), digest: '' };
}

describe('two listings', () => {
  it.each<[string, Record<string, number>, Record<string, number>, string[], Omit<Difference, 'partition'>[]]>([
    ['both empty', {}, {}, [], []],
    ['the same', { f: 1, 'x/g': 0 }, { 'x/g': 0, f: 1 }, ['f', 'x/g'], []],
    [
      'one missing',
      { f: 1, g: 2 },
      { f: 1 },
      ['f'],
      [{ kind: 'file-missing', file: 'g', detail: '2 bytes are missing' }],
    ],
    [
      'one too many',
      { f: 1 },
      { f: 1, g: 2 },
      ['f'],
      [{ kind: 'file-extra', file: 'g', detail: '2 bytes that the source does not have' }],
    ],
    [
      'one shorter',
      { f: 3 },
      { f: 1 },
      [],
      [{ kind: 'length', file: 'f', detail: '3 bytes at the source, 1 at the target' }],
    ],
    [
      'one renamed',
      { f: 1 },
      { g: 1 },
      [],
      [
        { kind: 'file-missing', file: 'f', detail: '1 bytes are missing' },
        { kind: 'file-extra', file: 'g', detail: '1 bytes that the source does not have' },
      ],
    ],
  ])('%s', (_, left, right, same, differences) => {
    const compared = compareListings('dt=1', listing(left), listing(right));
    expect(compared.same.map(({ path }) => path)).toEqual(same);
    expect(compared.differences).toEqual(differences.map((one) => ({ partition: 'dt=1', ...one })));
  });

  it('are the same, or every file that is not is named once', () => {
    const lengths = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'x/a', '__proto__'), fc.nat(2));
    fc.assert(
      fc.property(lengths, lengths, (left, right) => {
        const { same, differences } = compareListings('p', listing(left), listing(right));
        const named = [...same.map(({ path }) => path), ...differences.map(({ file }) => file)];
        expect(named.sort()).toEqual([...new Set([...Object.keys(left), ...Object.keys(right)])].sort());
      }),
    );
  });
});

async function report(world: TwoClusters, over: Partial<ResolvedSpec> = {}) {
  return verifyTable(world.engine, specOf(over), 'files');
}

/** Both sides with the partitions 1 and 2, equal. */
async function equalSides(options: Parameters<typeof twoClusters>[0] = {}): Promise<TwoClusters> {
  const world = await bothSides({}, options);
  for (const hour of ['1', '2']) {
    await give(world, hour);
    await world.mirror(PATH(hour));
    await record(world, hour);
  }
  return world;
}

describe('a table on both sides', () => {
  it('that is equal is identical, and counted', async () => {
    expect(await report(await equalSides())).toEqual({
      schemaVersion: 1,
      source: 'a',
      target: 'b',
      table: 'sales.orders',
      level: 'files',
      identical: true,
      partitions: 2,
      files: 2,
      bytes: 18,
      incomparable: 0,
      differences: [],
    });
  });

  it('may have other modification times', async () => {
    const world = await equalSides();
    await world.b.setModificationTime(`${PATH('1')}/f`, 5);
    expect(await report(world)).toMatchObject({ identical: true });
  });

  const at = (hour: string) => NAME(hour);
  it.each<[string, (world: TwoClusters) => unknown, Difference[]]>([
    [
      'a partition that the target lacks',
      (w) => w.catalogB.removePartition(ORDERS, at('1')),
      [{ partition: at('1'), kind: 'partition-missing', detail: 'b does not have it' }],
    ],
    [
      'a partition that only the target has',
      (w) => w.catalogA.removePartition(ORDERS, at('1')),
      [{ partition: at('1'), kind: 'partition-extra', detail: 'only b has it' }],
    ],
    [
      'no folder at the target',
      (w) => w.b.delete(PATH('1')),
      [{ partition: at('1'), kind: 'folder-missing', detail: `b:${PATH('1')} is not there` }],
    ],
    [
      'no folder at the source',
      (w) => w.a.delete(PATH('1')),
      [{ partition: at('1'), kind: 'folder-missing', detail: `a:${PATH('1')} is not there` }],
    ],
    [
      'a file that is missing',
      (w) => w.b.delete(`${PATH('1')}/f`),
      [{ partition: at('1'), kind: 'file-missing', file: 'f', detail: '9 bytes are missing' }],
    ],
    [
      'a file too many',
      (w) => w.b.writeFile(`${PATH('1')}/x/g`, 'x'),
      [{ partition: at('1'), kind: 'file-extra', file: 'x/g', detail: '1 bytes that the source does not have' }],
    ],
    [
      'a file that is longer',
      (w) => w.b.writeFile(`${PATH('1')}/f`, 'longer rows'),
      [{ partition: at('1'), kind: 'length', file: 'f', detail: '9 bytes at the source, 11 at the target' }],
    ],
    [
      'case 25: a file as long, with other bytes',
      (w) => w.b.writeFile(`${PATH('1')}/f`, 'other row'),
      [{ partition: at('1'), kind: 'checksum', file: 'f', detail: 'equal in length, different in content' }],
    ],
    ['a hidden file', (w) => w.b.writeFile(`${PATH('1')}/_tmp`, 'x'), []],
  ])('with %s', async (_, change, differences) => {
    const world = await equalSides();
    await change(world);
    const told = await report(world);
    expect(told.differences).toEqual(differences);
    expect(told.identical).toBe(differences.length === 0);
  });

  it('case 40: is looked at where the catalogs say, not at the usual place', async () => {
    const world = await equalSides();
    await world.mirror(PATH('1'), '/elsewhere/1');
    await world.lay('b', PATH('1'), { stale: 'left behind by SET LOCATION' });
    world.catalogB.putPartition(ORDERS, partitionOn('b', ['2026-01-01', '1'], '/elsewhere/1'));
    expect(await report(world)).toMatchObject({ identical: true });
  });

  it('case 26: whose checksums have nothing in common is neither different nor compared', async () => {
    const world = await equalSides({ b: memoryFiles('b', { bytesPerChecksum: 4096 }) });
    world.b.writeFile(`${PATH('1')}/f`, 'other row');
    expect(await report(world)).toMatchObject({ identical: true, incomparable: 2, files: 2 });
  });

  it('is looked at in the selected partitions only', async () => {
    const world = await equalSides();
    await world.b.delete(PATH('1'));
    expect(await report(world, { partitions: [NAME('2')] })).toMatchObject({ identical: true, partitions: 1 });
    expect(await report(world, { partitions: [NAME('1')] })).toMatchObject({ identical: false, partitions: 1 });
  });

  it('without partitions is one folder', async () => {
    const world = twoClusters();
    for (const [side, catalog] of [
      ['a', world.catalogA],
      ['b', world.catalogB],
    ] as const) {
      catalog.putTable(tableOn(side, { partitionKeys: [] }));
      await world.lay(side, T, { f: 'rows', g: side });
    }
    expect(await report(world)).toMatchObject({
      partitions: 1,
      differences: [{ partition: '(whole table)', kind: 'checksum', file: 'g' }],
    });
  });

  it('that one side does not have is an error, not a difference', async () => {
    const world = await equalSides();
    world.catalogB.removeTable(ORDERS);
    expect(codeOf(await refusal(report(world)))).toBe('TABLE_NOT_FOUND');
  });

  it('is changed by nothing', async () => {
    const world = await equalSides();
    const before = [world.a.tree(), world.b.tree(), world.catalogB.readPartitions(ORDERS)];
    await report(world);
    expect([world.a.tree(), world.b.tree(), world.catalogB.readPartitions(ORDERS)]).toEqual(before);
  });
});
