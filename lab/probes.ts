import { connect } from 'node:net';
import { withHiveAt } from './hive-session.ts';
import { askMetastore } from './metastore-answer.ts';
import { runCommand } from './run-command.ts';

/** undefined: the server answers as it should; else what is missing, in words. */
export type Probe = () => Promise<string | undefined>;

const ANSWER_MS = 3000;

/** A probe that fails says why instead of throwing. */
function probe(look: () => Promise<string | undefined>): Probe {
  return async () => {
    try {
      return await look();
    } catch (error) {
      const cause = (error as { cause?: { code?: string; message?: string } }).cause;
      return cause?.code ?? cause?.message ?? (error as Error).message;
    }
  };
}

/** The namenode itself answers, be it in safe mode. */
export const probeNamenode = (httpPort: number): Probe =>
  probe(async () => {
    const { State } = await jmxBean(httpPort, 'Hadoop:service=NameNode,name=NameNodeStatus');
    return State === 'active' ? undefined : `state ${State}`;
  });

/** The datanode answers and serves (or still looks for) its namenode. */
export const probeDatanode = (httpPort: number): Probe =>
  probe(async () => {
    const { BPServiceActorInfo } = await jmxBean(httpPort, 'Hadoop:service=DataNode,name=DataNodeInfo');
    const [actor] = JSON.parse(String(BPServiceActorInfo ?? '[]')) as { ActorState?: string }[];
    return actor?.ActorState === 'RUNNING'
      ? undefined
      : `not registered with the namenode (${actor?.ActorState ?? 'no block pool'})`;
  });

/** HDFS as a whole can be written: one live datanode, no safe mode. FSNamesystemState, since FSNamesystem lags ten seconds behind. */
export const probeHdfs = (namenodeHttpPort: number): Probe =>
  probe(async () => {
    const [{ NumLiveDataNodes }, { Safemode }] = await Promise.all([
      jmxBean(namenodeHttpPort, 'Hadoop:service=NameNode,name=FSNamesystemState'),
      jmxBean(namenodeHttpPort, 'Hadoop:service=NameNode,name=NameNodeInfo'),
    ]);
    if (NumLiveDataNodes !== 1) return `${NumLiveDataNodes} live datanodes`;
    return Safemode === '' ? undefined : 'safe mode';
  });

/** The metastore answers a call that reads its database. */
export const probeMetastore = (port: number): Probe =>
  probe(async () => ((await askMetastore(port, ANSWER_MS)) ? undefined : 'answers with an error'));

/** HiveServer2 opens a session, for which it needs its metastore and HDFS. */
export const probeHiveServer2 = (port: number): Probe =>
  probe(async () => {
    await tcpConnect(port);
    await withHiveAt({ host: '127.0.0.1', port }, async () => undefined, 15_000);
    return undefined;
  });

/** Temporal serves calls and its UI. */
export const probeTemporal = (binary: string, address: string, uiPort: number): Probe =>
  probe(async () => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const health = await runCommand(binary, ['operator', 'cluster', 'health', '--address', address], { signal });
    if (!health.stdout.includes('SERVING')) return health.stderr.trim().split('\n').at(-1) || 'not serving';
    const ui = await fetch(`http://127.0.0.1:${uiPort}/`, { signal });
    await ui.arrayBuffer();
    return ui.ok ? undefined : `UI answers ${ui.status}`;
  });

/** The namespace is there with the wanted retention (as the server writes it: '2592000s'), and takes calls. */
export const probeNamespace = (binary: string, address: string, namespace: string, retention: string): Probe =>
  probe(async () => {
    const to = ['--address', address, '--namespace', namespace, '--output', 'json'];
    const described = await runCommand(binary, ['operator', 'namespace', 'describe', ...to]);
    if (described.exitCode !== 0) return `no namespace ${namespace}: ${described.stderr.trim().split('\n').at(-1)}`;
    const { config } = JSON.parse(described.stdout) as { config?: { workflowExecutionRetentionTtl?: string } };
    const ttl = config?.workflowExecutionRetentionTtl;
    if (ttl !== retention) return `retention ${ttl}`;
    const listed = await runCommand(binary, ['workflow', 'list', '--limit', '1', ...to]);
    return listed.exitCode === 0 ? undefined : listed.stderr.trim().split('\n').at(-1);
  });

async function jmxBean(port: number, bean: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${port}/jmx?qry=${bean}`, { signal: AbortSignal.timeout(ANSWER_MS) });
  const { beans } = (await answer.json()) as { beans?: Record<string, unknown>[] };
  if (beans?.[0] === undefined) throw new Error(`no ${bean} yet`);
  return beans[0];
}

function tcpConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no connection in ${ANSWER_MS} ms`)));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
