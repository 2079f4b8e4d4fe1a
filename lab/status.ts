import type { ClusterName } from './hadoop-conf.ts';
import {
  type Probe,
  probeDatanode,
  probeHdfs,
  probeHiveServer2,
  probeMetastore,
  probeNamenode,
  probeNamespace,
  probeTemporal,
} from './probes.ts';
import { isAlive } from './process-identity.ts';
import { readRecord } from './server-process.ts';
import { SERVER_NAMES, type ServerName } from './servers.ts';
import { type LabSettings, readSettings } from './settings.ts';
import { temporalBinary } from './temporal-binary.ts';
import { TEMPORAL_NAMESPACE, TEMPORAL_RETENTION } from './temporal-namespace.ts';

export type ServerStatus = {
  readonly name: ServerName;
  readonly address?: string;
  readonly pid?: number;
  readonly alive: boolean;
  /** undefined: it answers as it should. */
  readonly missing?: string;
};

/** Looks at every server, and changes nothing. */
export async function labStatus(): Promise<{ readonly up: boolean; readonly servers: readonly ServerStatus[] }> {
  const settings = readSettings();
  const servers = await Promise.all(SERVER_NAMES.map((name) => serverStatus(name, settings)));
  return { up: servers.every(({ missing }) => missing === undefined), servers };
}

async function serverStatus(name: ServerName, settings: LabSettings | undefined): Promise<ServerStatus> {
  const record = readRecord(name);
  if (settings === undefined || record === undefined) return { name, alive: false, missing: 'not started' };
  const { address, probes } = await whatToAsk(name, settings);
  const { pid } = record;
  if (!isAlive(record)) return { name, address, pid, alive: false, missing: 'dead' };
  for (const probe of probes) {
    const missing = await probe();
    if (missing !== undefined) return { name, address, pid, alive: true, missing };
  }
  return { name, address, pid, alive: true };
}

async function whatToAsk(name: ServerName, { ports }: LabSettings): Promise<{ address: string; probes: Probe[] }> {
  if (name === 'temporal') {
    const address = `127.0.0.1:${ports['temporal-grpc']}`;
    const binary = await temporalBinary();
    const namespace = probeNamespace(binary, address, TEMPORAL_NAMESPACE, TEMPORAL_RETENTION.answer);
    return { address, probes: [probeTemporal(binary, address, ports['temporal-ui']), namespace] };
  }
  const [cluster, kind] = name.split('-') as [ClusterName, string];
  const http = ports[`${cluster}-namenode-http`];
  const datanode = ports[`${cluster}-datanode-http`];
  const metastore = ports[`${cluster}-metastore`];
  const hiveserver2 = ports[`${cluster}-hiveserver2`];
  switch (kind) {
    case 'namenode':
      return { address: `http://127.0.0.1:${http}`, probes: [probeNamenode(http), probeHdfs(http)] };
    case 'datanode':
      return { address: `http://127.0.0.1:${datanode}`, probes: [probeDatanode(datanode)] };
    case 'metastore':
      return { address: `thrift://127.0.0.1:${metastore}`, probes: [probeMetastore(metastore)] };
    default:
      return { address: `127.0.0.1:${hiveserver2}`, probes: [probeHiveServer2(hiveserver2)] };
  }
}
