import { ensureHdfsFolders } from './cluster-data.ts';
import { startAndWait, waitUntilReady } from './ensure-server.ts';
import type { ClusterName } from './hadoop-conf.ts';
import { stateOf } from './lab-state.ts';
import { withLabLock } from './lock.ts';
import { probeHdfs } from './probes.ts';
import type { Progress } from './progress.ts';
import { endProcess, readRecord, type ServerRecord, signalProcess, title, waitUntilGone } from './server-process.ts';
import { labServers, SERVER_NAMES, type ServerKind, type ServerName } from './servers.ts';
import { readSettings } from './settings.ts';
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

async function restart(name: ServerName, progress: Progress): Promise<LabState> {
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
    records[name] = await startAndWait(labServers(tools, settings)[name], context);
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
