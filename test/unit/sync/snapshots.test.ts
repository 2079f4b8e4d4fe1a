import { describe, expect, it } from '@jest/globals';
import { foldersToFreeze, inSnapshot, outsideSnapshot } from '../../../sync/snapshots.ts';
import { memoryFiles, twoClusters } from './two-clusters.ts';

const T = '/warehouse/sales.db/orders';

describe('a path in a snapshot', () => {
  it.each([
    ['of its own folder', '/w/t', ['/w/t'], '/w/t/.snapshot/s'],
    ['of a folder above it', '/w/t/dt=1', ['/w/t'], '/w/t/.snapshot/s/dt=1'],
    ['of the one of several that it lies in', '/w/tt/dt=1', ['/w/t', '/w/tt'], '/w/tt/.snapshot/s/dt=1'],
    ['of none', '/v/t/dt=1', ['/w/t'], '/v/t/dt=1'],
  ])('%s, and back', (_, path, folders, expected) => {
    expect(inSnapshot(path, folders, 's')).toBe(expected);
    expect(outsideSnapshot(expected)).toBe(path);
  });
});

describe('the folders to be frozen', () => {
  const folders = async (allowed: readonly string[], paths: readonly string[], access: 'read' | 'write' = 'write') => {
    const a = memoryFiles('a');
    for (const path of [...paths, T]) await a.mkdirs(path);
    for (const path of allowed) a.allowSnapshot(path);
    const { source, engine } = twoClusters({ a });
    return foldersToFreeze(engine, { ...source, access }, T, paths);
  };

  it.each([
    ['the table, for all that lies in it', [T], [`${T}/dt=1`, `${T}/dt=2`], [T]],
    ['one above the table', ['/warehouse'], [`${T}/dt=1`], ['/warehouse']],
    ['those of partitions elsewhere too', [T, '/old'], ['/old/orders/dt=0', `${T}/dt=1`], ['/old', T]],
    [
      'those of the partitions, where the table has none',
      [`${T}/dt=1`, `${T}/dt=2`],
      [`${T}/dt=2`, `${T}/dt=1`],
      [`${T}/dt=1`, `${T}/dt=2`],
    ],
  ])('are %s', async (_, allowed, paths, expected) => {
    expect(await folders(allowed, paths)).toEqual(expected);
  });

  it('are refused by the table, or by the partition elsewhere, that has none', async () => {
    const of = (path: string) => ({ code: 'SNAPSHOT_REFUSED', message: expect.stringContaining(`a:${path}:`) });
    await expect(folders([], [`${T}/dt=1`])).rejects.toMatchObject(of(T));
    await expect(folders([T], ['/old/dt=0', `${T}/dt=1`])).rejects.toMatchObject(of('/old/dt=0'));
  });

  it('are none of a source that is never written', async () => {
    await expect(folders([T], [`${T}/dt=1`], 'read')).rejects.toMatchObject({ code: 'ACCESS_READ_ONLY' });
  });
});
