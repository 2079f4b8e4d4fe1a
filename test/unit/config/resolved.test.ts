import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../config/config.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { resolveConfig, specLimits, withOverrides } from '../../../config/resolved.ts';
import { cluster, full, minimal } from './configs.ts';

describe('resolveConfig', () => {
  it('applies the defaults', () => {
    expect(resolveConfig(defineConfig(minimal))).toEqual({
      temporal: { taskQueue: 'hive-ferry' },
      clusters: {
        prod: {
          name: 'prod',
          webhdfs: ['http://nn1:9870'],
          user: 'etl',
          fileSystems: ['hdfs://nn1:8020'],
          metastore: 'thrift://hms:9083',
          access: 'write',
          controlRoot: '/user/etl/hive-ferry',
        },
      },
      worker: {
        poolBytes: 2 ** 30,
        minNodeMemoryBytes: 2 ** 26,
        maxNodeMemoryBytes: 2 ** 30,
        shutdownGraceMs: 30_000,
        shutdownForceMs: 30_000,
      },
      defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
      dags: { folder: resolve('dags'), historyMs: 400 * 86_400_000, activities: [], unsignedSpecs: false },
    });
  });

  it('sees the folder of DAGs from the folder of the config, and remembers runs on the default target', () => {
    const { dags } = resolveConfig(defineConfig({ ...full, dags: { folder: '../pipelines' } }), '/etc/ferry');
    expect(dags).toEqual({
      folder: '/etc/pipelines',
      home: 'lake',
      historyMs: 400 * 86_400_000,
      activities: [],
      unsignedSpecs: false,
    });
    const given = {
      home: 'prod',
      historyDays: 30,
      signingKey: { env: 'FERRY_DAG_KEY' },
      activities: ['notify'],
      unsignedSpecs: true,
    };
    const { historyDays: _, ...kept } = given;
    expect(resolveConfig(defineConfig({ ...full, dags: given }), '/etc/ferry').dags).toEqual({
      folder: '/etc/ferry/dags',
      historyMs: 30 * 86_400_000,
      ...kept,
    });
  });

  it('sees the files of secrets from the folder of the config', () => {
    const config = resolveConfig(
      defineConfig({
        temporal: { apiKey: { file: 'keys/temporal' } },
        clusters: {
          prod: { ...cluster, hiveserver2: { host: 'hs2', port: 10_000, password: { file: '../hive' } } },
          lake: { ...cluster, hiveserver2: { host: 'hs2', port: 10_000, password: { env: 'HIVE' } } },
        },
        dags: { signingKey: { file: '/run/secrets/dags' } },
      }),
      '/etc/ferry',
    );
    expect(config.temporal.apiKey).toEqual({ file: '/etc/ferry/keys/temporal' });
    expect(config.clusters.prod?.hiveserver2?.password).toEqual({ file: '/etc/hive' });
    expect(config.clusters.lake?.hiveserver2?.password).toEqual({ env: 'HIVE' });
    expect(config.dags.signingKey).toEqual({ file: '/run/secrets/dags' });
  });

  it('has no metastore where the config names none', () => {
    const { metastore: _, ...without } = cluster;
    const config: Config = { clusters: { prod: { ...without, hiveserver2: { host: 'hs2', port: 10_000 } } } };
    expect(resolveConfig(defineConfig(config)).clusters.prod).not.toHaveProperty('metastore');
  });

  it('keeps what is given, as bytes and milliseconds', () => {
    const config = resolveConfig(defineConfig(full));
    expect(config.temporal).toEqual({ ...full.temporal, ui: 'https://ui.example.com' });
    expect(config.worker).toEqual({
      poolBytes: 2 ** 31,
      minNodeMemoryBytes: 2 ** 27,
      maxNodeMemoryBytes: 2 ** 30,
      bandwidthBytesPerSecond: 100 * 2 ** 20,
      namenodeCallsPerSecond: 500,
      shutdownGraceMs: 120_000,
      shutdownForceMs: 10_000,
      listen: '127.0.0.1:9464',
    });
    expect(config.defaults).toEqual({
      source: 'prod',
      target: 'lake',
      nodes: { count: 16, memoryBytes: 2 ** 28 },
      createDatabase: true,
    });
    expect(config.clusters.prod).toMatchObject({
      webhdfs: ['http://nn1:9870', 'http://nn2:9870'],
      fileSystems: ['hdfs://prod', 'hdfs://nn1:8020'],
      access: 'read',
      controlRoot: '/data/ferry',
    });
    expect(config.clusters.lake?.hiveserver2).toEqual({ host: 'hs2', port: 10_000, auth: 'plain', user: 'etl' });
  });

  it('asks by default for no node larger than the worker takes', () => {
    const config = resolveConfig(defineConfig({ ...minimal, worker: { pool: '128MiB' } }));
    expect(config.defaults.nodes.memoryBytes).toBe(2 ** 27);
    expect(specLimits(config)).toMatchObject({
      minNodeMemoryBytes: 2 ** 26,
      maxNodeMemoryBytes: 2 ** 27,
      clusters: { prod: { access: 'write' } },
    });
  });

  it('lets the command line win over the file, and only where it speaks', () => {
    const config = withOverrides(full, { address: 'other:7233', pool: '4GiB' });
    expect(config.temporal).toEqual({ ...full.temporal, address: 'other:7233' });
    expect(config.worker).toEqual({ ...full.worker, pool: '4GiB' });
    expect(withOverrides(minimal, {})).toEqual({ ...minimal, temporal: {}, worker: {} });
  });
});
