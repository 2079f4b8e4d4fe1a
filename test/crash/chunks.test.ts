import { describe, expect, it, jest } from '@jest/globals';
import type { MemoryFileSystem } from '../../storage/memory-file-system.ts';
import { ALL, bytesKept, chunkedWorld, LARGE } from './chunked-world.ts';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertNoStaging, assertWhole } from './invariants.ts';
import { livePath, runSync, runToEnd, type World } from './world.ts';

jest.setTimeout(120_000);

/** Kills that fall between the chunks, not only before and after them all, are no farther apart. */
const SPREAD = { most: 3 };

/** Cluster b joins nothing, as in an encryption zone. */
function withoutConcat(world: World): World {
  const refusing = new Proxy(world.b, {
    get(target, property) {
      if (property === 'concat') return async () => ({ joined: false, reason: 'in an encryption zone' });
      const member = Reflect.get(target, property, target) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { ...world, b: refusing as MemoryFileSystem };
}

describe('a file in chunks', () => {
  it('is joined to one with the checksum of the source', async () => {
    const world = await chunkedWorld();
    expect(await runSync(world, 'run-1')).toMatchObject({ files: { copied: 2, reused: 0 }, bytes: { copied: ALL } });
    assertComplete(world);
    assertNoStaging(world);
    const at = `${livePath(world, 'dt=1')}/large`;
    expect(await world.b.checksum(at)).toEqual(await world.a.checksum('/warehouse/sales.db/orders/dt=1/large'));
    expect(world.bytesMoved).toBe(ALL);
  });

  it.each(['crash-before', 'crash-after'] as const)(
    'case 5: killed (%s) at any call, costs no byte that was verified',
    async (fault) => {
      const kept = new Set<number>();
      const points = await everyCall(async (at) => {
        const world = await chunkedWorld(1);
        const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call) });
        await runSync(world, 'run-1', gate).catch(() => undefined);
        if (gate.hit === '') return 'past the end';
        const before = bytesKept(world);
        kept.add(before);
        world.bytesMoved = 0;
        const outcome = await runToEnd(world, 'run-1', (call) => assertWhole(world, call));
        expect(outcome).toMatchObject({ failures: [] });
        assertComplete(world);
        assertNoStaging(world);
        expect(world.bytesMoved).toBe(ALL - before);
        return 'tried';
      }, SPREAD);
      expect(points).toBeGreaterThan(25);
      // The kills fell between the chunks, not only before and after them all.
      expect(kept.size).toBeGreaterThan(3);
    },
  );

  it.each(['lost-before', 'lost-after'] as const)('case 48: the answer of any one call is lost (%s)', async (fault) => {
    const points = await everyCall(async (at) => {
      const world = await chunkedWorld();
      const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call) });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      expect(await runToEnd(world, 'run-1', (call) => assertWhole(world, call))).toMatchObject({ failures: [] });
      assertComplete(world);
      assertNoStaging(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('case 39: whose attempt sleeps at any call while another ends the run does no harm when it wakes', async () => {
    await everyCall(async (at) => {
      const world = await chunkedWorld();
      const check = (call: string) => assertWhole(world, call);
      const meanwhile = async () => void (await runToEnd(world, 'run-1', check));
      const gate = new Gate({ at, fault: 'pause-before', check, meanwhile });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      await runToEnd(world, 'run-1', check).catch(() => undefined);
      assertComplete(world);
      assertNoStaging(world);
      return 'tried';
    });
  });

  it('goes whole where the cluster refuses to join files', async () => {
    const world = withoutConcat(await chunkedWorld());
    expect(await runSync(world, 'run-1')).toMatchObject({ outcome: 'complete', bytes: { copied: ALL } });
    assertComplete(world);
    assertNoStaging(world);
  });

  it('that is replaced while its chunks are copied arrives as it is then, no chunk of the older one in it', async () => {
    const world = await chunkedWorld();
    const later = LARGE.replaceAll('1', 'x');
    let replaced = false;
    const check = (call: string) => {
      if (replaced || !/rename\(.*\/part\//.test(call)) return;
      replaced = true;
      world.a.writeFile('/warehouse/sales.db/orders/dt=1/large', later);
    };
    expect(await runSync(world, 'run-1', new Gate({ check }))).toMatchObject({ outcome: 'complete' });
    expect(world.b.readFile(`${livePath(world, 'dt=1')}/large`)?.toString()).toBe(later);
    assertNoStaging(world);
  });
});
