import { type Content, makeWorld, type World } from './world.ts';

export const ORDERS = { database: 'sales', table: 'orders' };

/** The target has dt=1 and dt=2 from an earlier run; the source has dropped dt=2. */
export async function dropped(): Promise<World> {
  const world = await makeWorld(
    'partitioned',
    new Map<string, { readonly old: Content; readonly new: Content }>([
      ['dt=1', { old: { f: 'kept' }, new: { f: 'kept' } }],
      ['dt=2', { old: { g: 'gone' }, new: { g: 'gone' } }],
    ]),
  );
  world.catalogA.removePartition(ORDERS, 'dt=2');
  world.options = { prune: { percent: 50 } };
  return world;
}
