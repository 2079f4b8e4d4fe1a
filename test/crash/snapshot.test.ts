import { describe, expect, it, jest } from '@jest/globals';
import { FerryError } from '../../errors/ferry-error.ts';
import { planDigest, planLines } from '../../sync/plan-lines.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertNoStaging, assertWhole } from './invariants.ts';
import { engineFor, makeWorld, runSync, runToEnd, specFor, type World } from './world.ts';

jest.setTimeout(120_000);

const TABLE = '/warehouse/sales.db/orders';
const VERSIONS = { old: { f: 'old' }, new: { f: 'new', g: 'beside it' } };

/** Of whose source snapshots are allowed: of this folder. */
async function snapshotWorld(allowed = TABLE): Promise<World> {
  const world = await makeWorld('partitioned', new Map([['dt=1', VERSIONS]]));
  world.a.allowSnapshot(allowed);
  world.options = { consistency: 'snapshot' };
  return world;
}

function snapshots(world: World, folder = TABLE): readonly string[] {
  const names = world.a
    .tree(`${folder}/.snapshot`)
    .map((line) => line.slice(`${folder}/.snapshot/`.length).split('/')[0]);
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as readonly string[];
}

/** Whose run-1 made its snapshot and was terminated; later runs read the source as it is. */
async function diedWithSnapshot(): Promise<World> {
  for (let at = 1; ; at += 1) {
    const world = await snapshotWorld();
    const gate = new Gate({ at, fault: 'crash-after' });
    await runSync(world, 'run-1', gate).catch(() => undefined);
    if (snapshots(world).length === 0 && gate.hit !== '') continue;
    expect(snapshots(world)).toEqual(['hive-ferry-run-1']);
    world.ended.add('run-1');
    world.options = {};
    return world;
  }
}

describe('consistency: "snapshot"', () => {
  it.each([TABLE, '/warehouse'])(
    'reads the source as it was when the run planned, and leaves no snapshot of %s',
    async (at) => {
      const world = await snapshotWorld(at);
      let seen: readonly string[] = [];
      const check = (call: string) => {
        if (!call.startsWith('b.create') || !call.includes('/part/') || seen.length > 0) return;
        seen = snapshots(world, at);
        world.a.writeFile(`${TABLE}/dt=1/f`, 'newer than the snapshot');
        world.a.writeFile(`${TABLE}/dt=1/h`, 'made after it');
      };
      expect(await runSync(world, 'run-1', new Gate({ check }))).toMatchObject({ outcome: 'complete', failures: [] });
      expect(seen).toEqual(['hive-ferry-run-1']);
      assertComplete(world);
      assertNoStaging(world);
      expect(snapshots(world, at)).toEqual([]);
    },
  );

  it.each(['crash-after', 'lost-after'] as const)(
    'leaves no snapshot when it is hurt (%s) at any call',
    async (fault) => {
      const points = await everyCall(async (at) => {
        const world = await snapshotWorld();
        const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call) });
        await runSync(world, 'run-1', gate).catch(() => undefined);
        if (gate.hit === '') return 'past the end';
        expect(await runToEnd(world, 'run-1')).toMatchObject({ failures: [] });
        assertComplete(world);
        expect(snapshots(world)).toEqual([]);
        return 'tried';
      });
      expect(points).toBeGreaterThan(25);
    },
  );

  it('leaves none when it is terminated at any call: the next run of the table deletes it', async () => {
    const points = await everyCall(async (at) => {
      const world = await snapshotWorld();
      const gate = new Gate({ at, fault: 'crash-after' });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      world.ended.add('run-1');
      world.options = {};
      expect(await runToEnd(world, 'run-2')).toMatchObject({ failures: [] });
      assertComplete(world);
      expect(snapshots(world)).toEqual([]);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('of a source that cannot be reached when a dead run is closed is deleted by a later closing', async () => {
    const world = await diedWithSnapshot();
    const deleting = world.a.deleteSnapshot.bind(world.a);
    world.a.deleteSnapshot = async () => {
      throw new FerryError('UNREACHABLE', 'a is away');
    };
    expect(await runSync(world, 'run-2')).toMatchObject({ outcome: 'complete' });
    world.a.deleteSnapshot = deleting;
    expect(await runSync(world, 'run-3')).toMatchObject({ outcome: 'nothing-to-do' });
    expect(snapshots(world)).toEqual([]);
  });

  it('that may not be deleted is told by the outcome of a run that is complete nevertheless', async () => {
    const world = await snapshotWorld();
    world.a.deleteSnapshot = async () => {
      throw new FerryError('PERMISSION_DENIED', 'only for the owner of the folder');
    };
    const outcome = await runSync(world, 'run-1');
    const kept = snapshots(world).map((name) => `a:${TABLE}/.snapshot/${name}: PERMISSION_DENIED: only for the owner`);
    expect(outcome).toMatchObject({ outcome: 'complete', snapshotsKept: [expect.stringContaining(kept[0] ?? '?')] });
  });

  it('is refused by name where no snapshot is allowed, by the plan alone too, and nothing is written', async () => {
    const world = await snapshotWorld('/elsewhere');
    const before = world.b.tree();
    for (const refused of [planSync(engineFor(world), specFor(world, 'run-1')), runSync(world, 'run-1')])
      await expect(refused).rejects.toMatchObject({
        code: 'SNAPSHOT_REFUSED',
        message: expect.stringContaining(`a:${TABLE}`),
      });
    expect(world.b.tree()).toEqual(before);
  });

  it('a plan that is only looked at makes no snapshot, and is the one that a run is held to', async () => {
    const world = await snapshotWorld();
    const plan = await planSync(engineFor(world), specFor(world, 'run-1'));
    expect(snapshots(world)).toEqual([]);
    world.options = { ...world.options, planDigest: planDigest(planLines(plan)) };
    expect(await runSync(world, 'run-2')).toMatchObject({ outcome: 'complete' });
  });
});
