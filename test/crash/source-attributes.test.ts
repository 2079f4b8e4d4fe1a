import { describe, expect, it, jest } from '@jest/globals';
import type { Attributes } from '../../storage/file-system.ts';
import { setAttributes } from '../set-attributes.ts';
import { everyCall } from './every-call.ts';
import { Gate } from './gate.ts';
import { assertComplete, assertNoStaging, assertWhole } from './invariants.ts';
import { GUARDED, livePath, makeWorld, runSync, runToEnd, type World, type WorldKind } from './world.ts';

jest.setTimeout(120_000);

const KINDS = ['partitioned', 'unpartitioned', 'relocated'] as const;
const FILE: Attributes = {
  owner: 'eve',
  group: 'audit',
  permission: '640',
  acl: ['user:bob:r--', 'group::r--'],
  storagePolicy: 'COLD',
};

/** The source's folder of a partition, or of the whole table. */
function sourcePath(world: World, name: string): string {
  const table = `/warehouse/sales.db/${world.table}`;
  return name === '' ? table : `${table}/${name}`;
}

/** The paths of a partition's new version, the folder itself first. */
function pathsOf(world: World, name: string): readonly string[] {
  const files = Object.keys(world.partitions.get(name)?.new ?? {});
  const folders = files.flatMap((file) => (file.includes('/') ? [file.slice(0, file.lastIndexOf('/'))] : []));
  return ['', ...folders, ...files].map((path) => (path === '' ? '' : `/${path}`));
}

/** Somebody gives every folder and file of the source attributes of its own. */
async function guardSource(world: World): Promise<World> {
  for (const name of world.partitions.keys()) {
    for (const path of pathsOf(world, name)) {
      const at = `${sourcePath(world, name)}${path}`;
      await setAttributes(world.a, at, (await world.a.status(at))?.kind === 'file' ? FILE : GUARDED);
    }
  }
  return world;
}

function assertLikeSource(world: World): void {
  for (const name of world.partitions.keys()) {
    for (const path of pathsOf(world, name)) {
      const [ours, theirs] = [`${livePath(world, name)}${path}`, `${sourcePath(world, name)}${path}`];
      expect([ours, world.b.attributesNow(ours)]).toEqual([ours, world.a.attributesNow(theirs)]);
    }
  }
}

/** Both sides hold the same files, and the attributes on the source have changed since. */
async function onlyAttributesChanged(kind: WorldKind): Promise<World> {
  const world = await makeWorld(kind);
  world.options = { ...world.options, attributes: 'source' };
  await runToEnd(world, 'run-1');
  assertLikeSource(world);
  return guardSource(world);
}

/** The files as they stand, each by its identity. */
async function identities(world: World): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of world.partitions.keys()) {
    for (const path of pathsOf(world, name)) {
      const at = `${livePath(world, name)}${path}`;
      const status = await world.b.status(at);
      found.push(`${at} ${status?.fileId} ${status?.length} ${status?.modificationTime}`);
    }
  }
  return found;
}

describe.each(KINDS)('case 31: attributes: "source", over a %s table', (kind) => {
  it('come along with what is copied, at whichever change the run is killed', async () => {
    const points = await everyCall(async (at) => {
      const world = await guardSource(await makeWorld(kind));
      world.options = { ...world.options, attributes: 'source' };
      const gate = new Gate({ at, fault: 'crash-after', check: (call) => assertWhole(world, call) });
      await runSync(world, 'run-1', gate).catch(() => undefined);
      if (gate.hit === '') return 'past the end';
      expect(await runToEnd(world, 'run-1', (call) => assertWhole(world, call))).toMatchObject({ failures: [] });
      assertComplete(world);
      assertLikeSource(world);
      assertNoStaging(world);
      return 'tried';
    });
    expect(points).toBeGreaterThan(25);
  });

  it('are mended by themselves, in place, where files did not change; a second run has nothing to do', async () => {
    const world = await onlyAttributesChanged(kind);
    const before = await identities(world);
    const outcome = await runSync(world, 'run-2');
    expect(outcome).toMatchObject({
      outcome: 'complete',
      partitions: { published: 0, unchanged: world.partitions.size, failed: 0 },
      attributesMended: world.partitions.size,
      files: { copied: 0 },
      failures: [],
    });
    assertLikeSource(world);
    assertNoStaging(world);
    expect(await identities(world)).toEqual(before);
    const again = await runSync(world, 'run-3');
    expect(again).toMatchObject({ outcome: 'nothing-to-do' });
    expect(again.attributesMended).toBeUndefined();
  });

  it.each(['crash-before', 'crash-after', 'lost-after'] as const)(
    'stopped while they are mended (%s), end alike, and the run tells what it mended',
    async (fault) => {
      const points = await everyCall(async (at) => {
        const world = await onlyAttributesChanged(kind);
        const before = await identities(world);
        const gate = new Gate({ at, fault });
        await runSync(world, 'run-2', gate).catch(() => undefined);
        if (gate.hit === '') return 'past the end';
        const outcome = await runToEnd(world, 'run-2');
        expect(outcome).toMatchObject({ outcome: 'complete', attributesMended: world.partitions.size, failures: [] });
        assertLikeSource(world);
        assertNoStaging(world);
        expect(await identities(world)).toEqual(before);
        return 'tried';
      });
      expect(points).toBeGreaterThan(10);
    },
  );
});

describe('case 31: attributes: "source"', () => {
  it('leaves alone what the source says nothing of: no policy is set there', async () => {
    const world = await makeWorld('partitioned');
    world.options = { attributes: 'source' };
    await world.b.setAttribute('/warehouse', { set: 'storagePolicy', storagePolicy: 'WARM' });
    await runToEnd(world, 'run-1');
    expect(world.b.attributesNow(livePath(world, 'dt=1'))).toMatchObject({ storagePolicy: 'WARM' });
    expect(await runSync(world, 'run-2')).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('touches nothing of a partition whose files changed since it was planned', async () => {
    const world = await onlyAttributesChanged('partitioned');
    world.options = { ...world.options, rounds: 1 };
    const file = `${livePath(world, 'dt=2')}/f`;
    let planned = false;
    const gate = new Gate({
      check: (call) => {
        if (planned || !call.includes('plan.json')) return;
        planned = true;
        world.b.writeFile(file, 'by hand');
      },
    });
    const outcome = await runSync(world, 'run-2', gate);
    expect(outcome).toMatchObject({ failures: [{ partition: 'dt=2', code: 'TARGET_CHANGED' }] });
    expect(world.b.readFile(file)?.toString()).toBe('by hand');
    expect(world.b.attributesNow(file)).toMatchObject({ owner: 'ferry' });
  });

  it('is not asked for by default: attributes of the target stay', async () => {
    const world = await makeWorld('partitioned');
    await runToEnd(world, 'run-1');
    await guardSource(world);
    expect(await runSync(world, 'run-2')).toMatchObject({ outcome: 'nothing-to-do' });
    expect(world.b.attributesNow(livePath(world, 'dt=2'))).toMatchObject({ owner: 'ferry' });
  });
});
