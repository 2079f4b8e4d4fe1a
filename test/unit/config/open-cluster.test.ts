import { describe, expect, it } from '@jest/globals';
import type { ClusterConfig } from '../../../config/config.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { openClusters } from '../../../config/open-cluster.ts';
import { resolveConfig } from '../../../config/resolved.ts';
import { codeOf } from '../../../errors/ferry-error.ts';

// Port 1 of this machine: nothing listens there.
const cluster: ClusterConfig = {
  webhdfs: 'http://127.0.0.1:1',
  user: 'etl',
  fileSystem: ['hdfs://prod', 'hdfs://nn1:8020'],
  metastore: 'thrift://127.0.0.1:1',
  access: 'read',
};

const clusters = (...named: [string, ClusterConfig][]) =>
  openClusters(resolveConfig(defineConfig({ clusters: Object.fromEntries(named) })));

function thrownBy(work: () => unknown): { readonly code: string; readonly message: string } {
  try {
    work();
  } catch (error) {
    return { code: codeOf(error), message: String(error) };
  }
  throw new Error('nothing was thrown');
}

describe('the clusters of a config', () => {
  it('are opened by name, once, without a call to any server', async () => {
    const { open, close } = clusters(['prod', cluster]);
    expect(open('prod')).toBe(open('prod'));
    expect(open('prod')).toMatchObject({
      name: 'prod',
      access: 'read',
      fileSystems: ['hdfs://prod', 'hdfs://nn1:8020'],
      controlRoot: '/user/etl/hive-ferry',
      files: { cluster: 'prod' },
      catalog: { cluster: 'prod' },
    });
    await close();
  });

  it('have SQL only where the config names a HiveServer2, one connection for all', async () => {
    const { open, close } = clusters(
      ['prod', cluster],
      ['lake', { ...cluster, hiveserver2: { host: '127.0.0.1', port: 1 } }],
    );
    expect(open('prod').sql).toBeUndefined();
    expect(open('lake').sql?.()).toBe(open('lake').sql?.());
    expect(open('lake').sql?.()).toMatchObject({ cluster: 'lake' });
    await close();
  });

  it('without a metastore have the catalog of their HiveServer2, with its limits', async () => {
    const { metastore: _, ...without } = cluster;
    const { open, close } = clusters(
      ['prod', cluster],
      ['lake', { ...without, hiveserver2: { host: '127.0.0.1', port: 1 } }],
    );
    expect(open('prod').catalog.limits).toBeUndefined();
    expect(open('lake').catalog).toMatchObject({ cluster: 'lake', limits: { summary: 'HiveServer2 only, slower' } });
    await close();
  });

  it('that are not in the config are refused with a guess', () => {
    const { open } = clusters(['prod', cluster], ['lake', cluster]);
    expect(thrownBy(() => open('prdo'))).toEqual({
      code: 'CLUSTER_UNKNOWN',
      message: 'FerryError: "prdo" is not a cluster of temporal.config.ts (prod, lake); did you mean "prod"?',
    });
    expect(thrownBy(() => open('constructor')).code).toBe('CLUSTER_UNKNOWN');
  });
});
