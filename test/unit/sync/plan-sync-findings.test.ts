import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../sync/compare.ts';
import { listFolder } from '../../../sync/listing.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import { partitionKey } from '../../../sync/run-folder.ts';
import { bothSides, give, landed, NAME, PATH, plan, planned, record, T, VALUES } from './orders-on-both.ts';
import { ORDERS, partitionOn, SIGNAL, type TwoClusters } from './two-clusters.ts';

const older = { f: 'older rows' };

describe('what the plan finds', () => {
  type Case = readonly [what: string, Finding, (world: TwoClusters) => Promise<unknown>, Partial<ResolvedSpec>?];

  it.each<Case>([
    ['a partition that the target lacks', 'new', async () => {}],
    [
      'files in place, and a record of them',
      'unchanged',
      async (w) => {
        await w.mirror(PATH('1'));
        await record(w, '1');
      },
    ],
    [
      'files in place without a record',
      'unchanged',
      async (w) => {
        await w.mirror(PATH('1'));
        w.catalogB.putPartition(ORDERS, partitionOn('b', VALUES('1'), PATH('1')));
      },
    ],
    ['files in place, not registered', 'register', (w) => w.mirror(PATH('1'))],
    [
      'files that a run landed and nobody recorded',
      'register',
      async (w) => {
        await w.lay('b', PATH('1'), older);
        await record(w, '1');
        await w.b.delete(PATH('1'));
        await w.mirror(PATH('1'));
        await landed(w, '1');
      },
    ],
    [
      'an older version with a record of it',
      'changed',
      async (w) => {
        await w.lay('b', PATH('1'), older);
        await record(w, '1');
      },
    ],
    [
      'an older version that a run landed and nobody recorded',
      'changed',
      async (w) => {
        await w.lay('b', PATH('1'), older);
        await landed(w, '1');
      },
    ],
    ['an empty folder', 'changed', (w) => w.b.mkdirs(PATH('1'))],
    ['files of others', 'diverged', (w) => w.lay('b', PATH('1'), older)],
    [
      'files that a run from another source landed',
      'diverged',
      async (w) => {
        await w.lay('b', PATH('1'), older);
        await landed(w, '1', PATH('1'), 'hdfs://c:8020/sales.orders');
      },
    ],
    [
      'files changed since they were recorded',
      'diverged',
      async (w) => {
        await w.lay('b', PATH('1'), older);
        await record(w, '1', PATH('1'), { digest: 'another' });
      },
    ],
    ['files of others, told to overwrite', 'changed', (w) => w.lay('b', PATH('1'), older), { overwrite: 'diverged' }],
    [
      'no folder at the source',
      'source-absent',
      async (w) => {
        await w.lay('b', PATH('1'), older);
        await w.a.delete(PATH('1'));
      },
    ],
  ])('%s: %s', async (_, finding, arrange, over = {}) => {
    const world = await bothSides();
    await give(world, '1');
    await arrange(world);
    const before = [world.a.tree(), world.b.tree(), world.catalogB.readPartitions(ORDERS)];
    expect((await planned(world, '1', over)).finding).toBe(finding);
    expect([world.a.tree(), world.b.tree(), world.catalogB.readPartitions(ORDERS)]).toEqual(before);
  });

  it('says why a partition diverged, and that a landing is ours', async () => {
    const world = await bothSides();
    for (const hour of ['1', '2']) await give(world, hour);
    await world.lay('b', PATH('1'), older);
    await world.mirror(PATH('2'));
    await landed(world, '2');
    expect(await planned(world, '1')).toMatchObject({ reason: 'it holds files that no run of hive-ferry published' });
    expect(await planned(world, '2')).toMatchObject({ finding: 'register', ours: true });
  });

  it('is told with all that a run needs, in the order of the names, and counted', async () => {
    const world = await bothSides();
    for (const hour of ['2', '1', '3']) await give(world, hour);
    await world.lay('b', PATH('2'), older);
    await record(world, '2');
    await world.mirror(PATH('3'));
    const inOrder = world.catalogA.partitions.bind(world.catalogA);
    // The port promises no order.
    world.catalogA.partitions = async function* (...call) {
      for await (const batch of inOrder(...call)) yield [...batch].reverse();
    };
    const { partitions, counts, ...rest } = await plan(world);
    const [there, live] = [await listFolder(world.a, PATH('2'), SIGNAL), await listFolder(world.b, PATH('2'), SIGNAL)];
    expect(partitions.map(({ name }) => name)).toEqual(['1', '2', '3'].map(NAME));
    expect(partitions[1]).toEqual({
      name: NAME('2'),
      values: VALUES('2'),
      k: partitionKey(NAME('2')),
      finding: 'changed',
      from: PATH('2'),
      live: PATH('2'),
      to: PATH('2'),
      stageRoot: `${T}/.hive-ferry`,
      files: 1,
      bytes: 9,
      sourceDigest: there?.digest,
      planned: { folderId: live?.folderId, digest: live?.digest },
      registeredAt: `hdfs://b:8020${PATH('2')}`,
    });
    expect(counts).toEqual({ selected: 3, unchanged: 1, toCopy: 2, diverged: 0, toPrune: 0, skipped: 0 });
    expect(rest).toMatchObject({
      schemaVersion: 1,
      strategy: 'swap',
      partitioned: true,
      location: `hdfs://b:8020${T}`,
      locationPath: T,
      changes: [],
    });
  });
});
