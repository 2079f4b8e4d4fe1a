import type { ClusterName } from './hadoop-conf.ts';
import type { ServerRecord } from './server-process.ts';
import { SERVER_KINDS, type ServerKind, type ServerName } from './servers.ts';
import type { LabSettings } from './settings.ts';
import type { LabCluster, LabProcess, LabState } from './state.ts';
import { TEMPORAL_NAMESPACE } from './temporal-namespace.ts';

/** The state that others read, out of what was chosen and what was started. */
export function stateOf({ ports }: LabSettings, records: Readonly<Record<ServerName, ServerRecord>>): LabState {
  const cluster = (name: ClusterName): LabCluster => ({
    name,
    webhdfs: `http://127.0.0.1:${ports[`${name}-namenode-http`]}`,
    fileSystem: `hdfs://127.0.0.1:${ports[`${name}-namenode-rpc`]}`,
    metastore: `thrift://127.0.0.1:${ports[`${name}-metastore`]}`,
    hiveserver2: { host: '127.0.0.1', port: ports[`${name}-hiveserver2`] },
    datanode: `http://127.0.0.1:${ports[`${name}-datanode-http`]}`,
    processes: Object.fromEntries(SERVER_KINDS.map((kind) => [kind, process_(records[`${name}-${kind}`])])) as Record<
      ServerKind,
      LabProcess
    >,
  });
  return {
    schemaVersion: 1,
    clusters: { a: cluster('a'), b: cluster('b') },
    temporal: {
      address: `127.0.0.1:${ports['temporal-grpc']}`,
      ui: `http://127.0.0.1:${ports['temporal-ui']}`,
      namespace: TEMPORAL_NAMESPACE,
      process: process_(records.temporal),
    },
  };
}

function process_({ pid, startTime, log }: ServerRecord): LabProcess {
  return { pid, startTime, log };
}
