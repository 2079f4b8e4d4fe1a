import type { Config } from '../../../config/config.ts';

export const cluster = {
  webhdfs: 'http://nn1:9870',
  user: 'etl',
  fileSystem: 'hdfs://nn1:8020',
  metastore: 'thrift://hms:9083',
};
/** Nothing but what a config has to say. */
export const minimal: Config = { clusters: { prod: cluster } };

/** All that a config can say of clusters, workers and defaults. */
export const full: Config = {
  temporal: {
    address: 'temporal:7233',
    namespace: 'ferry',
    taskQueue: 'q',
    copyQueue: 'copy',
    ui: 'https://ui.example.com/',
  },
  clusters: {
    prod: {
      webhdfs: ['http://nn1:9870/', 'http://nn2:9870'],
      user: 'etl',
      fileSystem: ['hdfs://prod', 'hdfs://nn1:8020'],
      metastore: 'thrift://hms1:9083,thrift://hms2:9083',
      hiveserver2: { host: 'hs2', port: 10_000, auth: 'plain', user: 'hive', password: { env: 'HIVE_PASSWORD' } },
      access: 'read',
      controlRoot: '/data/ferry/',
    },
    lake: { ...cluster, hiveserver2: { host: 'hs2', port: 10_000 } },
  },
  worker: {
    pool: '2GiB',
    minNodeMemory: '128MiB',
    maxNodeMemory: '1GiB',
    bandwidth: '100MiB',
    namenodeCalls: 500,
    shutdownGrace: '2m',
    shutdownForce: '10s',
    listen: '127.0.0.1:9464',
  },
  defaults: { source: 'prod', target: 'lake', nodes: { count: 16, memory: '256MiB' }, createDatabase: true },
};
