import { ensureHdfsFolders } from './cluster-data.ts';
import { type Conf, confXml, writeConfFiles } from './conf-file.ts';
import { startAndWait, waitUntilReady } from './ensure-server.ts';
import { type ClusterName, hdfsSite } from './hadoop-conf.ts';
import { stateOf } from './lab-state.ts';
import { withLabLock } from './lock.ts';
import { probeHdfs } from './probes.ts';
import type { Progress } from './progress.ts';
import { endProcess, readRecord, type ServerRecord, signalProcess, title, waitUntilGone } from './server-process.ts';
import {
  dataFolder,
  hadoopConfFolder,
  labServers,
  SERVER_NAMES,
  type Server,
  type ServerKind,
  type ServerName,
} from './servers.ts';
import { type LabSettings, readSettings } from './settings.ts';
import { type LabState, writeLabState } from './state.ts';
import { ensureNamespace } from './temporal-namespace.ts';
import { findTools } from './up.ts';

const SILENT: Progress = () => undefined;

/** Ends one server, unless it is dead already, and starts it on the same ports; returns when it (and HDFS as a whole) is ready. */
export async function restartServer(
  cluster: ClusterName,
  kind: ServerKind,
  progress: Progress = SILENT,
): Promise<LabState> {
  return await restart(`${cluster}-${kind}`, progress);
}

/** The same with other settings of its hdfs-site.xml, until `up`, which gives it the lab's own again. */
export async function restartServerWith(cluster: ClusterName, kind: ServerKind, settings: Conf): Promise<LabState> {
  return await restart(`${cluster}-${kind}`, SILENT, (server, { ports, stock }) => {
    const own = hdfsSite({ cluster, ports, stock, data: dataFolder(cluster) });
    writeConfFiles(hadoopConfFolder(cluster), { 'hdfs-site.xml': confXml({ ...own, ...settings }) });
    return { ...server, fingerprint: 'other settings' };
  });
}

/** The same for the Temporal dev server, whose histories are in its database file. */
export async function restartTemporal(progress: Progress = SILENT): Promise<LabState> {
  return await restart('temporal', progress);
}

/**
 * Sends a signal to one server, such as SIGKILL or SIGSTOP; after a SIGKILL, returns when it is gone. Throws when it does
 * not run. The lab's state stays as it is: restartServer, or `up`, brings the server back.
 */
export async function killServer(
  cluster: ClusterName,
  kind: ServerKind,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  await kill(`${cluster}-${kind}`, signal);
}

export async function killTemporal(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  await kill('temporal', signal);
}

async function kill(name: ServerName, signal: NodeJS.Signals): Promise<void> {
  const record = readRecord(name);
  if (record === undefined || !signalProcess(record, signal)) throw new Error(`${title(name)} does not run`);
  if (signal === 'SIGKILL') await waitUntilGone(record, 10_000);
}

type Alter = (server: Server, settings: LabSettings) => Server;

async function restart(name: ServerName, progress: Progress, alter: Alter = (server) => server): Promise<LabState> {
  return await withLabLock(async () => {
    const settings = readSettings();
    const others = Object.fromEntries(SERVER_NAMES.map((one) => [one, readRecord(one)])) as Record<
      ServerName,
      ServerRecord | undefined
    >;
    if (settings === undefined || Object.values(others).includes(undefined))
      throw new Error('The lab is not up: npm run lab -- up');
    const records = others as Record<ServerName, ServerRecord>;
    const tools = await findTools(progress);
    await endProcess(records[name]);
    const context = { settings, progress };
    records[name] = await startAndWait(alter(labServers(tools, settings)[name], settings), context);
    if (name === 'temporal') {
      await ensureNamespace(tools.temporal, `127.0.0.1:${settings.ports['temporal-grpc']}`, records.temporal, context);
    } else if (/namenode|datanode/.test(name)) {
      const cluster = name.startsWith('a-') ? 'a' : 'b';
      const httpPort = settings.ports[`${cluster}-namenode-http`];
      await waitUntilReady(
        `${cluster} HDFS`,
        probeHdfs(httpPort),
        [records[`${cluster}-namenode`], records[`${cluster}-datanode`]],
        {},
      );
      await ensureHdfsFolders(httpPort);
    }
    const state = stateOf(settings, records);
    writeLabState(state);
    return state;
  }, progress);
}
