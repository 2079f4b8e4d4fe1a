import { describe, expect, it } from '@jest/globals';
import { MemoryFileSystem } from '../../storage/memory-file-system.ts';
import { foldLedger, readLedger } from '../../sync/ledger.ts';
import { assertComplete, assertHandedOn } from './invariants.ts';
import { GUARDED, guardLive, makeWorld, runSync, type World } from './world.ts';

const SALES = '/warehouse/sales.db';
const DEFAULTS = [
  'default:user::rwx',
  'default:user:eve:r-x',
  'default:group::r-x',
  'default:mask::r-x',
  'default:other::---',
];

/** Cluster b's user is nobody special: what is asked of it beyond its own is refused. */
function asNobody(world: World): World {
  const files = new Proxy(world.b, {
    get(target, property) {
      if (property === 'setAttribute') {
        const others = new MemoryFileSystem({ superuser: false });
        return async (...[path, change]: Parameters<MemoryFileSystem['setAttribute']>) => {
          await others.mkdirs('/x');
          await others.setAttribute('/x', change);
          return target.setAttribute(path, change);
        };
      }
      const member = Reflect.get(target, property, target) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { ...world, b: files };
}

describe('case 49: attributes', () => {
  it('of a replaced folder that only a superuser can give are told, and the rest is handed on', async () => {
    const world = asNobody(await guardLive(await makeWorld('partitioned')));
    const outcome = await runSync(world, 'run-1');
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
    assertComplete(world);
    const { permission, acl, storagePolicy } = GUARDED;
    const there = world.b.attributesNow(`${SALES}/orders/dt=1`);
    expect(there).toEqual({ owner: 'ferry', group: 'supergroup', permission, acl, storagePolicy });
    const stories = foldLedger(await readLedger(world.b, outcome.ledger ?? '', new AbortController().signal));
    expect(stories.get('dt=1')?.landed?.notHandedOn).toEqual(['group analysts', 'owner hive']);
    expect(stories.get('dt=2')?.landed?.notHandedOn).toBeUndefined();
  });

  it('of a new partition are those of the folder it lands in, at any depth, and so are its files’', async () => {
    const world = await makeWorld('partitioned');
    await world.b.setAttribute(`${SALES}/orders`, { set: 'group', group: 'analysts' });
    await world.b.setAttribute(`${SALES}/orders`, { set: 'permission', permission: '1770' });
    await runSync(world, 'run-1');
    const given = { owner: 'ferry', group: 'analysts', acl: [], storagePolicy: undefined };
    expect(world.b.attributesNow(`${SALES}/orders/dt=2`)).toEqual({ ...given, permission: '770' });
    expect(world.b.attributesNow(`${SALES}/orders/dt=2/f`)).toEqual({ ...given, permission: '660' });
    // What stood there before keeps its own.
    expect(world.b.attributesNow(`${SALES}/orders/dt=1`)).toMatchObject({ group: 'supergroup', permission: '755' });
  });

  it('a new partition has the default ACL of the folder it lands in, as if it were made there', async () => {
    const world = await makeWorld('partitioned');
    await world.b.setAttribute(`${SALES}/orders`, { set: 'acl', acl: DEFAULTS, permission: '700' });
    await world.b.mkdirs(`${SALES}/orders/made-there`);
    await world.b.setAttribute(`${SALES}/orders/.hive-ferry`, { set: 'acl', acl: [], permission: '755' });
    await runSync(world, 'run-1');
    const made = world.b.attributesNow(`${SALES}/orders/made-there`);
    expect(world.b.attributesNow(`${SALES}/orders/dt=2`)).toEqual(made);
    expect(world.b.attributesNow(`${SALES}/orders/dt=2/f`)).toMatchObject({
      permission: '640',
      acl: ['user:eve:r-x', 'group::r-x'],
    });
  });

  it('a relocated table’s versions are as closed as the table', async () => {
    const world = await guardLive(await makeWorld('relocated'));
    await world.b.mkdirs(`${SALES}/orders`);
    await world.b.setAttribute(`${SALES}/orders`, { set: 'permission', permission: '750' });
    await world.b.setAttribute(`${SALES}/orders`, { set: 'group', group: 'analysts' });
    await runSync(world, 'run-1');
    assertHandedOn(world);
    const closed = { owner: 'ferry', group: 'analysts', permission: '750', acl: [] };
    expect(world.b.attributesNow(`${SALES}/orders-versions`)).toMatchObject(closed);
    expect(world.b.attributesNow(`${SALES}/orders-versions/run-1`)).toMatchObject(closed);
    expect(world.b.attributesNow(`${SALES}/orders-versions/run-1/dt=2`)).toMatchObject(closed);
  });

  it('what is nested in a replaced folder follows it', async () => {
    const world = await guardLive(await makeWorld('partitioned'));
    await runSync(world, 'run-1');
    const nested = `${SALES}/orders/dt=1/HIVE_UNION_SUBDIR_1`;
    const acl = ['default:user::rwx', 'default:group::r-x', 'default:other::---'];
    expect(world.b.attributesNow(nested)).toMatchObject({ group: 'analysts', permission: '750', acl });
    expect(world.b.attributesNow(`${nested}/000000_0`)).toMatchObject({ group: 'analysts', permission: '640' });
  });
});
