import { describe, expect, it } from '@jest/globals';
import { FerryError } from '../../../errors/ferry-error.ts';
import { planNodes } from '../../../sync/plan-nodes.ts';
import { assertFits, planSpace } from '../../../sync/plan-space.ts';
import { assertStagePlaces } from '../../../sync/stage-places.ts';
import { bothSides, give, NAME, PATH, plan, record, T } from './orders-on-both.ts';
import { memoryFiles, refusal, specOf, WAREHOUSE } from './two-clusters.ts';

/** One partition of 10 bytes to copy, in blocks of 16. */
async function oneNew() {
  const world = await bothSides({}, { b: memoryFiles('b', { blockSize: 16 }) });
  await give(world, '1', { f: '0123456789' });
  return world;
}

describe('the space of a plan', () => {
  it('is held against every quota at and above the folder it is staged in, the highest first', async () => {
    const world = await oneNew();
    world.b.writeFile(`${WAREHOUSE}/other/f`, '12345');
    world.b.setQuota(WAREHOUSE, { space: 100, names: 50 });
    world.b.setQuota(T, { space: 30 });
    const space = await planSpace(world.engine, await plan(world));
    expect(space).toMatchObject({ bytes: 10, space: 10, names: 2, factor: 1, assumed: false, unread: [] });
    expect(space.rooms.map(({ path, kind, used, fits }) => [path, kind, used, fits])).toEqual([
      [WAREHOUSE, 'space', 5, 'yes'],
      [WAREHOUSE, 'names', 4, 'yes'],
      [T, 'space', 0, 'yes'],
    ]);
  });

  it('asks nothing of a plan that copies nothing', async () => {
    const world = await bothSides();
    const asked: unknown[] = [];
    world.b.quotaUsage = async (path) => void asked.push(path);
    expect(await planSpace(world.engine, await plan(world))).toMatchObject({ bytes: 0, names: 0, rooms: [] });
    expect(asked).toEqual([]);
  });

  it('tells the quotas that the user may not see, and takes HDFS’s replication where the cluster does not tell its own', async () => {
    const world = await oneNew();
    world.b.fileDefaults = async () => undefined as never;
    world.b.quotaUsage = async (path) => {
      if (path === '/') throw new FerryError('PERMISSION_DENIED', 'no');
      return undefined;
    };
    const space = await planSpace(world.engine, await plan(world));
    expect(space).toMatchObject({ factor: 3, space: 30, assumed: true, rooms: [], unread: ['/'] });
  });

  it('does not take a server that fails for one without quotas', async () => {
    const world = await oneNew();
    world.b.quotaUsage = async () => {
      throw new FerryError('CONNECTION_LOST', 'gone');
    };
    expect(await refusal(planSpace(world.engine, await plan(world)))).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('case 29: a run that cannot fit is refused before anything is written, with the quota named', async () => {
    const world = await oneNew();
    world.b.setQuota(WAREHOUSE, { space: 9 });
    const before = world.b.tree();
    const error = await refusal(planNodes(world.engine, specOf()));
    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(error.message).toBe(`b: the space quota of ${WAREHOUSE} is 9 bytes: 0 are used, 10 more are needed`);
    expect(world.b.tree()).toEqual(before);
  });

  it('is no reason to refuse where it is only tight', async () => {
    const world = await oneNew();
    world.b.setQuota(WAREHOUSE, { space: 12 });
    const space = await planSpace(world.engine, await plan(world));
    expect(space.rooms[0]).toMatchObject({ fits: 'tight' });
    expect(() => assertFits(space, 'b')).not.toThrow();
  });
});

describe('where a plan stages', () => {
  it('a folder on the way with a quota of its own is refused by name', async () => {
    const world = await oneNew();
    await world.b.mkdirs(`${T}/dt=2026-01-01`);
    world.b.setQuota(`${T}/dt=2026-01-01`, { names: 1000 });
    const error = await refusal(assertStagePlaces(world.engine, await plan(world)));
    expect(error).toMatchObject({ code: 'STAGE_APART' });
    expect(error.message).toContain(`b:${T}/dt=2026-01-01 has a quota of its own`);
  });

  it('so is a quota, or an encryption zone, of the version that is replaced', async () => {
    for (const special of ['quota', 'zone']) {
      const world = await oneNew();
      world.b.writeFile(`${PATH('1')}/f`, 'an older one');
      await record(world, '1');
      const before = await plan(world);
      expect(before.partitions).toMatchObject([{ name: NAME('1'), finding: 'changed' }]);
      await assertStagePlaces(world.engine, before);
      if (special === 'quota') world.b.setQuota(PATH('1'), { space: 1000 });
      else world.b.makeEncryptionZone(PATH('1'));
      const error = await refusal(planNodes(world.engine, specOf()));
      expect(error).toMatchObject({ code: 'STAGE_APART' });
      expect(error.message).toContain(PATH('1'));
    }
  });

  it('a relocated version beside a table in an encryption zone would not be encrypted: refused', async () => {
    const world = await oneNew();
    world.b.writeFile(`${PATH('1')}/f`, 'an older one');
    await record(world, '1');
    world.b.makeEncryptionZone(T);
    await assertStagePlaces(world.engine, await plan(world));
    const error = await refusal(assertStagePlaces(world.engine, await plan(world, { publish: 'relocate' })));
    expect(error.message).toContain(`b:${PATH('1')} lies in an encryption zone and ${T}-versions does not`);
  });

  it('a quota and a zone of the table itself, or of a folder above, hold for both', async () => {
    const world = await oneNew();
    world.b.setQuota(T, { names: 1000, space: 1000 });
    world.b.makeEncryptionZone(WAREHOUSE);
    await assertStagePlaces(world.engine, await plan(world));
    expect((await planNodes(world.engine, specOf())).counts.toCopy).toBe(1);
  });
});
