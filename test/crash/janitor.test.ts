import { describe, expect, it, jest } from '@jest/globals';
import { needsPerson, type TableCleaning } from '../../sync/clean-report.ts';
import { cleanTable } from '../../sync/clean-table.ts';
import { everyCall } from './every-call.ts';
import { type Fault, Gate } from './gate.ts';
import { assertComplete, assertNoneAbsent, assertNoStaging, assertWhole } from './invariants.ts';
import { engineFor, livePath, makeWorld, runSync, runToEnd, type World, type WorldKind } from './world.ts';

jest.setTimeout(120_000);

const KINDS = ['partitioned', 'unpartitioned', 'relocated'] as const;

/** A world in which nothing that was retired is kept for a while, so that every version that may go goes at once. */
async function makeForgetfulWorld(kind: WorldKind): Promise<World> {
  const world = await makeWorld(kind);
  world.options = { ...world.options, retainMs: 0 };
  return world;
}

function clean(
  world: World,
  gate: Gate = new Gate({ check: (call) => assertWhole(world, call) }),
  dryRun = false,
): Promise<TableCleaning> {
  const engine = engineFor(world, gate);
  return cleanTable(engine, engine.open('b'), { database: 'sales', table: world.table }, { dryRun });
}

/** Kills run-1 at a call; 'past the end' when it has no such call. */
async function killFirst(world: World, at: number): Promise<'killed' | 'past the end'> {
  const gate = new Gate({ at, fault: 'crash-after', check: (call) => assertWhole(world, call) });
  await runSync(world, 'run-1', gate).catch(() => undefined);
  if (gate.hit === '') return 'past the end';
  world.ended.add('run-1');
  return 'killed';
}

/** The next run ends complete, and then there is nothing left to clean or to look at. */
async function assertMended(world: World, kind: WorldKind): Promise<void> {
  await runToEnd(world, 'run-2', (call) => assertWhole(world, call));
  assertComplete(world);
  await clean(world);
  const again = await clean(world);
  expect([again.finished, again.restored, again.deleted]).toEqual([[], [], []]);
  // The folder that a table had before its first relocation carries no run key.
  expect(again.kept.filter(needsPerson).filter(({ why }) => kind === 'partitioned' || why !== 'no-run')).toEqual([]);
  assertComplete(world);
  assertNoStaging(world);
}

describe.each(KINDS)('cleaning after a %s table', (kind) => {
  it('case 47: a run killed at any call and terminated leaves no partition absent, and nothing in limbo', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeForgetfulWorld(kind);
      if ((await killFirst(world, at)) === 'past the end') return 'past the end';
      await clean(world);
      assertNoneAbsent(world);
      await assertMended(world, kind);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('a run that sleeps at any call, is terminated and cleaned after, and wakes up: no harm', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeForgetfulWorld(kind);
      const check = (call: string) => assertWhole(world, call);
      const gate = new Gate({
        at,
        fault: 'pause-before',
        check,
        meanwhile: async () => {
          world.ended.add('run-1');
          await clean(world);
          assertNoneAbsent(world);
        },
      });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      await assertMended(world, kind);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });
});

describe('the next run', () => {
  it('case 47: closes by itself what a terminated run left, whatever call that died at, before it plans', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeForgetfulWorld('partitioned');
      if ((await killFirst(world, at)) === 'past the end') return 'past the end';
      await runToEnd(world, 'run-2', (call) => assertWhole(world, call));
      assertComplete(world);
      assertNoStaging(world);
      expect((await clean(world)).finished).toEqual([]);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });
});

describe('cleaning beside runs', () => {
  it('touches nothing of a run that goes on, whatever call it is at', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeForgetfulWorld('partitioned');
      const check = (call: string) => assertWhole(world, call);
      let cleaned: TableCleaning | undefined;
      const meanwhile = async () => {
        cleaned = await clean(world);
      };
      const gate = new Gate({ at, fault: 'pause-before', check, meanwhile });
      expect(await runSync(world, 'run-1', gate)).toMatchObject({ outcome: 'complete', failures: [] });
      if (gate.hit === '') return 'past the end';
      // At its last calls it has told its outcome, and is fenced.
      if (cleaned?.runs.open === 1) expect(cleaned).toMatchObject({ finished: [], restored: [], deleted: [] });
      assertComplete(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('a rival sleeps at any call while what a killed run left is cleaned: whole, and the next run ends complete', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeForgetfulWorld('partitioned');
      await killFirst(world, await afterRetiring());
      const check = (call: string) => assertWhole(world, call);
      const gate = new Gate({
        at,
        fault: 'pause-before',
        check,
        meanwhile: async () => void (await clean(world)),
      });
      await runSync(world, 'run-9', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      await assertMended(world, 'partitioned');
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it.each(['crash-after', 'lost-after', 'lost-before', 'pause-before'] as const)(
    'the cleaning itself is stopped at any call (%s) while it brings back what a killed run retired, and cleaned again',
    async (fault) => {
      const points = await everyCall(async (at) => {
        const world = await makeForgetfulWorld('partitioned');
        await killFirst(world, await afterRetiring());
        return await stoppedCleaning(world, 'partitioned', fault, at);
      });
      expect(points).toBeGreaterThan(5);
    },
  );

  it.each(['crash-after', 'lost-after', 'lost-before', 'pause-before'] as const)(
    'the cleaning itself is stopped at any call (%s) while it deletes outdated versions, and cleaned again',
    async (fault) => {
      const points = await everyCall(async (at) => {
        const world = await makeForgetfulWorld('relocated');
        await runToEnd(world, 'run-1');
        return await stoppedCleaning(world, 'relocated', fault, at);
      });
      expect(points).toBeGreaterThan(5);
    },
  );
});

it('keeps a retired version that somebody has pointed a partition to', async () => {
  const world = await makeForgetfulWorld('partitioned');
  await runToEnd(world, 'run-1', () => {});
  const [slot] = (await clean(world, undefined, true)).deleted;
  const values = [slot?.partition?.replace('dt=', '') ?? ''];
  const live = `hdfs://b${livePath(world, slot?.partition ?? '')}`;
  const alteration = { values, expectLocation: live, location: `hdfs://b${slot?.path}`, parameters: {} };
  await world.catalogB.apply({
    kind: 'alter-partitions',
    of: { database: 'sales', table: world.table },
    partitions: [alteration],
  });
  const { deleted, kept } = await clean(world);
  expect(deleted.map(({ path }) => path)).not.toContain(slot?.path);
  expect(kept).toContainEqual(expect.objectContaining({ path: slot?.path, why: 'foreign' }));
  expect(world.b.attributesNow(slot?.path ?? '')).toBeDefined();
});

async function stoppedCleaning(
  world: World,
  kind: WorldKind,
  fault: Fault,
  at: number,
): Promise<'tried' | 'past the end'> {
  const meanwhile = async () => void (await clean(world));
  const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call), meanwhile });
  await clean(world, gate).catch(() => undefined);
  if (gate.hit === '') return 'past the end';
  await clean(world);
  assertNoneAbsent(world);
  await assertMended(world, kind);
  return 'tried';
}

/** The call of run-1 that moves the first live folder aside, so that its partition is absent. */
let retiring: Promise<number> | undefined;
function afterRetiring(): Promise<number> {
  retiring ??= (async () => {
    for (let at = 1; ; at += 1) {
      const world = await makeForgetfulWorld('partitioned');
      const gate = new Gate({ at, fault: 'crash-after' });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') throw new Error('run-1 retires nothing');
      if (world.b.attributesNow('/warehouse/sales.db/orders/dt=1') === undefined) return at;
    }
  })();
  return retiring;
}
