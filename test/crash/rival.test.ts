import { describe, expect, it, jest } from '@jest/globals';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertNoStaging, assertWhole } from './invariants.ts';
import { makeWorld, runSync, runToEnd } from './world.ts';

jest.setTimeout(120_000);

const KINDS = ['partitioned', 'unpartitioned', 'relocated'] as const;

describe.each(KINDS)('two over a %s table', (kind) => {
  // Between two looks as well where there is a gap to fall into; elsewhere before each change.
  const count = kind === 'partitioned' ? 'all' : 'changes';

  it('case 39: an attempt sleeps at any call, another ends the run, the first one wakes: no harm', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeWorld(kind);
      const check = (call: string) => assertWhole(world, call);
      const gate = new Gate({
        at,
        count,
        fault: 'pause-before',
        check,
        meanwhile: async () => {
          const outcome = await runToEnd(world, 'run-1', check);
          expect(outcome.failures).toEqual([]);
          assertComplete(world);
        },
      });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      assertComplete(world);
      // A worker that did not get its answer asks again; whatever the sleeper left is cleaned by the closing step.
      await runToEnd(world, 'run-1', check).catch(() => undefined);
      assertComplete(world);
      assertNoStaging(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('case 28: a rival run goes from start to end while the first sleeps at any call: whole, one run’s or the other’s', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeWorld(kind);
      const check = (call: string) => assertWhole(world, call);
      const gate = new Gate({
        at,
        count,
        fault: 'pause-before',
        check,
        meanwhile: async () => void (await runToEnd(world, 'run-2', check)),
      });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      await runToEnd(world, 'run-3', check);
      assertComplete(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('a rival goes on after the first was killed at any call for good, and the first one’s next attempt comes later', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeWorld(kind);
      const check = (call: string) => assertWhole(world, call);
      const gate = new Gate({ at, fault: 'crash-after', check });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      await runToEnd(world, 'run-2', check);
      await runToEnd(world, 'run-1', check);
      assertComplete(world);
      assertNoStaging(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });
});
