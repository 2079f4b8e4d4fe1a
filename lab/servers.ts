import { createHash } from 'node:crypto';
import { delimiter, join } from 'node:path';
import type { ConfFiles } from './conf-file.ts';
import { type ClusterName, hadoopConfFiles } from './hadoop-conf.ts';
import { hiveConfFiles } from './hive-conf.ts';
import type { Jars } from './jars.ts';
import type { Java } from './java.ts';
import { PORT_NAMES, type PortName } from './ports.ts';
import { type Probe, probeDatanode, probeHiveServer2, probeMetastore, probeNamenode, probeTemporal } from './probes.ts';
import type { ServerCommand } from './server-process.ts';
import type { LabSettings } from './settings.ts';
import { LAB_FOLDER } from './state.ts';

export const CLUSTERS = ['a', 'b'] as const;
export const SERVER_KINDS = ['namenode', 'datanode', 'metastore', 'hiveserver2'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];
export type ServerName = `${ClusterName}-${ServerKind}` | 'temporal';
export const SERVER_NAMES: readonly ServerName[] = [
  'temporal',
  ...CLUSTERS.flatMap((cluster) => SERVER_KINDS.map((kind) => `${cluster}-${kind}` as const)),
];

/** The ports that a server listens on. */
export function portsOf(name: ServerName): PortName[] {
  return PORT_NAMES.filter((port) => port === name || port.startsWith(`${name}-`));
}

export type Server = ServerCommand & {
  readonly name: ServerName;
  readonly ports: readonly PortName[];
  /** A running server with another fingerprint was started with other settings and is started anew. */
  readonly fingerprint: string;
  readonly probe: Probe;
};

/** What is found on the machine before anything starts. */
export type Tools = { readonly java: Java; readonly jars: Jars; readonly temporal: string };

export const dataFolder = (cluster: ClusterName): string => join(LAB_FOLDER, 'data', cluster);
export const hadoopConfFolder = (cluster: ClusterName): string => join(LAB_FOLDER, 'conf', cluster, 'hadoop');
export const hiveConfFolder = (cluster: ClusterName): string => join(LAB_FOLDER, 'conf', cluster, 'hive');

/** The configuration folders of a cluster and what is in them. */
export function clusterConf(
  cluster: ClusterName,
  { ports, stock }: LabSettings,
): { hadoop: ConfFiles; hive: ConfFiles } {
  const settings = { cluster, ports, stock, data: dataFolder(cluster) };
  return { hadoop: hadoopConfFiles(settings), hive: hiveConfFiles(settings) };
}

/** Options of every JVM of the lab. Hadoop answers WebHDFS calls with 500 unless java.lang is opened to it. */
export const HADOOP_JVM_OPTIONS: readonly string[] = [
  '-Djava.net.preferIPv4Stack=true',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  `-Dhadoop.home.dir=${LAB_FOLDER}`,
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
];

/** What Hive 4.0, its serialiser and DataNucleus reach into on Java 17. */
const HIVE_OPENS = [
  ...[
    'java.net',
    'java.util',
    'java.util.concurrent',
    'java.util.concurrent.atomic',
    'java.util.regex',
    'java.io',
    'java.nio',
  ],
  ...['java.time', 'java.text', 'java.lang.reflect', 'sun.nio.ch'],
].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

/** Every server of the lab, ready to be started. */
export function labServers(tools: Tools, settings: LabSettings): Readonly<Record<ServerName, Server>> {
  const servers = [
    temporalServer(tools, settings),
    ...CLUSTERS.flatMap((cluster) => clusterServers(cluster, tools, settings)),
  ];
  return Object.fromEntries(servers.map((server) => [server.name, server])) as Record<ServerName, Server>;
}

function clusterServers(cluster: ClusterName, { java, jars }: Tools, settings: LabSettings): Server[] {
  const conf = clusterConf(cluster, settings);
  const { ports } = settings;
  const hadoop = (kind: ServerKind, heap: string, main: string) => ({
    name: `${cluster}-${kind}` as const,
    command: java.binary,
    args: [...HADOOP_JVM_OPTIONS, heap, '-cp', [hadoopConfFolder(cluster), jars.hadoop].join(delimiter), main],
    env: { HADOOP_USER_NAME: 'root' },
    cwd: join(dataFolder(cluster), 'work'),
  });
  const hive = (kind: ServerKind, options: readonly string[], main: readonly string[]) => ({
    name: `${cluster}-${kind}` as const,
    command: java.binary,
    args: [
      ...HADOOP_JVM_OPTIONS,
      ...HIVE_OPENS,
      // Only the quick compiler: half the time to start, and first queries in a third; nobody measures Hive here.
      '-XX:TieredStopAtLevel=1',
      '--add-opens=java.sql/java.sql=ALL-UNNAMED',
      `-Dderby.stream.error.file=${join(LAB_FOLDER, 'logs', `${cluster}-derby.log`)}`,
      // No waiting for the disk at each commit: an ended process loses nothing, a crashed machine may.
      '-Dderby.system.durability=test',
      `-Djava.io.tmpdir=${join(dataFolder(cluster), 'work')}`,
      ...options,
      '-cp',
      [hiveConfFolder(cluster), jars.hive].join(delimiter),
      ...main,
    ],
    env: { HADOOP_USER_NAME: 'root' },
    cwd: join(dataFolder(cluster), 'work'),
  });
  return [
    withFingerprint(conf.hadoop, {
      ...hadoop('namenode', '-Xmx384m', 'org.apache.hadoop.hdfs.server.namenode.NameNode'),
      probe: probeNamenode(ports[`${cluster}-namenode-http`]),
    }),
    withFingerprint(conf.hadoop, {
      ...hadoop('datanode', '-Xmx512m', 'org.apache.hadoop.hdfs.server.datanode.DataNode'),
      probe: probeDatanode(ports[`${cluster}-datanode-http`]),
    }),
    withFingerprint(conf.hive, {
      // Derby's compiler of statements goes deep: a thousand partitions in one call need more stack than the default.
      ...hive(
        'metastore',
        ['-Xmx512m', '-Xss16m'],
        ['org.apache.hadoop.hive.metastore.HiveMetaStore', '-p', String(ports[`${cluster}-metastore`])],
      ),
      probe: probeMetastore(ports[`${cluster}-metastore`]),
    }),
    withFingerprint(conf.hive, {
      ...hive('hiveserver2', ['-Xmx1g'], ['org.apache.hive.service.server.HiveServer2']),
      probe: probeHiveServer2(ports[`${cluster}-hiveserver2`]),
    }),
  ];
}

function temporalServer({ temporal }: Tools, { ports }: LabSettings): Server {
  const [grpc, ui] = [ports['temporal-grpc'], ports['temporal-ui']];
  const cwd = join(LAB_FOLDER, 'data', 'temporal');
  return withFingerprint(
    {},
    {
      name: 'temporal',
      command: temporal,
      args: [
        ...[
          'server',
          'start-dev',
          '--ip',
          '127.0.0.1',
          '--port',
          String(grpc),
          '--ui-ip',
          '127.0.0.1',
          '--ui-port',
          String(ui),
        ],
        ...['--db-filename', join(cwd, 'temporal.db'), '--log-level', 'warn'],
        // Timers of less than a second would be rounded up to one.
        ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="10ms"'],
      ],
      env: {},
      cwd,
      probe: probeTemporal(temporal, `127.0.0.1:${grpc}`, ui),
    },
  );
}

function withFingerprint(conf: ConfFiles, server: Omit<Server, 'fingerprint' | 'ports'>): Server {
  const { command, args, env } = server;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify({ command, args, env, conf }))
    .digest('hex')
    .slice(0, 16);
  return { ...server, ports: portsOf(server.name), fingerprint };
}
