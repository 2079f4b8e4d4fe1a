import { resolve } from 'node:path';
import { parseDuration } from '../sync/duration.ts';
import { parseSize } from '../sync/size.ts';
import type { SpecLimits } from '../sync/spec.ts';
import type { ClusterConfig, Config, TemporalTlsConfig } from './config.ts';
import type { SecretSource } from './secret.ts';

/** A config with its defaults applied, sizes as bytes and times as milliseconds: what the rest of hive-ferry reads. */
export type ResolvedConfig = {
  readonly temporal: {
    readonly address?: string;
    readonly namespace?: string;
    readonly taskQueue: string;
    readonly copyQueue?: string;
    /** Without a trailing slash. */
    readonly ui?: string;
    /** Absolute. */
    readonly codec?: string;
    readonly apiKey?: SecretSource;
    /** Files as absolute paths. */
    readonly tls?: boolean | TemporalTlsConfig;
  };
  readonly clusters: Readonly<Record<string, ResolvedCluster>>;
  readonly worker: {
    readonly poolBytes: number;
    readonly minNodeMemoryBytes: number;
    readonly maxNodeMemoryBytes: number;
    /** Left out: no limit. */
    readonly bandwidthBytesPerSecond?: number;
    /** To each cluster's namenodes. Left out: no limit. */
    readonly namenodeCallsPerSecond?: number;
    readonly shutdownGraceMs: number;
    readonly shutdownForceMs: number;
    /** 'host:port' of /healthz and /metrics; left out: nowhere. */
    readonly listen?: string;
  };
  readonly defaults: SpecLimits['defaults'];
  readonly dags: {
    /** Absolute. */
    readonly folder: string;
    /** The cluster that remembers which intervals ran; left out: none does. */
    readonly home?: string;
    readonly historyMs: number;
    readonly signingKey?: SecretSource;
    readonly activities: readonly string[];
    readonly unsignedSpecs: boolean;
  };
};

export type ResolvedCluster = {
  readonly name: string;
  readonly webhdfs: readonly string[];
  readonly user: string;
  /** The first one is written into new locations. */
  readonly fileSystems: readonly string[];
  /** Left out: the catalog is HiveServer2's. */
  readonly metastore?: string;
  readonly hiveserver2?: {
    readonly host: string;
    readonly port: number;
    readonly auth: 'nosasl' | 'plain';
    readonly user: string;
    readonly password?: SecretSource;
  };
  readonly access: 'read' | 'write';
  readonly controlRoot: string;
};

/** Values that a command line or FERRY_* puts over those of the file. */
export type ConfigOverrides = {
  readonly address?: string;
  readonly namespace?: string;
  readonly taskQueue?: string;
  readonly pool?: string;
  readonly bandwidth?: string;
  readonly listen?: string;
};

const DAY_MS = 24 * 60 * 60 * 1000;

export const BUILT_IN = {
  taskQueue: 'hive-ferry',
  pool: '1GiB',
  minNodeMemory: '64MiB',
  nodeMemory: '256MiB',
  nodeCount: 4,
  shutdownGrace: '30s',
  shutdownForce: '30s',
  dagsFolder: 'dags',
  historyDays: 400,
} as const;

/** `config` has passed defineConfig; relative paths in it are seen from `base`, the folder of its file. */
export function resolveConfig(config: Config, base: string = process.cwd()): ResolvedConfig {
  const { temporal = {}, worker = {}, defaults = {}, dags = {} } = config;
  const home = dags.home ?? defaults.target;
  const poolBytes = parseSize(worker.pool ?? BUILT_IN.pool);
  const maxNodeMemoryBytes = worker.maxNodeMemory === undefined ? poolBytes : parseSize(worker.maxNodeMemory);
  // The built-in size of a node must not be larger than what this config allows.
  const memoryBytes =
    defaults.nodes?.memory === undefined
      ? Math.min(parseSize(BUILT_IN.nodeMemory), maxNodeMemoryBytes)
      : parseSize(defaults.nodes.memory);
  return {
    temporal: {
      ...temporal,
      ...(temporal.ui === undefined ? {} : { ui: temporal.ui.replace(/\/+$/, '') }),
      ...(temporal.codec === undefined ? {} : { codec: resolve(base, temporal.codec) }),
      ...(temporal.apiKey === undefined ? {} : { apiKey: secretSeenFrom(base, temporal.apiKey) }),
      ...(typeof temporal.tls === 'object' ? { tls: seenFrom(base, temporal.tls) } : {}),
      taskQueue: temporal.taskQueue ?? BUILT_IN.taskQueue,
    },
    clusters: Object.fromEntries(
      Object.entries(config.clusters).map(([name, cluster]) => [name, resolveCluster(name, cluster, base)]),
    ),
    worker: {
      poolBytes,
      minNodeMemoryBytes: parseSize(worker.minNodeMemory ?? BUILT_IN.minNodeMemory),
      maxNodeMemoryBytes,
      ...(worker.bandwidth === undefined ? {} : { bandwidthBytesPerSecond: parseSize(worker.bandwidth) }),
      ...(worker.namenodeCalls === undefined ? {} : { namenodeCallsPerSecond: worker.namenodeCalls }),
      shutdownGraceMs: parseDuration(worker.shutdownGrace ?? BUILT_IN.shutdownGrace) ?? 0,
      shutdownForceMs: parseDuration(worker.shutdownForce ?? BUILT_IN.shutdownForce) ?? 0,
      ...(worker.listen === undefined ? {} : { listen: worker.listen }),
    },
    defaults: {
      ...(defaults.source === undefined ? {} : { source: defaults.source }),
      ...(defaults.target === undefined ? {} : { target: defaults.target }),
      nodes: { count: defaults.nodes?.count ?? BUILT_IN.nodeCount, memoryBytes },
      createDatabase: defaults.createDatabase ?? false,
    },
    dags: {
      folder: resolve(base, dags.folder ?? BUILT_IN.dagsFolder),
      ...(home === undefined ? {} : { home }),
      historyMs: (dags.historyDays ?? BUILT_IN.historyDays) * DAY_MS,
      ...(dags.signingKey === undefined ? {} : { signingKey: secretSeenFrom(base, dags.signingKey) }),
      activities: dags.activities ?? [],
      unsignedSpecs: dags.unsignedSpecs ?? false,
    },
  };
}

/** What a sync's spec is checked against (sync/spec). */
export function specLimits(config: ResolvedConfig): SpecLimits {
  return {
    clusters: config.clusters,
    defaults: config.defaults,
    minNodeMemoryBytes: config.worker.minNodeMemoryBytes,
    maxNodeMemoryBytes: config.worker.maxNodeMemoryBytes,
  };
}

/** The config with what the user said more loudly; the result has to pass defineConfig again. */
export function withOverrides(config: Config, overrides: ConfigOverrides): Config {
  const { address, namespace, taskQueue, pool, bandwidth, listen } = overrides;
  return {
    ...config,
    temporal: { ...config.temporal, ...given({ address, namespace, taskQueue }) },
    worker: { ...config.worker, ...given({ pool, bandwidth, listen }) },
  };
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function seenFrom(base: string, { serverName, ...files }: TemporalTlsConfig): TemporalTlsConfig {
  const absolute = Object.entries(files).map(([field, file]) => [field, resolve(base, file)]);
  return { ...Object.fromEntries(absolute), ...(serverName === undefined ? {} : { serverName }) };
}

function secretSeenFrom(base: string, source: SecretSource): SecretSource {
  return 'file' in source ? { file: resolve(base, source.file) } : source;
}

function resolveCluster(name: string, cluster: ClusterConfig, base: string): ResolvedCluster {
  const { hiveserver2: hs2 } = cluster;
  const password = hs2?.password === undefined ? {} : { password: secretSeenFrom(base, hs2.password) };
  return {
    name,
    webhdfs: list(cluster.webhdfs).map((url) => url.replace(/\/+$/, '')),
    user: cluster.user,
    fileSystems: list(cluster.fileSystem),
    ...(cluster.metastore === undefined ? {} : { metastore: cluster.metastore }),
    ...(hs2 === undefined
      ? {}
      : { hiveserver2: { ...hs2, auth: hs2.auth ?? 'plain', user: hs2.user ?? cluster.user, ...password } }),
    access: cluster.access ?? 'write',
    controlRoot: (cluster.controlRoot ?? `/user/${cluster.user}/hive-ferry`).replace(/\/+$/, ''),
  };
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
