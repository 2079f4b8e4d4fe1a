import { describe, expect, it, jest } from '@jest/globals';
import { cleanTable } from '../../sync/clean-table.ts';
import { dropped, ORDERS } from './dropped-world.ts';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertNoStaging, assertWhole } from './invariants.ts';
import { engineFor, makeWorld, runSync, runToEnd, type World } from './world.ts';

jest.setTimeout(120_000);

const KEPT = { f: 'kept' };

function registered(world: World): readonly string[] {
  return [...world.catalogB.readPartitions(ORDERS).keys()];
}

function retiredContent(world: World): readonly string[] {
  return world.b.tree().filter((line) => /\/retired\/[^/]+\/g \(4\)$/.test(line));
}

describe('prune', () => {
  it.each(['crash-after', 'lost-after', 'lost-before'] as const)(
    'stopped at any change (%s), ends with the partition retired, whole',
    async (fault) => {
      const points = await everyCall(async (at) => {
        const world = await dropped();
        const gate = new Gate({ at, fault });
        await runSync(world, 'run-1', gate).catch(() => undefined);
        if (gate.hit === '') return 'past the end';
        await runToEnd(world, 'run-1');
        expect(registered(world)).toEqual(['dt=1']);
        expect(world.b.tree('/warehouse/sales.db/orders/dt=2')).toEqual([]);
        expect(retiredContent(world)).toHaveLength(1);
        assertNoStaging(world);
        return 'tried';
      });
      expect(points).toBeGreaterThan(10);
    },
  );

  it('killed at any change, terminated and cleaned after, is done or undone, never in between', async () => {
    const ends = new Set<string>();
    const points = await everyCall(async (at) => {
      const world = await dropped();
      const gate = new Gate({ at, fault: 'crash-after' });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      world.ended.add('run-1');
      const engine = engineFor(world);
      await cleanTable(engine, engine.open('b'), ORDERS, { dryRun: false });
      const live = world.b.tree('/warehouse/sales.db/orders/dt=2').length > 0;
      const end = [...registered(world), live ? 'live' : 'gone', retiredContent(world).length].join(' ');
      expect(['dt=1 dt=2 live 0', 'dt=1 gone 1']).toContain(end);
      ends.add(end);
      return 'tried';
    });
    expect(points).toBeGreaterThan(10);
    expect(ends.size).toBe(2);
  });

  it('tells what it pruned, and nothing the next time', async () => {
    const world = await dropped();
    expect(await runSync(world, 'run-1')).toMatchObject({
      outcome: 'complete',
      partitions: { selected: 2, published: 1, pruned: 1 },
    });
    expect(await runSync(world, 'run-2')).toMatchObject({
      outcome: 'nothing-to-do',
      partitions: { selected: 1, pruned: 0 },
    });
  });

  it('drops nothing that somebody else changed', async () => {
    const world = await dropped();
    world.b.writeFile('/warehouse/sales.db/orders/dt=2/by-hand', 'mine');
    expect(await runSync(world, 'run-1')).toMatchObject({
      outcome: 'partial',
      failures: [{ partition: 'dt=2', code: 'TARGET_DIVERGED' }],
    });
    expect(registered(world)).toEqual(['dt=1', 'dt=2']);
  });

  it('drops nothing when the source table was dropped and made anew, empty', async () => {
    const world = await dropped();
    const table = world.catalogA.readTable(ORDERS);
    world.catalogA.removeTable(ORDERS);
    if (table) world.catalogA.putTable({ ...table, createTime: table.createTime + 100, id: '999' });
    world.options = { prune: { percent: 100 } };
    await expect(runSync(world, 'run-1')).rejects.toMatchObject({ code: 'SOURCE_RECREATED' });
    expect(registered(world)).toEqual(['dt=1', 'dt=2']);
  });

  it('stops at the share of partitions that is allowed', async () => {
    const world = await dropped();
    world.options = { prune: { percent: 10 } };
    await expect(runSync(world, 'run-1')).rejects.toMatchObject({ code: 'PRUNE_LIMIT' });
  });
});

describe('compare: "content"', () => {
  /** Somebody laid down the same bytes under times of their own, and no record. */
  async function laidDown(): Promise<World> {
    const world = await makeWorld('partitioned', new Map([['dt=1', { old: KEPT, new: KEPT }]]));
    world.b.writeFile('/warehouse/sales.db/orders/dt=1/f', 'kept', { modificationTime: 1 });
    world.options = { compare: 'content' };
    return world;
  }

  it('takes over equal bytes without copying one, wherever it is stopped', async () => {
    const points = await everyCall(async (at) => {
      const world = await laidDown();
      const check = (call: string) => assertWhole(world, call);
      const gate = new Gate({ at, fault: 'crash-after', check });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      expect(await runToEnd(world, 'run-1', check)).toMatchObject({ failures: [], bytes: { copied: 0 } });
      world.options = {};
      expect(await runToEnd(world, 'run-2')).toMatchObject({ outcome: 'nothing-to-do', bytes: { copied: 0 } });
      return 'tried';
    });
    expect(points).toBeGreaterThan(10);
  });

  it('leaves other bytes of the same length alone, and replaces its own', async () => {
    const world = await laidDown();
    world.b.writeFile('/warehouse/sales.db/orders/dt=1/f', 'KEPT', { modificationTime: 1 });
    expect(await runSync(world, 'run-1')).toMatchObject({ failures: [{ code: 'TARGET_DIVERGED' }] });
    world.options = { compare: 'content', overwrite: 'diverged' };
    expect(await runSync(world, 'run-2')).toMatchObject({ outcome: 'complete', bytes: { copied: 4 } });
    expect(world.b.readFile('/warehouse/sales.db/orders/dt=1/f')?.toString()).toBe('kept');
  });

  it('case 25: finds other bytes under the same name, length and time', async () => {
    const world = await laidDown();
    const [time] = await Promise.all([world.a.status('/warehouse/sales.db/orders/dt=1/f')]);
    world.b.writeFile('/warehouse/sales.db/orders/dt=1/f', 'KEPT', { modificationTime: time?.modificationTime ?? 0 });
    world.options = { compare: 'content', overwrite: 'diverged' };
    expect(await runSync(world, 'run-1')).toMatchObject({ outcome: 'complete', bytes: { copied: 4 } });
    expect(world.b.readFile('/warehouse/sales.db/orders/dt=1/f')?.toString()).toBe('kept');
  });
});
