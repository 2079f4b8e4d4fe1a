import { describe, expect, it, jest } from '@jest/globals';
import { planNodes } from '../../sync/plan-nodes.ts';
import { ALL, bytesKept, chunkedWorld } from './chunked-world.ts';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertNoStaging, assertWhole } from './invariants.ts';
import { engineFor, livePath, runSync, runToEnd, specFor, type World } from './world.ts';

jest.setTimeout(120_000);

/** Kills that fall between the chunks, not only before and after them all, are no farther apart. */
const SPREAD = { most: 3 };

/** A run that is terminated after its call number `at`. False: it has no such call. */
async function terminated(world: World, runKey: string, at: number): Promise<boolean> {
  const gate = new Gate({ at, fault: 'crash-after', check: (call) => assertWhole(world, call) });
  await runSync(world, runKey, gate).catch(() => undefined);
  world.ended.add(runKey);
  return gate.hit !== '';
}

/** The call after which run-1 has verified a part of the bytes; found once. */
let half = 1;

/** A world in which run-1 was terminated when a part of the bytes was verified. */
async function halfCopied(): Promise<World> {
  for (; ; half += 1) {
    const world = await chunkedWorld(1);
    if (!(await terminated(world, 'run-1', half))) throw new Error('no call left a part of it');
    if (bytesKept(world) > ALL / 3 && bytesKept(world) < ALL) return world;
  }
}

/** The run ends complete, and copies only what nobody has verified. */
async function expectRest(world: World, runKey: string): Promise<void> {
  const kept = bytesKept(world);
  world.bytesMoved = 0;
  const outcome = await runToEnd(world, runKey, (call) => assertWhole(world, call));
  expect(outcome).toMatchObject({ failures: [] });
  assertComplete(world);
  assertNoStaging(world);
  expect(world.bytesMoved).toBe(ALL - kept);
}

describe('what a terminated run had verified', () => {
  it('case 47: is taken over by the next run, whenever that was', async () => {
    const kept = new Set<number>();
    const points = await everyCall(async (at) => {
      const world = await chunkedWorld(1);
      if (!(await terminated(world, 'run-1', at))) return 'past the end';
      kept.add(bytesKept(world));
      await expectRest(world, 'run-2');
      return 'tried';
    }, SPREAD);
    expect(points).toBeGreaterThan(25);
    expect(kept.size).toBeGreaterThan(3);
  });

  it('stays reusable when the next run is killed at any call of its own: by its next attempt, and by a third run', async () => {
    for (const next of ['run-2', 'run-3']) {
      const points = await everyCall(async (at) => {
        const world = await halfCopied();
        if (!(await terminated(world, 'run-2', at))) return 'past the end';
        await expectRest(world, next);
        return 'tried';
      });
      expect(points).toBeGreaterThan(25);
    }
  });

  it('case 39: goes to the next run for good: its attempt that sleeps at any call meanwhile and wakes can do nothing with it', async () => {
    await everyCall(async (at) => {
      const world = await chunkedWorld();
      const check = (call: string) => assertWhole(world, call);
      const meanwhile = async () => {
        world.ended.add('run-1');
        await runToEnd(world, 'run-2', check);
        assertComplete(world);
      };
      const gate = new Gate({ at, fault: 'pause-before', check, meanwhile });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      assertComplete(world);
      await runToEnd(world, 'run-3', check);
      assertNoStaging(world);
      return 'tried';
    });
  });

  it('case 29: needs no room a second time: quotas that hold both versions once let the next run begin, wherever that was', async () => {
    const found = new Set<number>();
    await everyCall(async (at) => {
      const world = await chunkedWorld(1);
      const table = livePath(world, 'dt=1').slice(0, -'/dt=1'.length);
      const old = (await world.b.quotaUsage(table))?.space ?? 0;
      if (!(await terminated(world, 'run-1', at))) return 'past the end';
      found.add(bytesKept(world));
      world.b.setQuota(table, { space: old + ALL });
      await planNodes(engineFor(world), specFor(world, 'run-2'));
      return 'tried';
    }, SPREAD);
    expect(found.size).toBeGreaterThan(3);
  });

  it.each([
    ['verifies more', { verify: 'stream' }],
    ['trusts no modification times', { compare: 'content' }],
  ] as const)('is no use to a run that %s', async (_, options) => {
    const world = await halfCopied();
    world.options = { ...world.options, ...options };
    expect(await runToEnd(world, 'run-2')).toMatchObject({ failures: [], bytes: { copied: ALL } });
    assertComplete(world);
    assertNoStaging(world);
  });

  it('is left alone while the run may still go on', async () => {
    const world = await halfCopied();
    world.ended.clear();
    expect(await runToEnd(world, 'run-2')).toMatchObject({ outcome: 'complete', bytes: { copied: ALL } });
  });
});
