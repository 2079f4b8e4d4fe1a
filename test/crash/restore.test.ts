import { describe, expect, it, jest } from '@jest/globals';
import { cleanTable } from '../../sync/clean-table.ts';
import { type Restoration, restorePartition } from '../../sync/restore-partition.ts';
import { dropped, ORDERS } from './dropped-world.ts';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertNoneAbsent, assertNoStaging, assertWhole } from './invariants.ts';
import { engineFor, livePath, makeWorld, runSync, runToEnd, type World, type WorldKind } from './world.ts';

jest.setTimeout(120_000);

type Asked = { readonly runKey?: string; readonly from?: string; readonly partition?: string };

function restore(
  world: World,
  { runKey = 'run-7', from, partition = 'dt=1' }: Asked = {},
  gate: Gate = new Gate({ check: (call) => assertWhole(world, call) }),
): Promise<Restoration> {
  const engine = engineFor(world, gate);
  const order = { of: { database: 'sales', table: world.table }, partition, ...(from !== undefined && { run: from }) };
  return restorePartition(engine, engine.open('b'), { runKey, workflowId: 'restore/x' }, order);
}

async function clean(world: World): Promise<void> {
  const engine = engineFor(world);
  await cleanTable(engine, engine.open('b'), { database: 'sales', table: world.table }, { dryRun: false });
}

/** Of the one file that every version of these worlds has. */
function contentOf(world: World, partition: string): string | undefined {
  return world.b.readFile(`${livePath(world, partition)}/000000_0`)?.toString();
}

async function replaced(kind: WorldKind): Promise<World> {
  const world = await makeWorld(kind);
  await runToEnd(world, 'run-1');
  return world;
}

const KINDS: readonly (readonly [WorldKind, string])[] = [
  ['partitioned', 'dt=1'],
  ['unpartitioned', ''],
  ['relocated', 'dt=1'],
];

describe.each(KINDS)('a replaced version of a %s table', (kind, partition) => {
  it.each(['crash-before', 'crash-after', 'lost-before', 'lost-after'] as const)(
    'comes back wherever the restoring is stopped (%s), and what it replaced can come back after it',
    async (fault) => {
      const points = await everyCall(async (at) => {
        const world = await replaced(kind);
        const gate = new Gate({ at, fault, check: (call) => assertWhole(world, call) });
        await restore(world, { partition }, gate).catch(() => undefined);
        if (gate.hit === '') return 'past the end';
        expect(await restore(world, { partition })).toMatchObject({
          kind: 'restored',
          partition: partition || '(whole table)',
        });
        expect(contentOf(world, partition)).toBe('old one');
        assertNoneAbsent(world);
        assertNoStaging(world);
        const from = kind === 'partitioned' ? 'run-7' : 'run-1';
        expect(await restore(world, { runKey: 'run-8', from, partition })).toMatchObject({ kind: 'restored' });
        assertComplete(world);
        return 'tried';
      });
      expect(points).toBeGreaterThan(8);
    },
  );

  it('is one version or the other when the restoring is terminated at any call and cleaned after', async () => {
    const ends = new Set<string | undefined>();
    await everyCall(async (at) => {
      const world = await replaced(kind);
      const gate = new Gate({ at, fault: 'crash-after', check: (call) => assertWhole(world, call) });
      await restore(world, { partition }, gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      world.ended.add('run-7');
      await clean(world);
      assertNoneAbsent(world);
      assertNoStaging(world);
      ends.add(contentOf(world, partition));
      await runToEnd(world, 'run-2', (call) => assertWhole(world, call));
      assertComplete(world);
      return 'tried';
    });
    expect([...ends].sort()).toEqual(['new one', 'old one']);
  });
});

describe('a restore', () => {
  it('beside a sync that sleeps at any call leaves the partition whole', async () => {
    const points = await everyCall(async (at) => {
      const world = await makeWorld('partitioned');
      await runToEnd(world, 'run-1');
      await restore(world);
      const check = (call: string) => assertWhole(world, call);
      const meanwhile = async () =>
        void (await restore(world, { runKey: 'run-8', from: 'run-7' }).catch(() => undefined));
      const gate = new Gate({ at, fault: 'pause-before', check, meanwhile });
      await runSync(world, 'run-2', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      await clean(world);
      assertNoneAbsent(world);
      await runToEnd(world, 'run-3', check);
      assertComplete(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(20);
  });

  it('brings a pruned partition back as it was registered, wherever it is stopped', async () => {
    const points = await everyCall(async (at) => {
      const world = await dropped();
      const before = world.catalogB.readPartitions(ORDERS).get('dt=2');
      await runToEnd(world, 'run-1');
      const gate = new Gate({ at, fault: 'crash-after' });
      await restore(world, { partition: 'dt=2' }, gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      expect(await restore(world, { partition: 'dt=2' })).toMatchObject({ kind: 'restored', was: 'pruned' });
      const after = world.catalogB.readPartitions(ORDERS).get('dt=2');
      expect(after?.storage).toEqual(before?.storage);
      expect(after?.parameters).toMatchObject({ 'hive-ferry.run': 'run-7' });
      expect(world.b.readFile('/warehouse/sales.db/orders/dt=2/g')?.toString()).toBe('gone');
      return 'tried';
    });
    expect(points).toBeGreaterThan(8);
  });

  it('retires what other hands laid at the place of a pruned partition, and loses nothing of it', async () => {
    const world = await dropped();
    await runToEnd(world, 'run-1');
    world.b.writeFile('/warehouse/sales.db/orders/dt=2/by-hand', 'mine');
    const done = await restore(world, { partition: 'dt=2' }, new Gate());
    expect(done).toMatchObject({ kind: 'restored', to: '/warehouse/sales.db/orders/dt=2' });
    const retired = done.kind === 'restored' ? done.retired : undefined;
    expect(world.b.readFile(`${retired}/by-hand`)?.toString()).toBe('mine');
    expect(world.b.readFile('/warehouse/sales.db/orders/dt=2/g')?.toString()).toBe('gone');
  });

  it('names all versions when several are aside, and takes the one of the run that is named', async () => {
    const world = await replaced('partitioned');
    world.b.writeFile(`${livePath(world, 'dt=1')}/000000_0`, 'by hand');
    world.options = { overwrite: 'diverged' };
    await runToEnd(world, 'run-2');
    const all = await restore(world);
    expect(all).toMatchObject({ kind: 'ambiguous', candidates: [{ run: 'run-2' }, { run: 'run-1' }] });
    expect(await restore(world, { from: 'run-2' }, new Gate())).toMatchObject({ kind: 'restored', run: 'run-2' });
    expect(contentOf(world, 'dt=1')).toBe('by hand');
  });

  it('says so when nothing is aside', async () => {
    const world = await replaced('partitioned');
    expect(await restore(world, { partition: 'dt=9' })).toEqual({ kind: 'nothing' });
    expect(await restore(world, { from: 'run-0' })).toEqual({ kind: 'nothing' });
  });
});
