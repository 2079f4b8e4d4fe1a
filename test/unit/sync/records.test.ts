import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cluster } from '../../../sync/cluster.ts';
import {
  BASE,
  isRecordParameter,
  recordOf,
  recordParameters,
  sourceIdentities,
  sourceIdentity,
  withoutRecord,
} from '../../../sync/records.ts';
import { ORDERS, twoClusters } from './two-clusters.ts';

const record = { run: 'run-1', source: 'hdfs://a:8020/sales.orders', digest: 'd' };
const at = { cluster: 'a', ...ORDERS };

describe('a record', () => {
  it('lies in parameters of its own names', () => {
    expect(recordParameters(record)).toEqual({
      'hive-ferry.run': 'run-1',
      'hive-ferry.source': 'hdfs://a:8020/sales.orders',
      'hive-ferry.digest': 'd',
    });
  });

  it('is read back from among others', () => {
    fc.assert(
      fc.property(fc.record({ run: fc.string(), source: fc.string(), digest: fc.string() }), (any) => {
        expect(recordOf({ numRows: '1', ...recordParameters(any), [BASE]: 'b' })).toEqual(any);
      }),
    );
  });

  it.each(Object.keys(recordParameters(record)))('is none without %s', (name) => {
    const { [name]: _, ...rest } = recordParameters(record);
    expect(recordOf(rest)).toBeUndefined();
  });

  it('is taken away whole, and nothing else', () => {
    const others = { 'hive-ferryx': '1', numRows: '2', 'Hive-Ferry.run': '3' };
    expect(withoutRecord({ ...others, ...recordParameters(record), [BASE]: 'b', 'hive-ferry.later': 'x' })).toEqual(
      others,
    );
    expect(isRecordParameter(BASE)).toBe(true);
  });
});

describe('the identity of a source', () => {
  const { source } = twoClusters();

  it('is its file system and table, whatever the config calls the cluster', () => {
    expect(sourceIdentity(source, at)).toBe('hdfs://a:8020/sales.orders');
    expect(sourceIdentity({ ...source, name: 'prod' }, at)).toBe('hdfs://a:8020/sales.orders');
  });

  it('is known by each prefix that the cluster goes by', () => {
    expect(sourceIdentities(source, at)).toEqual(['hdfs://a:8020/sales.orders', 'hdfs://a-alias/sales.orders']);
  });

  it('is among its own identities', () => {
    for (const fileSystems of [['hdfs://x'], ['hdfs://x', 'hdfs://y'], []]) {
      const cluster: Cluster = { ...source, fileSystems };
      expect(sourceIdentities(cluster, at)).toContain(sourceIdentity(cluster, at));
    }
  });
});
