import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Registrations, readRegistrations } from '../../../sync/registrations.ts';
import { sampleTable } from '../hive/sample-table.ts';
import { ORDERS, type TwoClusters, twoClusters } from './two-clusters.ts';

describe('where a catalog has the data of a table', () => {
  let clusters: TwoClusters;
  const read = () => readRegistrations(clusters.engine, clusters.target, ORDERS);

  function register(dt: string, location: string): void {
    const table = clusters.catalogB.readTable(ORDERS);
    if (table === undefined) throw new Error('no table');
    clusters.catalogB.putPartition(ORDERS, { values: [dt], storage: { ...table.storage, location }, parameters: {} });
  }

  beforeEach(() => {
    clusters = twoClusters();
    const partitionKeys = [{ name: 'dt', type: 'string' }];
    clusters.catalogB.putTable(sampleTable({ partitionKeys }, { location: 'hdfs://b:8020/w/orders' }));
  });

  it('finds what a location points into: the folder, one inside, one around', async () => {
    register('1', 'hdfs://b:8020/w/orders-versions/run-1/dt=1');
    register('2', '/w/orders/dt=2');
    const found = await read();
    const pointed = (path: string) => found.pointsInto(path);
    expect(
      ['/w/orders-versions/run-1/dt=1', '/w/orders-versions/run-1', '/w/orders-versions/run-1/dt=1/x'].map(pointed),
    ).toEqual([true, true, true]);
    expect(['/w/orders-versions/run-1/dt=11', '/w/orders-versions/run-2', '/w/orders/dt=1'].map(pointed)).toEqual([
      false,
      false,
      false,
    ]);
    expect(['/w/orders', '/w', '/w/orders/.hive-ferry/x'].map(pointed)).toEqual([true, true, false]);
    expect(found.pathOf('dt=2')).toBe('/w/orders/dt=2');
  });

  it('knows a partition on another file system, and that it points into nothing here', async () => {
    register('1', 's3a://bucket/dt=1');
    const found = await read();
    expect([found.has('dt=1'), found.pathOf('dt=1'), found.has('dt=2')]).toEqual([true, undefined, false]);
  });

  it('knows that there is no such table', async () => {
    clusters.catalogB.removeTable(ORDERS);
    const found: Registrations = await read();
    expect([found.tablePath, found.has(''), found.pointsInto('/w/orders')]).toEqual([undefined, false, false]);
  });
});
