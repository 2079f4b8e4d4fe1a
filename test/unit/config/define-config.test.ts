import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../config/config.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { isFerryError } from '../../../errors/ferry-error.ts';
import { cluster, full, minimal } from './configs.ts';

function problems(config: unknown): readonly string[] {
  try {
    defineConfig(config as Config);
  } catch (error) {
    if (isFerryError(error) && error.code === 'CONFIG_INVALID') return error.details.problems as readonly string[];
    throw error;
  }
  return [];
}

const withCluster = (change: object) => ({ clusters: { prod: { ...cluster, ...change } } });

describe('defineConfig', () => {
  it('returns what it was given', () => {
    expect(defineConfig(full)).toEqual(full);
    expect(defineConfig(defineConfig(minimal))).toEqual(minimal);
  });

  it('takes a cluster without a metastore where HiveServer2 is named, and no other', () => {
    const { metastore: _, ...without } = cluster;
    const config: Config = { clusters: { prod: { ...without, hiveserver2: { host: 'hs2', port: 10_000 } } } };
    expect(defineConfig(config)).toEqual(config);
    expect(problems({ clusters: { prod: without } })).toEqual([
      'clusters.prod.metastore: is missing; name a metastore URI such as "thrift://metastore:9083", or, where it cannot be reached, hiveserver2',
    ]);
  });

  it('freezes all of it, and leaves the original alone', () => {
    const original = structuredClone(full);
    const config = defineConfig(original);
    for (const part of [
      config,
      config.clusters,
      config.clusters.prod,
      config.clusters.prod?.webhdfs,
      config.defaults?.nodes,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(original.clusters)).toBe(false);
  });

  it('prints without what leads to a password', () => {
    const config = defineConfig(full);
    for (const text of [inspect(config, { depth: 9 }), JSON.stringify(config), inspect({ config }, { depth: 9 })]) {
      expect(text).not.toContain('HIVE_PASSWORD');
      expect(text).toContain('thrift://hms1:9083');
    }
    expect(config.clusters.prod?.hiveserver2?.password).toEqual({ env: 'HIVE_PASSWORD' });
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'is missing; give an object such as { clusters: { prod: {...}, lake: {...} } }'],
    ['no clusters', {}, 'clusters: is missing; give an object with an entry a cluster'],
    ['empty clusters', { clusters: {} }, 'clusters: is empty; name at least one cluster'],
    ['unknown key', { ...minimal, cluster: {} }, 'cluster: is not a known key; did you mean "clusters"?'],
    [
      'unknown key of a cluster',
      withCluster({ webHdfs: 'x' }),
      'clusters.prod.webHdfs: is not a known key; did you mean "webhdfs"?',
    ],
    [
      'a cluster name that cannot be in a path',
      { clusters: { 'a/b': cluster } },
      'clusters["a/b"]: "a/b" is not a cluster name: letters, digits, ".", "_" and "-", such as "prod-eu"',
    ],
    [
      'a namenode without protocol',
      withCluster({ webhdfs: 'nn1:9870' }),
      'clusters.prod.webhdfs: "nn1:9870" is not a namenode URL without credentials, such as "http://namenode:9870"',
    ],
    [
      'a namenode in a list',
      withCluster({ webhdfs: ['http://nn1:9870', 'hdfs://nn2:8020'] }),
      'clusters.prod.webhdfs[1]: "hdfs://nn2:8020" is not a namenode URL without credentials, such as "http://namenode:9870"',
    ],
    [
      'no namenode',
      withCluster({ webhdfs: [] }),
      'clusters.prod.webhdfs: [] is not a namenode URL such as "http://namenode:9870", or a list of them',
    ],
    [
      'a file system with a path',
      withCluster({ fileSystem: 'hdfs://nn1:8020/' }),
      'clusters.prod.fileSystem: "hdfs://nn1:8020/" is not a file system URI without a path, such as "hdfs://nameservice1"',
    ],
    [
      'a metastore of another kind',
      withCluster({ metastore: 'hms:9083' }),
      'clusters.prod.metastore: "hms:9083" is not a metastore URI such as "thrift://metastore:9083", or several separated by commas',
    ],
    ['access', withCluster({ access: 'readonly' }), 'clusters.prod.access: "readonly" is not one of "read", "write"'],
    [
      'a control root with ..',
      withCluster({ controlRoot: '/user/../x' }),
      'clusters.prod.controlRoot: "/user/../x" is not an absolute folder on that cluster, such as "/user/etl/hive-ferry"',
    ],
    [
      'a port',
      withCluster({ hiveserver2: { host: 'h', port: 99_999 } }),
      'clusters.prod.hiveserver2.port: 99999 is not a port number',
    ],
    [
      'an address with a protocol',
      { ...minimal, temporal: { address: 'http://temporal:7233' } },
      'temporal.address: "http://temporal:7233" is not an address such as "temporal.example.com:7233"',
    ],
    [
      'a size',
      { ...minimal, worker: { pool: '1GB' } },
      'worker.pool: "1GB" is not a size: a whole number and KiB, MiB, GiB or TiB, such as "256MiB"',
    ],
    [
      'a duration',
      { ...minimal, worker: { shutdownGrace: 30 } },
      'worker.shutdownGrace: 30 is not a duration: a whole number and ms, s, m, h or d, such as "30s"',
    ],
    [
      'a limit that no heart could beat under',
      { ...minimal, worker: { namenodeCalls: 5 } },
      'worker.namenodeCalls: 5 is not calls a second: a whole number from 20',
    ],
    [
      'a certificate without its key',
      { ...minimal, temporal: { tls: { clientCert: 'client.pem' } } },
      'temporal.tls.clientKey: is missing; a client shows a certificate and its key, or neither',
    ],
    [
      'an API key that all could read',
      { ...minimal, temporal: { apiKey: { env: 'TEMPORAL_KEY' }, tls: false } },
      'temporal.tls: false would send temporal.apiKey for all to read; leave it out',
    ],
    [
      'an API key itself',
      { ...minimal, temporal: { apiKey: 'eyJhbGciOi' } },
      'temporal.apiKey: the value (not shown) is not { env: "NAME" } or { file: "/path" }; the key itself does not belong in temporal.config.ts',
    ],
    [
      'a port that is none',
      { ...minimal, worker: { listen: 'localhost:94640' } },
      'worker.listen: "localhost:94640" is not a host and a port of this machine, such as "127.0.0.1:9464" or "0.0.0.0:9464"',
    ],
    [
      'a node larger than the pool',
      { ...minimal, worker: { pool: '512MiB', maxNodeMemory: '1GiB' } },
      'worker.maxNodeMemory: "1GiB" is more than worker.pool (512MiB), which every node takes its memory from',
    ],
    [
      'no node could run',
      { ...minimal, worker: { pool: '32MiB' } },
      'worker.minNodeMemory: "64MiB" is more than the largest node (32MiB), so that no node could run',
    ],
    [
      'a default node too small',
      { ...minimal, defaults: { nodes: { memory: '1MiB' } } },
      'defaults.nodes.memory: "1MiB" is less than worker.minNodeMemory (64MiB)',
    ],
    [
      'a default node too large',
      { ...minimal, defaults: { nodes: { memory: '2GiB' } } },
      'defaults.nodes.memory: "2GiB" is more than the largest node (1GiB)',
    ],
    [
      'a default cluster',
      { ...minimal, defaults: { target: 'prd' } },
      'defaults.target: "prd" is not a cluster of this file (prod); did you mean "prod"?',
    ],
  ])('%s', (_, config, problem) => {
    expect(problems(config)).toEqual([problem]);
  });

  it.each([
    ['a password', { password: 'hunter2' }],
    ['a password in an object', { password: { value: 'hunter2' } }],
    ['a password under another name', { passwd: 'hunter2' }],
  ])('never shows %s', (_, change) => {
    const found = problems(withCluster({ hiveserver2: { host: 'h', port: 1, ...change } }));
    expect(found).toHaveLength(1);
    expect(found.join()).not.toContain('hunter2');
    expect(found.join()).toMatch(/password/);
  });

  it('never shows credentials of a URL', () => {
    expect(problems(withCluster({ webhdfs: 'http://etl:hunter2@nn1:9870' })).join()).toMatch(
      /^(?!.*hunter2).*without credentials/,
    );
  });

  it('names every problem at once', () => {
    const found = problems({
      clusters: { prod: { webhdfs: 'x', user: '', metastore: 'y' }, lake: 4 },
      worker: { pool: '1MB', minNodeMem: '1MiB' },
      defaults: { source: 'nope', nodes: { count: 0 } },
      dags: { signingKey: 'hush', historyDays: 0 },
      temporals: {},
    });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'clusters.prod.webhdfs',
      'clusters.prod.user',
      'clusters.prod.fileSystem',
      'clusters.prod.metastore',
      'clusters.lake',
      'worker.pool',
      'worker.minNodeMem',
      'defaults.nodes.count',
      'dags.historyDays',
      'dags.signingKey',
      'temporals',
    ]);
  });
});
