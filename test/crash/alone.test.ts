import { describe, expect, it, jest } from '@jest/globals';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertHandedOn, assertNoStaging, assertWhole } from './invariants.ts';
import { guardLive, makeWorld, runSync, runToEnd } from './world.ts';

jest.setTimeout(120_000);

const KINDS = ['partitioned', 'unpartitioned', 'relocated'] as const;

describe.each(KINDS)('a run over a %s table', (kind) => {
  it('ends complete without faults, and a second one has nothing to do', async () => {
    const world = await guardLive(await makeWorld(kind));
    const outcome = await runSync(world, 'run-1', new Gate({ check: (call) => assertWhole(world, call) }));
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
    assertComplete(world);
    assertHandedOn(world);
    assertNoStaging(world);
    expect(await runToEnd(world, 'run-2')).toMatchObject({ outcome: 'nothing-to-do', bytes: { copied: 0 } });
  });

  it.each(['crash-before', 'crash-after'] as const)(
    'case 49: killed (%s) at any call, ends complete with the next attempt, each folder with the attributes of the one it replaced',
    async (fault) => {
      const files = (await runSync(await makeWorld(kind), 'run-1')).files.copied;
      const points = await everyCall(async (at) => {
        const world = await guardLive(await makeWorld(kind));
        const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call) });
        await runSync(world, 'run-1', gate).catch(() => undefined);
        if (gate.hit === '') return 'past the end';
        const outcome = await runToEnd(world, 'run-1', (call) => assertWhole(world, call));
        expect(outcome).toMatchObject({ failures: [] });
        // Each file was copied by one attempt, or taken over by another: it is told once, whoever was killed.
        expect(outcome.files.copied + outcome.files.reused).toBe(files);
        assertComplete(world);
        assertHandedOn(world);
        assertNoStaging(world);
        return 'tried';
      });
      expect(points).toBeGreaterThan(25);
    },
  );

  it.each(['lost-before', 'lost-after'] as const)('case 48: the answer of any one call is lost (%s)', async (fault) => {
    const points = await everyCall(async (at) => {
      const world = await guardLive(await makeWorld(kind));
      const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call) });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      const outcome = await runToEnd(world, 'run-1', (call) => assertWhole(world, call));
      expect(outcome).toMatchObject({ failures: [] });
      assertComplete(world);
      assertHandedOn(world);
      assertNoStaging(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('killed at any call and never tried again, leaves it to the next run', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeWorld(kind);
      const gate = new Gate({ at, fault: 'crash-after', check: (call) => assertWhole(world, call) });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      const outcome = await runToEnd(world, 'run-2', (call) => assertWhole(world, call));
      expect(outcome).toMatchObject({ failures: [] });
      assertComplete(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });
});
