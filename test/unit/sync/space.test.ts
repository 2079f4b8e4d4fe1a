import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../sync/compare.ts';
import { type Demand, demandsOf, erasureFactor, roomsIn, sumOfDemands } from '../../../sync/space.ts';
import { partition, planOf } from '../cli/sample-plan.ts';

const MIB = 2 ** 20;

describe('what a plan demands', () => {
  it('is what it stages, by the folder that holds the stage root, whatever stands there', () => {
    const findings: readonly Finding[] = [
      'new',
      'changed',
      'unchanged',
      'adopt',
      'register',
      'diverged',
      'young',
      'extra',
    ];
    const partitions = findings.map((finding, day) => partition(`dt=${day}`, finding));
    const elsewhere = { ...partition('dt=9', 'new'), stageRoot: '/custom/.hive-ferry' };
    const demands = demandsOf(planOf([...partitions, elsewhere]));
    // Three files and a MiB each; four nodes of 256 MiB at most, never more than partitions.
    expect([...demands]).toEqual([
      ['/b', { bytes: 2 * MIB, names: 8, openFiles: 6, scaffolding: 22 }],
      ['/custom', { bytes: MIB, names: 4, openFiles: 3, scaffolding: 11 }],
    ]);
    expect(sumOfDemands([...demands.values()])).toEqual({ bytes: 3 * MIB, names: 12, openFiles: 9, scaffolding: 33 });
  });

  it('is less what closed runs had staged of it, and never less than nothing', () => {
    const partitions = ['some', 'all'].map((k) => ({ ...partition(`dt=${k}`, 'new'), k }));
    const before = new Map([
      ['some', { bytes: MIB / 4, files: 1 }],
      ['all', { bytes: 2 * MIB, files: 9 }],
    ]);
    const [demand] = [...demandsOf(planOf(partitions), before).values()];
    expect(demand).toMatchObject({ bytes: MIB - MIB / 4, names: 2, openFiles: 2 });
  });

  it('is nothing where nothing is copied', () => {
    expect(demandsOf(planOf([partition('dt=1', 'unchanged')])).size).toBe(0);
  });
});

describe('the room in a folder', () => {
  const demand: Demand = { bytes: 10 * MIB, names: 20, openFiles: 2, scaffolding: 8 };
  const keeping = { factor: 3, blockSize: 8 * MIB };
  const usage = { names: 100, space: 70 * MIB, nameQuota: undefined, spaceQuota: undefined };

  it.each<[string, number, 'yes' | 'tight' | 'no']>([
    ['all of it, with every open block', 70 + 30 + 48, 'yes'],
    ['a byte less', 70 + 30 + 48 - 1, 'tight'],
    ['the files alone', 70 + 30, 'tight'],
    ['less than the files', 70 + 30 - 1, 'no'],
  ])('for %s', (_, quota, fits) => {
    expect(roomsIn('/w', { ...usage, spaceQuota: quota * MIB }, demand, keeping)).toEqual([
      { path: '/w', kind: 'space', limit: quota * MIB, used: 70 * MIB, needed: 30 * MIB, margin: 48 * MIB, fits },
    ]);
  });

  it.each<[number, 'yes' | 'tight' | 'no']>([
    [128, 'yes'],
    [127, 'tight'],
    [120, 'tight'],
    [119, 'no'],
  ])('for names, of a quota of %i: %s', (quota, fits) => {
    expect(roomsIn('/w', { ...usage, nameQuota: quota }, demand, keeping)).toEqual([
      { path: '/w', kind: 'names', limit: quota, used: 100, needed: 20, margin: 8, fits },
    ]);
  });

  it('is no question without a quota', () => {
    expect(roomsIn('/w', usage, demand, keeping)).toEqual([]);
  });
});

describe('erasure coding', () => {
  it.each([
    ['RS-6-3-1024k', 1.5],
    ['RS-3-2-1024k', 5 / 3],
    ['RS-LEGACY-6-3-1024k', 1.5],
    ['XOR-2-1-1024k', 1.5],
    ['RS-10-4-1024k', 1.4],
    ['REPLICATION', undefined],
  ])('%s takes %d bytes for each', (policy, factor) => {
    expect(erasureFactor(policy)).toBe(factor);
  });
});
