import { STREAM_BYTES } from '../../sync/streams.ts';
import { livePath, makeWorld, type World } from './world.ts';

const BLOCK = 512;
export const LARGE = Array.from({ length: 2 * BLOCK + 200 }, (_, place) => place % 10).join('');
const SMALL = 'beside it';
/** Bytes of the new version. */
export const ALL = LARGE.length + SMALL.length;

/** One partition with a file of three chunks and one that goes whole. */
export async function chunkedWorld(streams = 4): Promise<World> {
  const versions = { old: { large: 'old' }, new: { large: LARGE, small: SMALL } };
  const world = await makeWorld('partitioned', new Map([['dt=1', versions]]), { blockSize: BLOCK });
  world.options = { chunkBytes: BLOCK, nodes: { count: 1, memoryBytes: streams * STREAM_BYTES } };
  world.bytesMoved = 0;
  return world;
}

/** What nobody has to copy again: verified chunks and staged files, wherever they lie, or all of it when it has landed. */
export function bytesKept(world: World): number {
  const live = world.b.readFile(`${livePath(world, 'dt=1')}/small`);
  if (live?.toString() === SMALL) return ALL;
  const verified = world.b.tree().filter((line) => /\/\.hive-ferry\/.*\/(chunks|stage)\//.test(line));
  return verified.reduce((sum, line) => sum + Number(/ \((\d+)/.exec(line)?.[1] ?? 0), 0);
}
