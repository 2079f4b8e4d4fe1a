import { describe, expect, it } from '@jest/globals';
import { HIVESERVER2_LIMITS } from '../../../hive/hiveserver2/hiveserver2-catalog.ts';
import type { Partition, Table } from '../../../hive/table.ts';
import { assertWithinLimits, catalogNotes } from '../../../sync/catalog-limits.ts';
import type { Cluster } from '../../../sync/cluster.ts';
import { partitionOn, specOf, tableOn, twoClusters } from './two-clusters.ts';

const limited = (cluster: Cluster): Cluster => ({
  ...cluster,
  catalog: Object.assign(Object.create(cluster.catalog), { limits: HIVESERVER2_LIMITS }),
});
const { source, target } = twoClusters();
const registered = (over: Partial<Partition> = {}) => ({
  name: 'dt=1/hour=1',
  path: '/p',
  partition: { ...partitionOn('a', ['1', '1'], '/p'), ...over },
});
const { storage } = partitionOn('a', ['1', '1'], '/p');

describe('a catalog with limits', () => {
  it('is told of in the plan, once a cluster', () => {
    expect(catalogNotes(source, target)).toEqual([]);
    expect(catalogNotes(source, limited(target))).toEqual(['catalog of b: HiveServer2 only, slower']);
    expect(catalogNotes(limited(source), limited(source))).toEqual(['catalog of a: HiveServer2 only, slower']);
  });

  const refused = (cluster: Cluster, partition: Partial<Partition>, extras: number, existing: Partial<Table> = {}) =>
    assertWithinLimits(cluster, specOf(), tableOn('a'), tableOn('b', existing), {
      registered: [registered(partition)],
      extras: Array.from({ length: extras }, () => registered()),
    });

  it.each<[string, Partial<Partition>, number, Partial<Table>, RegExp | undefined]>([
    ['a usual partition', {}, 0, {}, undefined],
    ['what a copy never carries', { parameters: { numRows: '5', 'hive-ferry.run': 'r' } }, 0, {}, undefined],
    ['drops of an external table', {}, 1, { kind: 'EXTERNAL_TABLE', parameters: {} }, undefined],
    [
      'parameters',
      { parameters: { b: '1', a: '2' } },
      0,
      {},
      /partition dt=1\/hour=1 its parameters a, b; name a meta/,
    ],
    ['descriptor parameters', { storage: { ...storage, parameters: { own: 'x' } } }, 0, {}, /own storage descriptor/],
    ['another flag', { storage: { ...storage, compressed: !storage.compressed } }, 0, {}, /own storage descriptor/],
    [
      'drops of a managed table',
      {},
      1,
      { kind: 'MANAGED_TABLE' },
      /drop dt=1\/hour=1 of sales.orders without its files/,
    ],
    [
      'drops of an external table that purges',
      {},
      1,
      { kind: 'EXTERNAL_TABLE', parameters: { 'external.table.purge': 'TRUE' } },
      /without its files/,
    ],
  ])('before a byte moves: %s', (_, partition, extras, existing, message) => {
    expect(() => refused(target, partition, extras, existing)).not.toThrow();
    if (message === undefined) expect(() => refused(limited(target), partition, extras, existing)).not.toThrow();
    else expect(() => refused(limited(target), partition, extras, existing)).toThrow(message);
  });
});
