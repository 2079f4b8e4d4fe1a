import { portTaken, strangerOn } from './claim-port.ts';
import { ensureHdfsFolders, ensureMetastoreData, formatCluster, isFormatted } from './cluster-data.ts';
import { writeConfFiles } from './conf-file.ts';
import { checkFreeSpace } from './disk.ts';
import { ensureServer, type StartContext, waitUntilReady } from './ensure-server.ts';
import type { ClusterName } from './hadoop-conf.ts';
import { findJars } from './jars.ts';
import { findJava } from './java.ts';
import { LabError } from './lab-error.ts';
import { stateOf } from './lab-state.ts';
import { withLabLock } from './lock.ts';
import { choosePorts, firstPort, isFreePort, type PortName, type Ports } from './ports.ts';
import { probeHdfs } from './probes.ts';
import { isAlive } from './process-identity.ts';
import { type Progress, progressOnStderr } from './progress.ts';
import { endProcess, readRecord, type ServerRecord } from './server-process.ts';
import {
  CLUSTERS,
  clusterConf,
  hadoopConfFolder,
  hiveConfFolder,
  labServers,
  portsOf,
  SERVER_NAMES,
  type Server,
  type ServerName,
  type Tools,
} from './servers.ts';
import { type LabSettings, readSettings, writeSettings } from './settings.ts';
import { LAB_FOLDER, type LabState, writeLabState } from './state.ts';
import { temporalBinary } from './temporal-binary.ts';
import { ensureNamespace } from './temporal-namespace.ts';

export type UpOptions = {
  /** Datanodes with the closing delay that Hadoop ships (400 ms), for measuring. Default false. */
  readonly stock?: boolean;
  readonly progress?: Progress;
};

/**
 * Brings the whole lab up and returns its state, also written to .lab/state.json. Safe to repeat: what runs and answers
 * is left alone; what is dead, half-dead or was started with other settings is started anew. Throws LabError for what
 * the user can mend.
 */
export async function labUp({ stock = false, progress = progressOnStderr() }: UpOptions = {}): Promise<LabState> {
  return await withLabLock(async () => {
    if (SERVER_NAMES.some((name) => !runs(name))) checkFreeSpace(LAB_FOLDER);
    const tools = await findTools(progress);
    const settings: LabSettings = { ports: await settlePorts(progress), stock };
    writeSettings(settings);
    for (const cluster of CLUSTERS) {
      const conf = clusterConf(cluster, settings);
      writeConfFiles(hadoopConfFolder(cluster), conf.hadoop);
      writeConfFiles(hiveConfFolder(cluster), conf.hive);
    }
    const servers = labServers(tools, settings);
    const failed = new AbortController();
    const context: StartContext = { settings, progress, signal: failed.signal };
    const records: Partial<Record<ServerName, ServerRecord>> = {};
    const ensure = async (name: ServerName) => {
      records[name] = await ensureServer(servers[name], context);
      return records[name];
    };
    await allOrFirstError(failed, [
      ensure('temporal').then((temporal) =>
        ensureNamespace(tools.temporal, `127.0.0.1:${settings.ports['temporal-grpc']}`, temporal, context),
      ),
      ...CLUSTERS.map((cluster) => ensureCluster(cluster, { tools, servers, ensure, context })),
    ]);
    const state = stateOf(settings, records as Record<ServerName, ServerRecord>);
    writeLabState(state);
    return state;
  }, progress);
}

/** Java, jars and Temporal; the first thing that lacks is the error. */
export async function findTools(progress: Progress): Promise<Tools> {
  const java = await findJava();
  const [jars, temporal] = await Promise.all([findJars(java, progress), temporalBinary(progress)]);
  return { java, jars, temporal };
}

type ClusterStart = {
  readonly tools: Tools;
  readonly servers: Readonly<Record<ServerName, Server>>;
  readonly ensure: (name: ServerName) => Promise<ServerRecord>;
  readonly context: StartContext;
};

/** HDFS and the metastore side by side, then HiveServer2, which needs both. */
async function ensureCluster(cluster: ClusterName, { tools, ensure, context }: ClusterStart): Promise<void> {
  const { progress, settings } = context;
  if (!isFormatted(cluster)) {
    // Servers that run on data that is not whole are of no use, and in the way.
    await Promise.all(SERVER_NAMES.filter((name) => name.startsWith(`${cluster}-`)).map(endIfRuns));
    await formatCluster(cluster, tools, progress);
  }
  const httpPort = settings.ports[`${cluster}-namenode-http`];
  const failed = new AbortController();
  const signal = context.signal ? AbortSignal.any([context.signal, failed.signal]) : failed.signal;
  const hdfs = async () => {
    const started = await Promise.all([ensure(`${cluster}-namenode`), ensure(`${cluster}-datanode`)]);
    await waitUntilReady(`${cluster} HDFS`, probeHdfs(httpPort), started, { signal });
    await ensureHdfsFolders(httpPort);
  };
  const metastore = async () => {
    await ensureMetastoreData(cluster, tools, progress);
    await ensure(`${cluster}-metastore`);
  };
  await allOrFirstError(failed, [hdfs(), metastore()]);
  await ensure(`${cluster}-hiveserver2`);
}

/** Waits for all; when one fails, the others are told to give up, waited for, and the first error is thrown. */
async function allOrFirstError(failed: AbortController, work: readonly Promise<unknown>[]): Promise<void> {
  let first: { error: unknown } | undefined;
  await Promise.allSettled(
    work.map((one) =>
      one.catch((error: unknown) => {
        first ??= { error };
        failed.abort(error);
      }),
    ),
  );
  if (first) throw first.error;
}

/**
 * The remembered ports, and new ones for names that have none. A port that a stranger took while its server was down is
 * given up for another, but for the namenode's: the tables of the cluster carry it in their locations.
 */
async function settlePorts(progress: Progress): Promise<Ports> {
  const remembered: Partial<Record<PortName, number>> = { ...readSettings()?.ports };
  for (const server of SERVER_NAMES.filter((name) => !runs(name))) {
    for (const name of portsOf(server)) {
      const port = remembered[name];
      const stranger = port === undefined ? undefined : await strangerOn(port, server, progress);
      if (port === undefined || stranger === undefined) continue;
      const cluster = CLUSTERS.find((one) => name === `${one}-namenode-rpc`);
      if (cluster !== undefined && isFormatted(cluster)) {
        throw new LabError(
          `${portTaken(name, port, stranger)} Cluster ${cluster}'s tables carry this port in their locations, so it cannot be ` +
            'another: end that process, then "npm run lab -- up". Or start afresh: "npm run lab -- down --purge".',
        );
      }
      progress(`${portTaken(name, port, stranger)} Taking another.`);
      delete remembered[name];
    }
  }
  return await choosePorts(remembered, firstPort(LAB_FOLDER), isFreePort);
}

function runs(name: ServerName): boolean {
  const record = readRecord(name);
  return record !== undefined && isAlive(record);
}

async function endIfRuns(name: ServerName): Promise<void> {
  const record = readRecord(name);
  if (record !== undefined) await endProcess(record);
}
